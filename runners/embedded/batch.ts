import { crc32 } from 'node:zlib'
import type { Headers, LogRecord, StoredRecord } from '../../topology/ports/log.ts'

// A batch is stored whole, under its first offset:
//   format (1) | check sum of all that follows (4) | flags (1) | records (4) | offsets it covers (4)
//   | latest timestamp (8, float) | when it was first compacted (8, float; 0: never)
// then each record:
//   timestamp (8, float) | offset behind the batch's (4, only where some are gone) | key length (4, -1 for null)
//   | value length (4, -1 for null) | header count (2) | key | value | headers
// and each header: name length (2) | value length (4, -1 for null) | name | value.

const batchFormat = 2
const summedFrom = 5
const flagsAt = 5
const countAt = 6
const spanAt = 10
const latestAt = 14
const compactedAt = 22
const batchHeadBytes = 30
const recordHeadBytes = 18
const gaps = 1
const deletions = 2
const headersMax = 0xffff

/** What a batch says about itself. */
export interface BatchHead {
  readonly records: number
  /** The next batch begins so many offsets later. */
  readonly span: number
  readonly latestMs: number
  /** When compaction first went over it; 0: never. */
  readonly compactedMs: number
  /** Whether compaction has left deletions in it. */
  readonly deletions: boolean
}

const sizeOf = ({ key, value, headers }: LogRecord): number => {
  let size = recordHeadBytes + (key === null ? 0 : key.length) + (value === null ? 0 : value.length)
  if (headers.length > headersMax)
    throw new RangeError(`a record has ${headers.length} headers, and may have ${headersMax}`)
  for (const [name, value] of headers) size += 6 + Buffer.byteLength(name) + (value?.length ?? 0)
  return size
}

/** The bytes of records from one on, as many as fit into one batch. */
export const encodeBatch = (
  records: readonly LogRecord[],
  from: number,
  recordsMax: number,
  bytesMax: number,
): { readonly bytes: Buffer; readonly records: number } => {
  const end = Math.min(records.length, from + recordsMax)
  let size = batchHeadBytes
  let until = from
  while (until < end && size < bytesMax) size += sizeOf(records[until++]!)
  const writing = new Writing(size)
  for (let at = from; at < until; at++) writing.record(records[at]!, undefined)
  const count = until - from
  return { bytes: writing.end({ records: count, span: count, compactedMs: 0 }, 0), records: count }
}

/** The bytes of what compaction has left of one or more batches. */
export const encodeGaps = (
  records: readonly StoredRecord[],
  base: number,
  span: number,
  compactedMs: number,
): Buffer => {
  const size = records.reduce((sum, record) => sum + sizeOf(record) + 4, batchHeadBytes)
  const writing = new Writing(size)
  for (const record of records) writing.record(record, record.offset - base)
  const flags = records.some(({ value }) => value === null) ? gaps | deletions : gaps
  return writing.end({ records: records.length, span, compactedMs }, flags)
}

class Writing {
  readonly #batch: Buffer
  readonly #view: DataView
  #at = batchHeadBytes
  #latestMs = Number.NEGATIVE_INFINITY

  constructor(size: number) {
    this.#batch = Buffer.allocUnsafeSlow(size)
    this.#view = new DataView(this.#batch.buffer, this.#batch.byteOffset, size)
  }

  record({ key, value, timestamp, headers }: LogRecord, delta: number | undefined): void {
    const view = this.#view
    const batch = this.#batch
    let at = this.#at
    if (timestamp > this.#latestMs) this.#latestMs = timestamp
    view.setFloat64(at, timestamp)
    at += 8
    if (delta !== undefined) {
      view.setUint32(at, delta)
      at += 4
    }
    view.setInt32(at, key === null ? -1 : key.length)
    view.setInt32(at + 4, value === null ? -1 : value.length)
    view.setUint16(at + 8, headers.length)
    at += 10
    if (key !== null) {
      batch.set(key, at)
      at += key.length
    }
    if (value !== null) {
      batch.set(value, at)
      at += value.length
    }
    for (const [name, content] of headers) at = this.#header(at, name, content)
    this.#at = at
  }

  #header(start: number, name: string, content: Uint8Array | null): number {
    this.#view.setUint16(start, Buffer.byteLength(name))
    this.#view.setInt32(start + 2, content === null ? -1 : content.length)
    const at = start + 6 + this.#batch.write(name, start + 6)
    if (content === null) return at
    this.#batch.set(content, at)
    return at + content.length
  }

  end({ records, span, compactedMs }: Pick<BatchHead, 'records' | 'span' | 'compactedMs'>, flags: number): Buffer {
    const view = this.#view
    view.setUint8(0, batchFormat)
    view.setUint8(flagsAt, flags)
    view.setUint32(countAt, records)
    view.setUint32(spanAt, span)
    view.setFloat64(latestAt, this.#latestMs)
    view.setFloat64(compactedAt, compactedMs)
    view.setUint32(1, crc32(this.#batch.subarray(summedFrom)))
    return this.#batch
  }
}

const none: Headers = []

/** The check sum that stands in a batch. */
export const sumOf = (batch: Buffer): number => batch.readUInt32BE(1)

/** A batch that cannot be what was written. */
export class BatchError extends Error {
  override readonly name = 'BatchError'
}

/** Goes through the records of one batch; keys and values are views of its bytes. */
export class BatchReader {
  readonly head: BatchHead
  readonly #batch: Buffer
  readonly #view: DataView
  readonly #base: number
  readonly #gaps: boolean
  #at = batchHeadBytes
  #number = 0

  constructor(batch: Buffer, base: number) {
    this.#batch = batch
    this.#base = base
    if (batch.length < batchHeadBytes || batch[0] !== batchFormat)
      throw new BatchError(`the batch at offset ${base} has the unknown format ${batch[0]}`)
    this.#view = new DataView(batch.buffer, batch.byteOffset, batch.length)
    if (sumOf(batch) !== crc32(batch.subarray(summedFrom)))
      throw new BatchError(`the batch at offset ${base} has not the check sum that it was written with`)
    const flags = this.#view.getUint8(flagsAt)
    this.#gaps = (flags & gaps) !== 0
    this.head = {
      records: this.#view.getUint32(countAt),
      span: this.#view.getUint32(spanAt),
      latestMs: this.#view.getFloat64(latestAt),
      compactedMs: this.#view.getFloat64(compactedAt),
      deletions: (flags & deletions) !== 0,
    }
  }

  get base(): number {
    return this.#base
  }

  /** How many bytes it has. */
  get bytes(): number {
    return this.#batch.length
  }

  /** Its check sum: two batches at one offset that share it are the same. */
  get sum(): number {
    return sumOf(this.#batch)
  }

  /** The offset after all that it covers. */
  get end(): number {
    return this.#base + this.head.span
  }

  /** Adds records with offsets from `from` on until there are `recordsMax`, and goes on from there the next time; true: that was its last. */
  take(from: number, recordsMax: number, into: StoredRecord[]): boolean {
    const view = this.#view
    const { buffer, byteOffset } = this.#batch
    const count = this.head.records
    let at = this.#at
    let number = this.#number
    while (number < count && into.length < recordsMax) {
      const timestamp = view.getFloat64(at)
      let offset = this.#base + number
      at += 8
      if (this.#gaps) {
        offset = this.#base + view.getUint32(at)
        at += 4
      }
      const keyLength = view.getInt32(at)
      const valueLength = view.getInt32(at + 4)
      const headerCount = view.getUint16(at + 8)
      const keyAt = at + 10
      const valueAt = keyLength < 0 ? keyAt : keyAt + keyLength
      at = valueLength < 0 ? valueAt : valueAt + valueLength
      number++
      let headers = none
      if (headerCount > 0) [headers, at] = this.#headers(at, headerCount)
      if (offset < from) continue
      const key = keyLength < 0 ? null : new Uint8Array(buffer, byteOffset + keyAt, keyLength)
      const value = valueLength < 0 ? null : new Uint8Array(buffer, byteOffset + valueAt, valueLength)
      into.push({ key, value, timestamp, headers, offset })
    }
    this.#at = at
    this.#number = number
    return number === count
  }

  /** All that is left of it. */
  rest(): StoredRecord[] {
    const records: StoredRecord[] = []
    this.take(0, Number.POSITIVE_INFINITY, records)
    return records
  }

  #headers(start: number, count: number): [Headers, number] {
    const headers: [string, Uint8Array | null][] = []
    let at = start
    for (let number = 0; number < count; number++) {
      const nameLength = this.#view.getUint16(at)
      const length = this.#view.getInt32(at + 2)
      at += 6
      const name = this.#batch.toString('utf8', at, at + nameLength)
      at += nameLength
      headers.push([name, length < 0 ? null : this.#batch.subarray(at, at + length)])
      at += Math.max(0, length)
    }
    return [headers, at]
  }
}
