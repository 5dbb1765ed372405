import { after, timeKey, timeOf } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

/** The latest time that a key can hold. */
const timeMsMax = 2 ** 48 - 2

/** The value of an entry that is all key. */
export const marker: ValueCodec<true> = { encode: () => new Uint8Array([1]), decode: () => true }

/** What stands at a time: a key, and there may be several under one time. */
export interface Timed {
  readonly timeMs: number
  readonly key: string
}

/** Values in the order of a time, and of their keys where that is the same, kept in a store: what comes first is found without looking at the rest. */
export class TimeOrder<V> {
  readonly #staged: Staged<V>
  readonly #prefix: string
  readonly #undo: (work: () => void) => void
  /** No entry is earlier: it may be too early, never too late. Undefined: nobody has looked. */
  #earliestMs: number | undefined

  /** `undo` takes back what a failing record did in memory. */
  constructor(staged: Staged<V>, prefix: string, undo: (work: () => void) => void) {
    this.#staged = staged
    this.#prefix = prefix
    this.#undo = undo
  }

  put(timeMs: number, key: string, value: V): void {
    this.#staged.put(this.#prefix + timeKey(timeMs) + key, value)
    if (this.#earliestMs !== undefined && timeMs < this.#earliestMs) this.#earliestMs = timeMs
  }

  has(timeMs: number, key: string): boolean {
    return this.#staged.get(this.#prefix + timeKey(timeMs) + key) !== undefined
  }

  remove(timeMs: number, key: string): void {
    this.#staged.delete(this.#prefix + timeKey(timeMs) + key)
  }

  /** The earliest entry that lies at or before the time, and behind `past` where that is given. */
  first(untilMs: number, past?: Timed): Timed | undefined {
    if (this.#earliestMs !== undefined && this.#earliestMs > untilMs) return undefined
    const to = this.#prefix + timeKey(Math.min(untilMs, timeMsMax) + 1)
    // No key lies between another one and the same with a zero byte behind it.
    const from = past === undefined ? this.#prefix : `${this.#prefix}${timeKey(past.timeMs)}${past.key}\0`
    if (from >= to) return undefined
    const found = this.#staged.range(from, to, { entriesMax: 1 })[0]
    if (found !== undefined) return this.#timed(found[0])
    if (past === undefined) this.#lookAhead()
    return undefined
  }

  /** Entries at or before the time, in order. */
  upTo(untilMs: number, entriesMax = Number.POSITIVE_INFINITY): (Timed & { readonly value: V })[] {
    if (untilMs < 0 || (this.#earliestMs !== undefined && this.#earliestMs > untilMs)) return []
    const to = this.#prefix + timeKey(Math.min(untilMs, timeMsMax) + 1)
    const found = this.#staged.range(this.#prefix, to, { entriesMax })
    if (found.length === 0) this.#lookAhead()
    return found.map(([at, value]) => ({ ...this.#timed(at), value }))
  }

  /** When the earliest entry stands, or a little before: a lower bound that costs nothing while it is known. */
  get earliestMs(): number | undefined {
    if (this.#earliestMs === undefined) this.#lookAhead()
    return this.#earliestMs === Number.POSITIVE_INFINITY ? undefined : this.#earliestMs
  }

  #timed(key: string): Timed {
    const at = this.#prefix.length
    return { timeMs: timeOf(key, at), key: key.slice(at + timeKey(0).length) }
  }

  /** Remembers the earliest entry; forgets it again should a record fail, for that may bring back an earlier one. */
  #lookAhead(): void {
    const found = this.#staged.range(this.#prefix, after(this.#prefix), { entriesMax: 1 })[0]
    this.#earliestMs = found === undefined ? Number.POSITIVE_INFINITY : this.#timed(found[0]).timeMs
    this.#undo(() => {
      this.#earliestMs = undefined
    })
  }
}

/** Keys alone in the order of a time: beside data in another order, to find what is due. */
export class TimeIndex extends TimeOrder<true> {
  add(timeMs: number, key: string): void {
    this.put(timeMs, key, true)
  }
}
