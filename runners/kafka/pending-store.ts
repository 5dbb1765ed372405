import type { Checkpoint, ReadableStore, StoreChanges } from '../../topology/ports/log.ts'
import { SortedMap } from '../../topology/state/sorted-map.ts'
import type { LmdbStore, StoreWrite } from '../lmdb/store.ts'

type Entry = StoreChanges['entries'][number]
/** A range that has passed so many deleted entries on disk has them deleted there before the next one. */
const passedMax = 1_000

/** By the binary strings of their keys: the bytes are made again when they are written. Null: deleted. */
type Values = ReadonlyMap<string, Uint8Array | null>

/** Part of what waits, and how far that is. */
export interface Slice {
  readonly write: StoreWrite
  readonly upTo: number
}

/**
 * A store whose newest committed changes wait in memory, to be written together: they stand in the changelog, so a crash
 * loses nothing of them, and one write for many commits spares the disk most of the work. What waits is written slice by
 * slice, and the checkpoint with the last one: what a crash leaves in between is written again from the changelog.
 */
export class PendingStore implements ReadableStore {
  readonly store: LmdbStore
  readonly topicId: string
  /** Where its changelog ends at least, by what we have written. */
  offset: number
  readonly #logId: string
  #pending = new Map<string, Uint8Array | null>()
  /** What is being written, and what of it has been, in this order. */
  #leaving: Values = new Map()
  #names: readonly string[] = []
  #left = 0
  /** Where the changelog stood when it began. */
  #leavingOffset = 0
  /** The names of all that waits, in order; made when the first range asks for it. */
  #order: SortedMap<true> | undefined
  #crowded = false
  readonly #flush: () => void

  constructor(store: LmdbStore, checkpoint: Pick<Checkpoint, 'logId' | 'topicId' | 'offset'>, flush: () => void) {
    this.store = store
    this.#logId = checkpoint.logId
    this.topicId = checkpoint.topicId
    this.offset = checkpoint.offset
    this.#flush = flush
  }

  get waiting(): number {
    return this.#pending.size + this.#names.length - this.#left
  }

  /** Something of it is being written in slices. */
  get leaving(): boolean {
    return this.#names.length > 0
  }

  add(entries: StoreChanges['entries']): void {
    for (const [key, value] of entries) {
      const name = nameOf(key)
      this.#pending.set(name, value)
      this.#order?.set(name, true)
    }
    // Each change is a record, and the mark of the transaction is one more offset. Where others stand in between, this is
    // too low, and what is read twice changes nothing.
    this.offset += entries.length + 1
  }

  /** What waits now is to be written in slices. */
  begin(): void {
    if (this.#names.length > 0) return
    this.#leaving = this.#pending
    this.#names = [...this.#pending.keys()]
    this.#leavingOffset = this.offset
    this.#pending = new Map()
  }

  /** The next entries to be written, at most so many; undefined: all that had waited are. */
  slice(entriesMax: number): Slice | undefined {
    if (this.#names.length === 0) return undefined
    const upTo = Math.min(this.#names.length, this.#left + entriesMax)
    const checkpoint = upTo === this.#names.length ? this.#checkpoint(this.#leavingOffset) : undefined
    return { write: { store: this.store, entries: this.#rest(upTo), checkpoint }, upTo }
  }

  /** Of what is being written, up to there; what has changed since is behind the checkpoint and comes with the next writing. */
  #rest(upTo: number): Entry[] {
    const entries: Entry[] = []
    for (let at = this.#left; at < upTo; at++) {
      const name = this.#names[at]!
      if (!this.#pending.has(name)) entries.push([keyOf(name), this.#leaving.get(name)!])
    }
    return entries
  }

  wrote({ upTo }: Slice): void {
    this.#left = upTo
    if (upTo === this.#names.length) this.#end()
  }

  #end(): void {
    this.#leaving = new Map()
    this.#names = []
    this.#left = 0
    this.#order = undefined
  }

  /** All that waits, to be written with its checkpoint. */
  get write(): StoreWrite {
    const entries = this.#rest(this.#names.length)
    for (const [name, value] of this.#pending) entries.push([keyOf(name), value])
    return { store: this.store, entries, checkpoint: this.#checkpoint(this.offset) }
  }

  /** All of it has been written. */
  written(): void {
    this.#crowded = false
    this.#pending = new Map()
    this.#end()
  }

  #checkpoint(offset: number): Checkpoint {
    return { logId: this.#logId, topicId: this.topicId, offset, timeMs: Date.now() }
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#pending.size + this.#names.length > 0) {
      const found = this.#waits(nameOf(key))
      if (found !== undefined) return found ?? undefined
    }
    return this.store.get(key)
  }

  #waits(name: string): Uint8Array | null | undefined {
    const found = this.#pending.get(name)
    return found === undefined ? this.#leaving.get(name) : found
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards = false,
  ): Generator<readonly [Uint8Array, Uint8Array]> {
    if (this.#crowded) this.#flush()
    if (this.#pending.size + this.#names.length === 0) {
      yield* this.store.range(from, to, backwards)
      return
    }
    const order = this.#ordered()
    const ends = [from && nameOf(from), to && nameOf(to)] as const
    const waiting = backwards ? order.backwards(...ends) : order.range(...ends)
    let next = waiting.next()
    let passed = 0
    for (const stored of this.store.range(from, to, backwards)) {
      const name = nameOf(stored[0])
      for (; !next.done && (backwards ? next.value[0] > name : next.value[0] < name); next = waiting.next())
        yield* this.#present(next.value[0])
      if (next.done || next.value[0] !== name) yield stored
      else if (this.#waits(name) === null && ++passed >= passedMax) this.#crowded = true
    }
    for (; !next.done; next = waiting.next()) yield* this.#present(next.value[0])
  }

  #ordered(): SortedMap<true> {
    if (this.#order === undefined) {
      this.#order = new SortedMap()
      for (const names of [this.#names, this.#pending.keys()]) for (const name of names) this.#order.set(name, true)
    }
    return this.#order
  }

  /** Nothing where it was deleted. */
  *#present(name: string): Generator<readonly [Uint8Array, Uint8Array]> {
    const value = this.#waits(name)
    if (value) yield [keyOf(name), value]
  }

  get size(): number {
    if (this.waiting > 0) this.#flush()
    return this.store.size
  }
}

const nameOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
const keyOf = (name: string): Uint8Array => Buffer.from(name, 'latin1')
