import type { Checkpoint, ReadableStore, StoreChanges } from '../../topology/ports/log.ts'
import type { LmdbStore, StoreWrite } from '../lmdb/store.ts'

type Entry = StoreChanges['entries'][number]

/**
 * A store whose newest committed changes wait in memory, to be written together: they stand in the changelog, so a crash
 * loses nothing of them, and one write for many commits spares the disk most of the work.
 */
export class PendingStore implements ReadableStore {
  readonly store: LmdbStore
  readonly topicId: string
  /** Where its changelog ends at least, by what we have written. */
  offset: number
  readonly #logId: string
  #pending = new Map<string, Entry>()
  readonly #flush: () => void

  constructor(store: LmdbStore, checkpoint: Pick<Checkpoint, 'logId' | 'topicId' | 'offset'>, flush: () => void) {
    this.store = store
    this.#logId = checkpoint.logId
    this.topicId = checkpoint.topicId
    this.offset = checkpoint.offset
    this.#flush = flush
  }

  get waiting(): number {
    return this.#pending.size
  }

  add(entries: StoreChanges['entries']): void {
    for (const entry of entries) this.#pending.set(nameOf(entry[0]), entry)
    // Each change is a record, and the mark of the transaction is one more offset. Where others stand in between, this is
    // too low, and what is read twice changes nothing.
    this.offset += entries.length + 1
  }

  /** What waits, to be written with its checkpoint. */
  get write(): StoreWrite {
    const { store, topicId, offset } = this
    const checkpoint = { logId: this.#logId, topicId, offset, timeMs: Date.now() }
    return { store, entries: [...this.#pending.values()], checkpoint }
  }

  /** It has been written. */
  written(): void {
    this.#pending = new Map()
  }

  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#pending.size > 0) {
      const found = this.#pending.get(nameOf(key))
      if (found !== undefined) return found[1] ?? undefined
    }
    return this.store.get(key)
  }

  range(from: Uint8Array | undefined, to: Uint8Array | undefined, backwards = false) {
    if (this.#pending.size > 0) this.#flush()
    return this.store.range(from, to, backwards)
  }

  get size(): number {
    if (this.#pending.size > 0) this.#flush()
    return this.store.size
  }
}

const nameOf = (key: Uint8Array): string => Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')
