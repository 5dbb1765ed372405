import type { Origin } from '../operators/operator.ts'
import type { Headers } from '../ports/log.ts'
import { fromUtf8, utf8 } from '../text.ts'
import { readTime, timeBytes, viewOf, writeTime } from '../time-bytes.ts'
import { headerBytes, headersOf } from './header-bytes.ts'

/** An item in bytes, with the record that it came from: nothing of either is lost while it waits. */
export interface PendingBytes {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly headers: Headers
  readonly origin: Origin | undefined
}

// The layout: one byte of flags; the item: time, headers, key, value; then, where there is an origin: topic, partition,
// offset plus one, timer, time, headers, key and value. Parts have four bytes of length plus one in front, and zero is
// null. Where item and record agree, as they mostly do right behind a source, the part is left out and a flag says so.

const sameKey = 1
const sameValue = 2
const hasOrigin = 4

const sizeBytes = 4

const time = (timeMs: number): Uint8Array => {
  const bytes = new Uint8Array(timeBytes)
  writeTime(bytes, 0, timeMs)
  return bytes
}

const part = (content: Uint8Array | null): Uint8Array[] => {
  const size = new Uint8Array(sizeBytes)
  viewOf(size).setUint32(0, content === null ? 0 : content.length + 1)
  return content === null ? [size] : [size, content]
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const content of parts) {
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}

const alike = (a: Uint8Array | null, b: Uint8Array | null): boolean => {
  if (a === null || b === null || a.length !== b.length) return a === b
  return a.every((byte, at) => byte === b[at])
}

export const pendingBytes = ({ key, value, timestamp, headers, origin }: PendingBytes): Uint8Array => {
  const keySame = origin !== undefined && alike(key, origin.record.key)
  const valueSame = origin !== undefined && alike(value, origin.record.value)
  const flags = (keySame ? sameKey : 0) | (valueSame ? sameValue : 0) | (origin === undefined ? 0 : hasOrigin)
  const item = [
    new Uint8Array([flags]),
    time(timestamp),
    headerBytes(headers),
    ...(keySame ? [] : part(key)),
    ...(valueSame ? [] : part(value)),
  ]
  if (origin === undefined) return joined(item)
  const { topic, partition, record, timer } = origin
  return joined([
    ...item,
    ...part(utf8(topic)),
    time(partition),
    time(record.offset + 1),
    ...part(timer === undefined ? null : utf8(timer)),
    time(record.timestamp),
    headerBytes(record.headers),
    ...part(record.key),
    ...part(record.value),
  ])
}

/** Reads one part after the other. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }

  byte(): number {
    return this.#bytes[this.#at++]!
  }

  time(): number {
    const at = this.#at
    this.#at += timeBytes
    return readTime(this.#bytes, at)
  }

  headers(): Headers {
    const { headers, end } = headersOf(this.#bytes, this.#at)
    this.#at = end
    return headers
  }

  part(): Uint8Array | null {
    const size = this.#view.getUint32(this.#at)
    const start = this.#at + sizeBytes
    this.#at = start + Math.max(0, size - 1)
    return size === 0 ? null : this.#bytes.slice(start, this.#at)
  }

  text(): string | undefined {
    const content = this.part()
    return content === null ? undefined : fromUtf8(content)
  }
}

export const pendingOf = (bytes: Uint8Array): PendingBytes => {
  const reader = new Reader(bytes)
  const flags = reader.byte()
  const timestamp = reader.time()
  const headers = reader.headers()
  const key = flags & sameKey ? undefined : reader.part()
  const value = flags & sameValue ? undefined : reader.part()
  if (!(flags & hasOrigin)) return { key: key ?? null, value: value ?? null, timestamp, headers, origin: undefined }
  const topic = reader.text()!
  const partition = reader.time()
  const offset = reader.time() - 1
  const timer = reader.text()
  const recordTime = reader.time()
  const recordHeaders = reader.headers()
  const record = {
    timestamp: recordTime,
    headers: recordHeaders,
    key: reader.part(),
    value: reader.part(),
    offset,
  }
  const origin: Origin = { topic, partition, record, ...(timer !== undefined && { timer }) }
  return {
    key: key === undefined ? record.key : key,
    value: value === undefined ? record.value : value,
    timestamp,
    headers,
    origin,
  }
}
