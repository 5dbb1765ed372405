import { type AvroType, bareType, type OpenResolver, refuse, type Tap } from './avsc.ts'
import type { Form } from './bytes.ts'
import { Fault } from './fault.ts'
import { refuseClash } from './logical.ts'
import { checkedBy } from './numbers.ts'

const pattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

const isUuid = (value: unknown): value is string => typeof value === 'string' && pattern.test(value)

export const uuidType = (): AvroType => {
  const logical = { name: 'uuid' } as const
  const read = (tap: Tap): string => {
    const from = tap.pos
    const text = tap.readString()
    if (!isUuid(text)) throw new Fault(from, 'the text is no uuid')
    return text
  }
  return bareType('StringType', undefined, undefined, {
    logical,
    ...checkedBy(isUuid, 'uuid'),
    _read: read,
    _write(tap: Tap, value: unknown): void {
      tap.writeString(isUuid(value) ? value : refuse('uuid'))
    },
    _update(resolver: OpenResolver, writer: AvroType): void {
      refuseClash(logical, writer.logical)
      if (writer.typeName === 'string' || writer.typeName === 'bytes') resolver._read = read
    },
  })
}

/** The same uuid in a fixed of 16 bytes. */
export const uuidForm: Form = {
  holds: isUuid,
  read(bytes, from, to) {
    const hex = bytes.toString('hex', from, to)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  },
  write: (value: string) => Buffer.from(value.replaceAll('-', ''), 'hex'),
}
