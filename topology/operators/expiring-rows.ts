// ExpiringRows. Owns: which rows have not been changed for so long that they are gone, and saying so downstream.
// Does not own: what changes a row (its operator).
// X1  a look finds no row that is gone, whether or not it has been deleted yet.
// X2  each row that is gone leaves a deletion downstream and in the changelog, before anything else is done to its key.
// X3  a row that lives has a place in the order of time that is no later than its own time: a look at it finds the row
//     gone, or moves it on. So a row that is changed often costs one entry now and then, not one for each change.

import { indexTag, noteTag } from '../state/keys.ts'
import { Rows } from '../state/rows.ts'
import { marker, TimeIndex } from '../state/time-index.ts'
import type { Context, Item, Row, StreamTime } from './operator.ts'

/** Places in the order that are looked at before a record goes on; what is left waits for the next one. */
const looksMax = 1_000

/** Says that every row has its place in the order. */
const orderedNote = `${noteTag}ordered`

export class ExpiringRows extends Rows {
  readonly #expireMs: number
  readonly #emit: (item: Item, at: string) => void
  readonly #apart: Context['apart']
  readonly #time: StreamTime
  readonly #order: TimeIndex

  constructor(context: Context, store: string, expireMs: number, emit: (item: Item, at: string) => void) {
    super(context, store)
    this.#expireMs = expireMs
    this.#emit = emit
    this.#apart = context.apart
    this.#time = context.time()
    const staged = context.staged(store, marker)
    this.#order = new TimeIndex(staged, indexTag, context.undo)
    if (staged.get(orderedNote) !== undefined) return
    // The store was filled before its rows were to expire.
    for (const [at, { timestamp }] of this.all()) this.#order.add(timestamp, at)
    staged.put(orderedNote, true)
  }

  /** So old a change comes too late: the row would be gone at once. */
  late(timestamp: number): boolean {
    return timestamp + this.#expireMs < this.#time.now
  }

  override rowAt(at: string): Row | undefined {
    const row = super.rowAt(at)
    return row === undefined || this.late(row.timestamp) ? undefined : row
  }

  override get(key: unknown): Row | undefined {
    return this.rowAt(this.at(key))
  }

  override putAt(at: string, value: unknown, timestamp: number): void {
    const before = super.rowAt(at)?.timestamp
    super.putAt(at, value, timestamp)
    if (value === null || (before !== undefined && before <= timestamp)) return
    this.#order.add(timestamp, at)
  }

  override put(key: unknown, value: unknown, timestamp: number): void {
    this.putAt(this.at(key), value, timestamp)
  }

  /** A record for this key is next: time goes on to it, and what is gone by then is deleted. */
  begin(key: unknown, timestamp: number): void {
    this.advance(timestamp)
    this.#look(this.at(key))
  }

  advance(timeMs: number): void {
    this.#time.advance(timeMs)
    const upTo = this.#time.now - this.#expireMs - 1
    if (upTo < 0) return
    for (const { timeMs, key } of this.#order.upTo(upTo, looksMax)) {
      this.#order.remove(timeMs, key)
      const row = this.#look(key)
      if (row !== undefined) this.#order.add(row.timestamp, key)
    }
  }

  /** Deletes the row if it is gone; gives it if it lives. */
  #look(at: string): Row | undefined {
    const row = super.rowAt(at)
    if (row === undefined || !this.late(row.timestamp)) return row
    super.putAt(at, null, 0)
    const timestamp = row.timestamp + this.#expireMs
    const item: Item = { key: this.keyAt(at), value: null, old: row.value, timestamp, headers: [] }
    this.#apart(() => this.#emit(item, at))
    return undefined
  }
}
