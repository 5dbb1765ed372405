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
  /** Behind every entry. */
  readonly #end: string
  readonly #undo: (work: () => void) => void
  /**
   * No entry stands before: it may be too early, never too late. Undefined: nobody has looked. Looking from here spares
   * going again over what was removed at the front, which stays in the way until it is committed.
   */
  #from: string | undefined

  /** `undo` takes back what a failing record did in memory. */
  constructor(staged: Staged<V>, prefix: string, undo: (work: () => void) => void) {
    this.#staged = staged
    this.#prefix = prefix
    this.#end = after(prefix)!
    this.#undo = undo
  }

  #at(timeMs: number, key: string): string {
    return this.#prefix + timeKey(timeMs) + key
  }

  put(timeMs: number, key: string, value: V): void {
    const at = this.#at(timeMs, key)
    this.#staged.put(at, value)
    if (this.#from !== undefined && at < this.#from) this.#from = at
  }

  has(timeMs: number, key: string): boolean {
    return this.#staged.get(this.#at(timeMs, key)) !== undefined
  }

  remove(timeMs: number, key: string): void {
    this.#staged.delete(this.#at(timeMs, key))
  }

  /** The earliest entry that lies at or before the time, and behind `past` where that is given. */
  first(untilMs: number, past?: Timed): Timed | undefined {
    if (past === undefined) return this.upTo(untilMs, 1)[0]
    // No key lies between another one and the same with a zero byte behind it.
    const from = `${this.#at(past.timeMs, past.key)}\0`
    const to = this.#until(untilMs)
    const found = from < to ? this.#staged.range(from, to, { entriesMax: 1 })[0] : undefined
    return found && this.#timed(found[0])
  }

  /** Entries at or before the time, in order. */
  upTo(untilMs: number, entriesMax = Number.POSITIVE_INFINITY): (Timed & { readonly value: V })[] {
    const to = this.#until(untilMs)
    if (this.#from !== undefined && this.#from >= to) return []
    const found = this.#staged.range(this.#from ?? this.#prefix, to, { entriesMax })
    if (found.length === 0) this.#lookAhead()
    else this.#nothingBefore(found[0]![0])
    return found.map(([at, value]) => ({ ...this.#timed(at), value }))
  }

  /** When the earliest entry stands, or a little before: a lower bound that costs nothing while it is known. */
  get earliestMs(): number | undefined {
    if (this.#from === undefined) this.#lookAhead()
    return this.#from === this.#end ? undefined : this.#timed(this.#from!).timeMs
  }

  #until(timeMs: number): string {
    return timeMs < 0 ? this.#prefix : this.#prefix + timeKey(Math.min(timeMs, timeMsMax) + 1)
  }

  #timed(at: string): Timed {
    const start = this.#prefix.length
    return { timeMs: timeOf(at, start), key: at.slice(start + timeKey(0).length) }
  }

  #lookAhead(): void {
    const found = this.#staged.range(this.#from ?? this.#prefix, this.#end, { entriesMax: 1 })[0]
    this.#nothingBefore(found === undefined ? this.#end : found[0])
  }

  /** Should the record at work fail, what it removed comes back: then nobody has looked. */
  #nothingBefore(from: string): void {
    if (from === this.#from) return
    this.#from = from
    this.#undo(() => {
      this.#from = undefined
    })
  }
}

/** Keys alone in the order of a time: beside data in another order, to find what is due. */
export class TimeIndex extends TimeOrder<true> {
  add(timeMs: number, key: string): void {
    this.put(timeMs, key, true)
  }
}
