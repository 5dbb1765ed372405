// Look. Owns: reading what is committed in a store, as values. Does not own: the bytes (ReadableStore), who may ask.
// L1  it sees whole commits only, and never what a task has staged.
// L2  it reads no more entries than it was told, whatever it is asked for.

import type { StoreFacts } from '../graph/graph.ts'
import type { Codec } from '../ports/codec.ts'
import type { ReadableStore } from '../ports/log.ts'
import { after, dataTag, keyCoder, sized, sizedOf, timeKey, timeOf } from '../state/keys.ts'
import { rowCodec } from '../state/rows.ts'
import { sessionCodec } from '../state/sessions.ts'
import { binaryOf, bytesOf } from '../text.ts'
import { timeBytes, writeTime } from '../time-bytes.ts'
import type { WindowedCodec } from '../windowed.ts'
import type { CodecPair } from './codecs.ts'

/** An entry of a store: with the time of its last change where the store keeps it, and its window where it has one. */
export interface Found {
  readonly key: unknown
  readonly value: unknown
  readonly timestamp?: number
  readonly start?: number
  readonly end?: number
}

/** Of windowed stores `from` and `to` are times of starts, of others keys; the upper end is left out. */
export interface LookRange {
  readonly from?: unknown
  readonly to?: unknown
  /** Windowed stores: of this key alone. */
  readonly key?: unknown
  readonly entriesMax: number
  /** Entries that may be gone through to find them. */
  readonly scannedMax: number
}

/** How the entries of a store are found and read. */
export interface Look {
  readonly windowed: boolean
  /** Of a key, the bytes that say in which partition it is. */
  placedBy(key: unknown): Uint8Array
  /** Stores without windows: what the key holds. */
  get(store: ReadableStore, key: unknown): Found | undefined
  range(store: ReadableStore, range: LookRange): Found[]
}

/** What keeps one row for each key and is there to be looked into; others keep what waits, or who asked. */
const rowLayouts = ['table', 'count', 'reduce', 'aggregate', 'cogroup', 'lookup']

/** Undefined: nobody but its operator can read what this store keeps. */
export const lookInto = (facts: StoreFacts, codecs: CodecPair): Look | undefined => {
  const layout = facts.layout.split(' ')[0]!
  const shape = facts.window?.split(' ')[0]
  if (layout === 'values') return keyed(codecs, value => ({ value: codecs.value.decode(value) }))
  if (!rowLayouts.includes(layout)) return undefined
  if (shape === undefined) return keyed(codecs, rowOf(codecs))
  const windowed = codecs.key as WindowedCodec
  if (shape === 'session') return sessions(windowed, codecs.value)
  return shape === 'sliding' ? byKey(windowed, rowOf(codecs)) : byStart(windowed, rowOf(codecs))
}

type Read = (bytes: Uint8Array) => { readonly value: unknown; readonly timestamp?: number }

const rowOf =
  ({ value }: CodecPair): Read =>
  bytes =>
    rowCodec(value).decode(bytes)

const placed = (codec: Codec<unknown>, key: unknown): Uint8Array => {
  const bytes = codec.encode(key)
  return codec.placedBy?.(bytes) ?? bytes
}

const keyed = ({ key: codec }: CodecPair, read: Read): Look => {
  const keys = keyCoder(codec)
  const at = (key: unknown) => dataTag + keys.of(key)
  return {
    windowed: false,
    placedBy: key => placed(codec, key),
    get(store, key) {
      const bytes = store.get(bytesOf(at(key)))
      return bytes && { key, ...read(bytes) }
    },
    range: (store, range) =>
      scanned(
        store,
        range.from === undefined ? dataTag : at(range.from),
        range.to === undefined ? after(dataTag) : at(range.to),
        range,
        (binary, bytes) => ({ key: keys.back(binary.slice(dataTag.length)), ...read(bytes) }),
      ),
  }
}

/** Goes through entries in order; what `found` says nothing about counts as gone through. */
const scanned = (
  store: ReadableStore,
  from: string,
  to: string | undefined,
  { entriesMax, scannedMax }: LookRange,
  found: (binary: string, bytes: Uint8Array) => Found | undefined,
): Found[] => {
  const entries: Found[] = []
  let scanned = 0
  for (const [key, bytes] of store.range(bytesOf(from), to === undefined ? undefined : bytesOf(to))) {
    if (entries.length >= entriesMax || scanned++ >= scannedMax) break
    const entry = found(binaryOf(key), bytes)
    if (entry !== undefined) entries.push(entry)
  }
  return entries
}

const times = ({ from, to }: LookRange): { from: number; to: number } => ({
  from: Math.max(0, (from as number | undefined) ?? 0),
  to: (to as number | undefined) ?? Number.MAX_SAFE_INTEGER,
})

/** The window of a key that starts there: how long it lasts is the format's to know. */
const windowOf = (codec: WindowedCodec, keyBytes: Uint8Array, start: number) => {
  const bytes = new Uint8Array(keyBytes.length + timeBytes)
  bytes.set(keyBytes)
  writeTime(bytes, keyBytes.length, start)
  return codec.decode(bytes)
}

/** Tumbling and hopping windows lie in the order of their starts. */
const byStart = (codec: WindowedCodec, read: Read): Look => {
  const keys = keyCoder(codec.inner)
  const keyFrom = dataTag.length + timeKey(0).length
  const highest = 2 ** 48 - 1
  return {
    windowed: true,
    placedBy: key => placed(codec.inner, key),
    get: () => undefined,
    range(store, range) {
      const { from, to } = times(range)
      const wanted = range.key === undefined ? undefined : keys.of(range.key)
      const end = to > highest ? after(dataTag) : dataTag + timeKey(to)
      return scanned(store, dataTag + timeKey(Math.min(from, highest)), end, range, (binary, bytes) => {
        const key = binary.slice(keyFrom)
        if (wanted !== undefined && key !== wanted) return undefined
        return { ...windowOf(codec, bytesOf(key), timeOf(binary, dataTag.length)), ...read(bytes) }
      })
    },
  }
}

/** The prefix of one key, or of all. */
const ofKey = (keys: { of(key: unknown): string }, key: unknown): string =>
  key === undefined ? dataTag : dataTag + sized(keys.of(key))

const byKey = (codec: WindowedCodec, read: Read): Look => {
  const keys = keyCoder(codec.inner)
  return {
    windowed: true,
    placedBy: key => placed(codec.inner, key),
    get: () => undefined,
    range(store, range) {
      const { from, to } = times(range)
      const prefix = ofKey(keys, range.key)
      return scanned(store, prefix, after(prefix), range, (binary, bytes) => {
        const start = timeOf(binary, binary.length - timeKey(0).length)
        if (start < from || start >= to) return undefined
        return { ...windowOf(codec, bytesOf(sizedOf(binary, dataTag.length)), start), ...read(bytes) }
      })
    },
  }
}

const sessions = (codec: WindowedCodec, value: Codec<unknown>): Look => {
  const keys = keyCoder(codec.inner)
  const format = sessionCodec(value)
  return {
    windowed: true,
    placedBy: key => placed(codec.inner, key),
    get: () => undefined,
    range(store, range) {
      const { from, to } = times(range)
      const prefix = ofKey(keys, range.key)
      return scanned(store, prefix, after(prefix), range, (binary, bytes) => {
        const { start, end, value } = format.decode(bytes)
        if (start < from || start >= to) return undefined
        return { key: keys.back(sizedOf(binary, dataTag.length)), start, end, value, timestamp: end }
      })
    },
  }
}

/** Records that wait in the store of a call, which has other entries, too. There are no more than the call lets wait. */
export const waitingIn = (store: ReadableStore): number => {
  let records = 0
  for (const _ of store.range(bytesOf(dataTag), bytesOf(after(dataTag)!))) records++
  return records
}
