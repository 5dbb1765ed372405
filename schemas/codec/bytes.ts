import type { LogicalType } from '../avro/schema.ts'
import {
  type AvroType,
  bareType,
  type CopyOptions,
  type OpenResolver,
  type ResolveOptions,
  refuse,
  type Tap,
  type TypeMethods,
  type TypeOptions,
} from './avsc.ts'
import { endsEarly, Fault } from './fault.ts'
import { refuseClash } from './logical.ts'
import { checkedBy } from './numbers.ts'
import { readCount } from './varint.ts'

/** How bytes stand in memory: as they are, or as the text of a decimal or a uuid. */
export interface Form {
  readonly holds: (value: unknown) => boolean
  /** `from` and `to` lie within `bytes`; what is returned shares nothing with them. */
  readonly read: (bytes: Buffer, from: number, to: number) => unknown
  readonly write: (value: never) => Uint8Array
}

export const plainForm: Form = {
  holds: value => value instanceof Uint8Array,
  read(bytes, from, to) {
    const copy = new Uint8Array(to - from)
    if (copy.length > 24) copy.set(bytes.subarray(from, to))
    else for (let at = 0; at < copy.length; at++) copy[at] = bytes[from + at]!
    return copy
  },
  write: (value: Uint8Array) => value,
}

const writeRaw = (tap: Tap, bytes: Uint8Array): void => {
  const at = tap.pos
  tap.pos += bytes.length
  if (tap.pos <= tap.buf.length) tap.buf.set(bytes, at)
}

const fromJson = (value: unknown, type: string): Buffer =>
  typeof value === 'string' ? Buffer.from(value, 'latin1') : refuse(type)

const copyBy =
  ({ holds, read }: Form, type: string, size?: number): TypeMethods['_copy'] =>
  (value, options?: CopyOptions) => {
    if (options?.coerce === 2) {
      const bytes = fromJson(value, type)
      // In a union the branch of the right size takes the default.
      return size === undefined || bytes.length === size ? read(bytes, 0, bytes.length) : refuse(type)
    }
    if (!holds(value)) return refuse(type)
    return value instanceof Uint8Array ? new Uint8Array(value) : value
  }

export const bytesType = (form: Form, logical: LogicalType | undefined): AvroType => {
  const read = (tap: Tap): unknown => {
    const length = readCount(tap)
    const from = tap.pos
    if (!(length >= 0 && from + length <= tap.buf.length)) throw new Fault(from, endsEarly)
    tap.pos += length
    return form.read(tap.buf, from, tap.pos)
  }
  return bareType('BytesType', undefined, undefined, {
    ...(logical && { logical }),
    ...checkedBy(form.holds, 'bytes'),
    _read: read,
    _write(tap: Tap, value: unknown): void {
      if (!form.holds(value)) refuse('bytes')
      const bytes = form.write(value as never)
      tap.writeLong(bytes.length)
      writeRaw(tap, bytes)
    },
    _copy: copyBy(form, 'bytes'),
    _update(resolver: OpenResolver, writer: AvroType): void {
      refuseClash(logical, writer.logical)
      if (writer.typeName === 'bytes' || writer.typeName === 'string') resolver._read = read
    },
  })
}

export const fixedType = (
  definition: { readonly name: string; readonly sizeBytes: number },
  form: Form,
  logical: LogicalType | undefined,
  options: TypeOptions,
  sameName: (reader: AvroType, writer: AvroType) => boolean,
): AvroType => {
  const size = definition.sizeBytes
  const read = (tap: Tap): unknown => {
    const from = tap.pos
    if (from + size > tap.buf.length) throw new Fault(from, endsEarly)
    tap.pos += size
    return form.read(tap.buf, from, tap.pos)
  }
  const holds = (value: unknown) => form.holds(value) && (!(value instanceof Uint8Array) || value.length === size)
  return bareType('FixedType', definition, options, {
    ...(logical && { logical }),
    size,
    ...checkedBy(holds, `fixed ${definition.name}`),
    _read: read,
    _write(tap: Tap, value: unknown): void {
      if (!holds(value)) refuse('fixed')
      writeRaw(tap, form.write(value as never))
    },
    _copy: copyBy({ ...form, holds }, 'fixed', size),
    _update(this: AvroType, resolver: OpenResolver, writer: AvroType, _options: ResolveOptions): void {
      refuseClash(logical, writer.logical)
      const writerSize = (writer as { readonly size?: number }).size
      if (writer.typeName === 'fixed' && writerSize === size && sameName(this, writer)) resolver._read = read
    },
  })
}
