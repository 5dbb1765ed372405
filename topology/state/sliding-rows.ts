import type { Context, Row } from '../operators/operator.ts'
import type { Windowed, WindowedCodec } from '../windowed.ts'
import { after, dataTag, indexTag, type KeyCoder, keyCoder, sized, timeKey, timeOf } from './keys.ts'
import { rowCodec } from './rows.ts'
import type { Staged } from './staged.ts'
import { marker, TimeIndex } from './time-index.ts'

/** A window's row and where it starts. */
export interface Started {
  readonly start: number
  readonly row: Row
}

/** One row for each key and window, the windows of a key in the order of their starts. */
export class SlidingRows {
  readonly #staged: Staged<Row>
  readonly #keys: KeyCoder<unknown>
  /** Each key that has windows, at the start of one of them, which need not be the earliest any more. */
  readonly #order: TimeIndex

  constructor(context: Context, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, rowCodec(value))
    this.#keys = keyCoder((key as WindowedCodec).inner)
    this.#order = new TimeIndex(context.staged(store, marker), indexTag, context.undo)
  }

  binary(key: unknown): string {
    return this.#keys.of(key)
  }

  at(binary: string, start: number): string {
    return dataTag + sized(binary) + timeKey(start)
  }

  rowAt(at: string): Row | undefined {
    return this.#staged.get(at)
  }

  /** Null deletes. */
  putAt(at: string, value: unknown, timestamp: number): void {
    if (value === null) this.#staged.delete(at)
    else this.#staged.put(at, { value, timestamp })
  }

  get({ key, start }: Windowed<unknown>): Row | undefined {
    return this.#staged.get(this.at(this.#keys.of(key), start))
  }

  /** The first window of a key that had none must be made known, or it would never expire. */
  remember(binary: string, start: number): void {
    this.#order.add(start, binary)
  }

  /** The windows of a key that start between two times, both included, in order. */
  between(binary: string, from: number, to: number): Started[] {
    if (to < from) return []
    return this.#staged.range(this.at(binary, from), this.at(binary, to + 1)).map(started)
  }

  /** The last of these. */
  lastBetween(binary: string, from: number, to: number): Started | undefined {
    if (to < from) return undefined
    const found = this.#staged.range(this.at(binary, from), this.at(binary, to + 1), { backwards: true, entriesMax: 1 })
    return found.map(started)[0]
  }

  /** Deletes windows that start at this time or before; false: there may be more. */
  expire(upTo: number, entriesMax: number): boolean {
    let room = entriesMax
    for (const { timeMs, key } of this.#order.upTo(upTo, entriesMax)) {
      room -= this.#staged.deleteRange(this.at(key, 0), this.at(key, upTo + 1), room)
      this.#order.remove(timeMs, key)
      const prefix = dataTag + sized(key)
      const [left] = this.#staged.range(prefix, after(prefix), { entriesMax: 1 })
      if (left !== undefined) this.#order.add(startOf(left[0]), key)
      if (room <= 0) return false
    }
    return true
  }
}

const startOf = (at: string): number => timeOf(at, at.length - timeKey(0).length)

const started = ([at, row]: [string, Row]): Started => ({ start: startOf(at), row })
