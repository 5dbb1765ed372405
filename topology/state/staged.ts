// Staged. Owns: what one task has changed in one store since the last commit, and a cache of what it read.
// Does not own: the committed content (ReadableStore) and when a commit happens (the task).
// S1  get and range see the staged change of a key before the committed one.
// S2  dropped() leaves nothing of the uncommitted changes, committed() leaves nothing to write twice.
// S3  changes() has each changed key once, with its last value.

import type { ReadableStore } from '../ports/log.ts'
import { binaryOf, bytesBehind, bytesOf } from '../text.ts'
import type { Journal } from './journal.ts'
import { after } from './keys.ts'
import { SortedMap } from './sorted-map.ts'

export interface ValueCodec<V> {
  encode(value: V): Uint8Array
  decode(bytes: Uint8Array): V
}

interface Cell<V> {
  readonly key: string
  value: V | undefined
  /** Differs from the committed content. */
  dirty: boolean
  /** Was used since eviction last passed by. */
  used: boolean
}

export interface RangeOptions {
  readonly backwards?: boolean
  readonly entriesMax?: number
}

/**
 * Values are written when they are committed, each once. Where one turned out not to be writable, all since the last
 * commit is done again with each value written at once: so the record is found that made it.
 */
export interface Strictness {
  on: boolean
}

/** Keeps at most this many unchanged values at hand, for each store of a task. */
const cachedEntriesMax = 100_000

/** A store as its operator uses it: values instead of bytes, under binary-string keys. */
export class Staged<V> {
  readonly #base: ReadableStore
  readonly #codec: ValueCodec<V>
  readonly #journal: Journal
  readonly #strict: Strictness | undefined
  /** Stands before every key in the store, and nowhere else. */
  readonly #prefix: string
  #cells = new Map<string, Cell<V>>()
  #dirty: Cell<V>[] = []
  /** Changed keys in order; made when the first range asks for it. */
  #order: SortedMap<true> | undefined

  constructor(base: ReadableStore, codec: ValueCodec<V>, journal: Journal, strict?: Strictness, prefix = '') {
    this.#prefix = prefix
    this.#base = base
    this.#codec = codec
    this.#journal = journal
    this.#strict = strict
  }

  get(key: string): V | undefined {
    const cell = this.#cells.get(key)
    if (cell !== undefined) {
      cell.used = true
      return cell.value
    }
    const bytes = this.#base.get(bytesBehind(this.#prefix, key))
    const value = bytes === undefined ? undefined : this.#codec.decode(bytes)
    this.#cells.set(key, { key, value, dirty: false, used: false })
    return value
  }

  /**
   * The value that a key has, for whoever made it to change it in place: it counts as changed. Undefined where there is none
   * at hand, or where changes may have to be taken back.
   */
  own(key: string): V | undefined {
    if (this.#journal.open || this.#strict?.on) return undefined
    const cell = this.#cells.get(key)
    if (cell?.value === undefined) return undefined
    this.#touch(cell)
    return cell.value
  }

  put(key: string, value: V): void {
    if (this.#strict?.on) this.#codec.encode(value)
    this.#change(key, value)
  }

  delete(key: string): void {
    this.#change(key, undefined)
  }

  #change(key: string, value: V | undefined): void {
    const known = this.#cells.get(key)
    if (this.#journal.open) {
      const before = known && { ...known }
      this.#journal.note(() => this.#restore(key, before))
    }
    const cell = known ?? { key, value, dirty: false, used: true }
    if (known === undefined) this.#cells.set(key, cell)
    cell.value = value
    this.#touch(cell)
  }

  #touch(cell: Cell<V>): void {
    cell.used = true
    if (cell.dirty) return
    cell.dirty = true
    this.#dirty.push(cell)
    this.#order?.set(cell.key, true)
  }

  /** Takes one change back: the record that made it failed. Changes are taken back in reverse, so its mark is the last one. */
  #restore(key: string, before: Cell<V> | undefined): void {
    const cell = this.#cells.get(key)!
    if (before === undefined) this.#cells.delete(key)
    else Object.assign(cell, before)
    if (before?.dirty) return
    const at = this.#dirty.lastIndexOf(cell)
    if (at >= 0) this.#dirty.splice(at, 1)
    this.#order?.delete(key)
  }

  /** Entries with `from <= key < to`, in order; changing the store while going through them is safe. */
  range(from: string | undefined, to: string | undefined, options: RangeOptions = {}): [string, V][] {
    const { backwards = false, entriesMax = Number.POSITIVE_INFINITY } = options
    const order = this.#ordered()
    const staged = (backwards ? order.backwards(from, to) : order.range(from, to))[Symbol.iterator]()
    const found: [string, V][] = []
    let ahead = staged.next()
    const takeStaged = (key: string) => {
      const value = this.#cells.get(key)!.value
      if (value !== undefined) found.push([key, value])
      ahead = staged.next()
    }
    for (const [keyBytes, valueBytes] of this.#committed(from, to, backwards)) {
      const key = this.#keyOf(keyBytes)
      while (!ahead.done && found.length < entriesMax && (backwards ? ahead.value[0] > key : ahead.value[0] < key)) {
        takeStaged(ahead.value[0])
      }
      if (found.length >= entriesMax) return found
      if (!ahead.done && ahead.value[0] === key) takeStaged(key)
      else found.push([key, this.#cells.get(key)?.value ?? this.#codec.decode(valueBytes)])
    }
    while (!ahead.done && found.length < entriesMax) takeStaged(ahead.value[0])
    return found
  }

  #committed(from: string | undefined, to: string | undefined, backwards = false) {
    const prefix = this.#prefix
    const first = from === undefined && prefix === '' ? undefined : bytesBehind(prefix, from ?? '')
    const end = to === undefined ? after(prefix) : prefix + to
    return this.#base.range(first, end === undefined ? undefined : bytesOf(end), backwards)
  }

  #keyOf(bytes: Uint8Array): string {
    return binaryOf(this.#prefix === '' ? bytes : bytes.subarray(this.#prefix.length))
  }

  /** Deletes entries with `from <= key < to`, unread and at most so many (staged ones come on top), and tells how many. */
  deleteRange(from: string, to: string, entriesMax: number): number {
    let deleted = 0
    for (const [keyBytes] of this.#committed(from, to)) {
      const key = this.#keyOf(keyBytes)
      const cell = this.#cells.get(key)
      if (cell?.dirty && cell.value === undefined) continue
      if (deleted === entriesMax) break
      deleted++
      this.delete(key)
    }
    // Where no range has asked for an order, going through what one commit changed is cheaper than making one.
    const staged = this.#order
      ? [...this.#order.range(from, to)].map(([key]) => key)
      : this.#dirty.map(({ key }) => key)
    for (const key of staged) if (from <= key && key < to) this.delete(key)
    return deleted
  }

  #ordered(): SortedMap<true> {
    if (this.#order === undefined) {
      this.#order = new SortedMap()
      for (const { key } of this.#dirty) this.#order.set(key, true)
    }
    return this.#order
  }

  get dirtyEntries(): number {
    return this.#dirty.length
  }

  /** What a commit has to write, each changed key once. */
  changes(): [Uint8Array, Uint8Array | null][] {
    return this.#dirty.map(({ key, value }) => [
      bytesBehind(this.#prefix, key),
      value === undefined ? null : this.#codec.encode(value),
    ])
  }

  /** The changes are in the committed content now. */
  committed(): void {
    for (const cell of this.#dirty) cell.dirty = false
    this.#dirty = []
    this.#order?.clear()
    this.#evict()
  }

  /** The changes will never be committed. What was read may be stale too, for a commit can have happened unseen. */
  dropped(): void {
    this.#cells = new Map()
    this.#dirty = []
    this.#order = undefined
  }

  /** Second chance: an entry used since the last pass is moved to the end once before it goes. */
  #evict(): void {
    let excess = this.#cells.size - cachedEntriesMax
    if (excess <= 0) return
    for (const [key, cell] of this.#cells) {
      this.#cells.delete(key)
      if (cell.used) {
        cell.used = false
        this.#cells.set(key, cell)
      } else if (--excess <= 0) return
    }
  }
}
