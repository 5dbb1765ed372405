import { whole } from '../formats.ts'
import type { Context } from '../operators/operator.ts'
import type { Headers } from '../ports/log.ts'
import { room } from '../room.ts'
import { readTime, timeBytes, writeTime } from '../time-bytes.ts'
import { headerBytes, headersOf } from './header-bytes.ts'
import { after, dataTag, type KeyCoder, keyCoder, noteTag, timeKey, timeOf } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

/** An update that waits. */
export interface HeldItem {
  readonly value: unknown
  readonly timestamp: number
  readonly headers: Headers
}

/** An update with its time and headers. */
export const heldCodec = (value: ValueCodec<unknown>): ValueCodec<HeldItem> => ({
  encode(held) {
    const headers = headerBytes(held.headers)
    const content = value.encode(held.value)
    const bytes = room(timeBytes + headers.length + content.length)
    writeTime(bytes, 0, held.timestamp)
    bytes.set(headers, timeBytes)
    bytes.set(content, timeBytes + headers.length)
    return bytes
  },
  decode(bytes) {
    const { headers, end } = headersOf(bytes, timeBytes)
    return { value: value.decode(bytes.subarray(end)), timestamp: readTime(bytes, 0), headers }
  },
})

const sizeKey = `${noteTag}held`
const wholeCodec = whole.open({ topic: '', part: 'value' }, undefined) as ValueCodec<number>

/** The latest update of each key, in the order of the times that they wait for, then of their keys. */
export class Held {
  readonly #staged: Staged<HeldItem>
  readonly #keys: KeyCoder<unknown>
  readonly #undo: Context['undo']
  /** Kept only where somebody asks for it. */
  readonly #size: Staged<number> | undefined
  /** Nothing waits for less: it may be too early, never too late. Undefined: nobody has looked. */
  #earliest: number | undefined

  constructor(context: Context, store: string, counted: boolean) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, heldCodec(value))
    this.#keys = keyCoder(key)
    this.#undo = context.undo
    this.#size = counted ? context.staged(store, wholeCodec) : undefined
    if (this.#size && this.#size.get(sizeKey) === undefined) this.#size.put(sizeKey, this.#all().length)
  }

  #all(entriesMax = Number.POSITIVE_INFINITY): [string, HeldItem][] {
    return this.#staged.range(dataTag, after(dataTag), { entriesMax })
  }

  get size(): number {
    return this.#size!.get(sizeKey)!
  }

  #grow(by: number): void {
    this.#size?.put(sizeKey, this.size + by)
  }

  #at(timeMs: number, key: unknown): string {
    return dataTag + timeKey(timeMs) + this.#keys.of(key)
  }

  put(timeMs: number, key: unknown, item: HeldItem): void {
    const at = this.#at(timeMs, key)
    if (this.#size && this.#staged.get(at) === undefined) this.#grow(1)
    this.#staged.put(at, item)
    if (this.#earliest !== undefined && timeMs < this.#earliest) this.#earliest = timeMs
  }

  delete(timeMs: number, key: unknown): void {
    const at = this.#at(timeMs, key)
    if (this.#staged.get(at) === undefined) return
    this.#staged.delete(at)
    this.#grow(-1)
  }

  /** Takes out what waits for this time or less, in order and at most so many. */
  take(upTo: number, itemsMax: number): [key: unknown, HeldItem][] {
    if (upTo < 0 || (this.#earliest !== undefined && this.#earliest > upTo)) return []
    const found = this.#staged.range(dataTag, dataTag + timeKey(upTo + 1), { entriesMax: itemsMax })
    for (const [at] of found) this.#staged.delete(at)
    if (found.length > 0) this.#grow(-found.length)
    this.#lookAhead()
    const keyAt = dataTag.length + timeKey(0).length
    return found.map(([at, item]) => [this.#keys.back(at.slice(keyAt)), item])
  }

  #lookAhead(): void {
    const [next] = this.#all(1)
    // A record that fails brings back what it took.
    this.#undo(() => {
      this.#earliest = undefined
    })
    this.#earliest = next === undefined ? Number.POSITIVE_INFINITY : timeOf(next[0], dataTag.length)
  }
}
