import { durationText } from './graph/span.ts'
import type { Codec, Format } from './ports/codec.ts'
import { room } from './room.ts'
import { readTime, timeBytes, writeTime } from './time-bytes.ts'

/**
 * A key and one of its windows. `end` is exclusive for tumbling and hopping windows, and the last moment inside for sliding ones and sessions.
 * @example const lasts = ({ start, end }: Windowed<string>) => end - start
 */
export interface Windowed<out K> {
  readonly key: K
  readonly start: number
  readonly end: number
}

/** A windowed key's codec also knows how to write the key without its window. */
export interface WindowedCodec<K = unknown> extends Codec<Windowed<K>> {
  readonly inner: Codec<K>
}

const startOnly = (size: number): Layout => ({
  bytes: timeBytes,
  write(bytes, at, { start, end }) {
    if (end - start !== size) throw new RangeError(`the window lasts ${end - start} ms, its format says ${size}`)
    writeTime(bytes, at, start)
  },
  read(bytes, at) {
    const start = readTime(bytes, at)
    return { start, end: start + size }
  },
})

const endAndStart: Layout = {
  bytes: 2 * timeBytes,
  write(bytes, at, { start, end }) {
    writeTime(bytes, at, end)
    writeTime(bytes, at + timeBytes, start)
  },
  read: (bytes, at) => ({ start: readTime(bytes, at + timeBytes), end: readTime(bytes, at) }),
}

/** How a window follows its key: as Kafka Streams writes it, so that its programs read it. */
interface Layout {
  readonly bytes: number
  write(bytes: Uint8Array, at: number, window: { readonly start: number; readonly end: number }): void
  read(bytes: Uint8Array, at: number): { readonly start: number; readonly end: number }
}

const codecOf = (inner: Codec<unknown>, layout: Layout): WindowedCodec => {
  const keyBytes = (bytes: Uint8Array): Uint8Array => {
    if (bytes.length >= layout.bytes) return bytes.subarray(0, bytes.length - layout.bytes)
    throw new RangeError(`a windowed key has at least ${layout.bytes} bytes, these are ${bytes.length}`)
  }
  return {
    inner,
    encode(windowed) {
      const key = inner.encode(windowed.key)
      const bytes = room(key.length + layout.bytes)
      bytes.set(key)
      layout.write(bytes, key.length, windowed)
      return bytes
    },
    decode(bytes) {
      const key = keyBytes(bytes)
      return { key: inner.decode(key), ...layout.read(bytes, key.length) }
    },
    placedBy(bytes) {
      const key = keyBytes(bytes)
      return inner.placedBy?.(key) ?? key
    },
    ...(inner.prepare && { prepare: bytes => inner.prepare!(keyBytes(bytes)) }),
  }
}

/** `size`: how long each window lasts, in milliseconds; sessions write both their ends. */
export const windowedFormat = <K, KIn>(
  key: Format<K, KIn>,
  size: number | 'session',
): Format<Windowed<K>, Windowed<KIn>> => {
  const layout = size === 'session' ? endAndStart : startOnly(size)
  return {
    placedAs: key.placedAs ?? key.name,
    name: size === 'session' ? `session ${key.name}` : `windowed ${durationText(size)} ${key.name}`,
    open(place, registry) {
      const inner = key.open(place, registry)
      const codec = (opened: Codec<K, KIn>) => codecOf(opened as Codec<unknown>, layout) as Codec<unknown>
      const opened = inner instanceof Promise ? inner.then(codec) : codec(inner)
      return opened as Codec<Windowed<K>, Windowed<KIn>> | Promise<Codec<Windowed<K>, Windowed<KIn>>>
    },
  }
}
