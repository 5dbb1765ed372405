import type { Headers, StoredRecord } from '../../topology/ports/log.ts'
import type { Message, NativeHeaders } from './native.ts'

const none: Headers = []

/** The client takes bytes without memory of their own for null; these are empty and are not null. */
const empty = Buffer.alloc(1).subarray(0, 0)
/** And these are what it takes for null. */
const absent = new Uint8Array(0)

export const bytesFor = (bytes: Uint8Array | null): Uint8Array | null =>
  bytes !== null && bytes.length === 0 ? empty : bytes

export const headersFor = (headers: Headers): NativeHeaders | undefined =>
  headers.length === 0
    ? undefined
    : headers.map(([name, value]) => ({ [name]: value === null ? absent : bytesFor(value)! }))

/** A header without a value comes back with an empty one: the client does not tell them apart. */
const headersOf = (headers: NativeHeaders | undefined): Headers => {
  if (headers === undefined || headers.length === 0) return none
  return headers.flatMap(header => Object.entries(header))
}

export const storedOf = ({ offset, key, value, timestamp, headers }: Message): StoredRecord => ({
  key,
  value,
  timestamp,
  headers: headersOf(headers),
  offset,
})
