import { type AvroType, bareType, type OpenResolver, refuse, type Tap } from './avsc.ts'
import type { Form } from './bytes.ts'
import { Fault } from './fault.ts'
import { refuseClash } from './logical.ts'
import { checkedBy } from './numbers.ts'
import { readCount } from './varint.ts'

const uuidChars = 36
const [hex, dash] = [1, 2]
/** For each character below 256, what it may stand for in a uuid. */
const meaning = Uint8Array.from({ length: 256 }, (_, code) =>
  code === 0x2d ? dash : /[\da-f]/i.test(String.fromCharCode(code)) ? hex : 0,
)
const form = Uint8Array.from({ length: uuidChars }, (_, at) => ([8, 13, 18, 23].includes(at) ? dash : hex))

// Loops without a branch, because ids stand in every record and a pattern takes five times as long.
const spells = (bytes: Uint8Array, from: number): boolean => {
  let wrong = 0
  for (let at = 0; at < uuidChars; at++) wrong |= meaning[bytes[from + at]!]! ^ form[at]!
  return wrong === 0
}

const isUuid = (value: unknown): value is string => {
  if (typeof value !== 'string' || value.length !== uuidChars) return false
  let wrong = 0
  for (let at = 0; at < uuidChars; at++) wrong |= (meaning[value.charCodeAt(at)] ?? 0) ^ form[at]!
  return wrong === 0
}

export const uuidType = (): AvroType => {
  const logical = { name: 'uuid' } as const
  const read = (tap: Tap): string => {
    const from = tap.pos
    const length = readCount(tap)
    const at = tap.pos
    if (length !== uuidChars || !spells(tap.buf, at)) throw new Fault(from, 'the text is no uuid')
    tap.pos += uuidChars
    return tap.buf.toString('latin1', at, tap.pos)
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
