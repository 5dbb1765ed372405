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

const partSize = (content: Uint8Array | null): number => sizeBytes + (content?.length ?? 0)

/** Writes one part after the other. */
class Writer {
  readonly bytes: Uint8Array
  #at = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
  }

  byte(value: number): void {
    this.bytes[this.#at++] = value
  }

  time(timeMs: number): void {
    writeTime(this.bytes, this.#at, timeMs)
    this.#at += timeBytes
  }

  raw(content: Uint8Array): void {
    this.bytes.set(content, this.#at)
    this.#at += content.length
  }

  part(content: Uint8Array | null): void {
    const size = content === null ? 0 : content.length + 1
    for (let shift = 24; shift >= 0; shift -= 8) this.bytes[this.#at++] = size >>> shift
    if (content !== null) this.raw(content)
  }
}

const alike = (a: Uint8Array | null, b: Uint8Array | null): boolean => {
  if (a === null || b === null || a.length !== b.length) return a === b
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

export const pendingBytes = ({ key, value, timestamp, headers, origin }: PendingBytes): Uint8Array => {
  const keySame = origin !== undefined && alike(key, origin.record.key)
  const valueSame = origin !== undefined && alike(value, origin.record.value)
  const own = headerBytes(headers)
  const from = origin && originParts(origin)
  const writer = new Writer(
    1 + timeBytes + own.length + (keySame ? 0 : partSize(key)) + (valueSame ? 0 : partSize(value)) + (from?.size ?? 0),
  )
  writer.byte((keySame ? sameKey : 0) | (valueSame ? sameValue : 0) | (from === undefined ? 0 : hasOrigin))
  writer.time(timestamp)
  writer.raw(own)
  if (!keySame) writer.part(key)
  if (!valueSame) writer.part(value)
  from?.write(writer)
  return writer.bytes
}

const originParts = ({ topic, partition, record, timer }: Origin) => {
  const names = [utf8(topic), timer === undefined ? null : utf8(timer)] as const
  const headers = headerBytes(record.headers)
  const parts = [...names, record.key, record.value]
  return {
    size: parts.reduce((sum, content) => sum + partSize(content), 3 * timeBytes + headers.length),
    write(writer: Writer): void {
      writer.part(names[0])
      writer.time(partition)
      writer.time(record.offset + 1)
      writer.part(names[1])
      writer.time(record.timestamp)
      writer.raw(headers)
      writer.part(record.key)
      writer.part(record.value)
    },
  }
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
