import type { Headers, LogRecord, StoredRecord } from '../../topology/ports/log.ts'

// A batch is stored whole: its format's number and its record count, then each record as
//   timestamp (8, float) | key length (4, -1 for null) | value length (4, -1 for null) | header count (2) | key | value | headers
// and each header as name length (2) | value length (4, -1 for null) | name | value.

const batchFormat = 1
const batchHeadBytes = 5
const recordHeadBytes = 18

const sizeOf = (record: LogRecord): number => {
  let size = recordHeadBytes + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const [name, value] of record.headers) size += 6 + Buffer.byteLength(name) + (value?.length ?? 0)
  return size
}

export const encodeBatch = (records: readonly LogRecord[]): Buffer => {
  let size = batchHeadBytes
  for (const record of records) size += sizeOf(record)
  const batch = Buffer.allocUnsafe(size)
  batch[0] = batchFormat
  batch.writeUInt32BE(records.length, 1)
  let at = batchHeadBytes
  for (const { key, value, timestamp, headers } of records) {
    at = batch.writeDoubleBE(timestamp, at)
    at = batch.writeInt32BE(key === null ? -1 : key.length, at)
    at = batch.writeInt32BE(value === null ? -1 : value.length, at)
    at = batch.writeUInt16BE(headers.length, at)
    if (key !== null) {
      batch.set(key, at)
      at += key.length
    }
    if (value !== null) {
      batch.set(value, at)
      at += value.length
    }
    for (const [name, content] of headers) at = writeHeader(batch, at, name, content)
  }
  return batch
}

const writeHeader = (batch: Buffer, start: number, name: string, content: Uint8Array | null): number => {
  let at = batch.writeUInt16BE(Buffer.byteLength(name), start)
  at = batch.writeInt32BE(content === null ? -1 : content.length, at)
  at += batch.write(name, at)
  if (content === null) return at
  batch.set(content, at)
  return at + content.length
}

const none: Headers = []

/** How many records a batch holds. */
export const countOf = (batch: Buffer): number => batch.readUInt32BE(1)

/** Adds the records of a batch that stands at an offset, from `from` on and until there are `recordsMax`; keys and values are views of it. */
export const decodeBatch = (
  batch: Buffer,
  base: number,
  from: number,
  recordsMax: number,
  into: StoredRecord[],
): void => {
  if (batch[0] !== batchFormat) throw new RangeError(`the batch at offset ${base} has the unknown format ${batch[0]}`)
  const { buffer, byteOffset } = batch
  const count = countOf(batch)
  let at = batchHeadBytes
  for (let number = 0; number < count && into.length < recordsMax; number++) {
    const keyLength = batch.readInt32BE(at + 8)
    const valueLength = batch.readInt32BE(at + 12)
    const headerCount = batch.readUInt16BE(at + 16)
    const keyAt = at + recordHeadBytes
    const valueAt = keyAt + Math.max(0, keyLength)
    const end = valueAt + Math.max(0, valueLength)
    const offset = base + number
    let headers = none
    let next = end
    if (headerCount > 0) [headers, next] = readHeaders(batch, end, headerCount)
    if (offset >= from) {
      const timestamp = batch.readDoubleBE(at)
      const key = keyLength < 0 ? null : new Uint8Array(buffer, byteOffset + keyAt, keyLength)
      const value = valueLength < 0 ? null : new Uint8Array(buffer, byteOffset + valueAt, valueLength)
      into.push({ key, value, timestamp, headers, offset })
    }
    at = next
  }
}

const readHeaders = (batch: Buffer, start: number, count: number): [Headers, number] => {
  const headers: [string, Uint8Array | null][] = []
  let at = start
  for (let number = 0; number < count; number++) {
    const nameLength = batch.readUInt16BE(at)
    const length = batch.readInt32BE(at + 2)
    at += 6
    const name = batch.toString('utf8', at, at + nameLength)
    at += nameLength
    headers.push([name, length < 0 ? null : batch.subarray(at, at + length)])
    at += Math.max(0, length)
  }
  return [headers, at]
}
