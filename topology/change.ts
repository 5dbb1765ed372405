import type { Codec, Format } from './ports/codec.ts'
import { room } from './room.ts'
import { viewOf } from './time-bytes.ts'
import { wrapped } from './wrapped.ts'

/** What became of a row, on its way to another task: null where it was or is missing. */
export interface Change {
  readonly old: unknown
  readonly value: unknown
}

const hasOld = 1
const hasValue = 2
const sizeBytes = 4

/** One byte that says what follows; where both do, the length of the old value comes between. */
const changeCodec = (inner: Codec<unknown>): Codec<Change> => {
  const parts = (bytes: Uint8Array): { old: Uint8Array | null; value: Uint8Array | null } => {
    const flags = bytes[0]
    if (flags === hasOld) return { old: bytes.subarray(1), value: null }
    if (flags === hasValue) return { old: null, value: bytes.subarray(1) }
    const from = 1 + sizeBytes
    const size = bytes.length < from ? -1 : viewOf(bytes).getUint32(1)
    if (flags !== (hasOld | hasValue) || size < 0 || from + size > bytes.length) {
      throw new RangeError(`these ${bytes.length} bytes are not a change of a row`)
    }
    return { old: bytes.subarray(from, from + size), value: bytes.subarray(from + size) }
  }
  const read = (bytes: Uint8Array | null): unknown => (bytes === null ? null : inner.decode(bytes))
  return {
    encode({ old, value }) {
      const oldBytes = old === null ? undefined : inner.encode(old)
      const valueBytes = value === null ? undefined : inner.encode(value)
      const both = oldBytes !== undefined && valueBytes !== undefined
      const from = both ? 1 + sizeBytes : 1
      const bytes = room(from + (oldBytes?.length ?? 0) + (valueBytes?.length ?? 0))
      bytes[0] = (oldBytes ? hasOld : 0) | (valueBytes ? hasValue : 0)
      if (both) viewOf(bytes).setUint32(1, oldBytes.length)
      if (oldBytes) bytes.set(oldBytes, from)
      if (valueBytes) bytes.set(valueBytes, from + (oldBytes?.length ?? 0))
      return bytes
    },
    decode(bytes) {
      const { old, value } = parts(bytes)
      return { old: read(old), value: read(value) }
    },
    ...(inner.prepare && {
      prepare(bytes: Uint8Array) {
        const { old, value } = parts(bytes)
        const missing = [old && inner.prepare!(old), value && inner.prepare!(value)].filter(Boolean)
        return missing.length === 0 ? undefined : Promise.all(missing).then(() => {})
      },
    }),
  }
}

/** Both values of a change, in the format of the table's rows. */
export const changeFormat = (value: Format<unknown, never>): Format<Change> =>
  wrapped(`change ${value.name}`, value, 'value', changeCodec)
