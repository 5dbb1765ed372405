import type { Checkpoint, Store, StoreChanges } from '../../topology/ports/log.ts'
import { type Bytes, bytesOf, type Environment, entriesOf } from './environment.ts'
import { damaged, inPages } from './errors.ts'
import { beforeAll, firstKey } from './keys.ts'
import { sumOf } from './sum.ts'

// Each store of each partition is a database of its own: its size is known without counting, and it is emptied by itself.
// A value stands behind the check sum of its key and itself, so that a flipped bit is noticed when it is read.

const sumBytes = 4

const databaseOf = (name: string): string => `store/${name}`

type Entries = StoreChanges['entries']

/** What one store takes. */
export interface StoreSize {
  readonly name: string
  readonly entries: number
  readonly bytes: number
}

/** Changes to a store, with what its checkpoint is from then on; undefined: it stays, for more of them are to come. */
export interface StoreWrite {
  readonly store: LmdbStore
  readonly entries: Entries
  readonly checkpoint: Checkpoint | undefined
}

/** The stores of one environment, by their names. */
export class LmdbStores {
  readonly #environment: Environment
  readonly #checkpoints: Bytes

  constructor(environment: Environment) {
    this.#environment = environment
    this.#checkpoints = environment.database('checkpoints')
  }

  open(name: string): LmdbStore {
    return new LmdbStore(this, this.#environment.database(databaseOf(name)), this.#environment.folder, name)
  }

  checkpoint(name: string): Checkpoint | undefined {
    const found = this.#checkpoints.get(Buffer.from(name))
    return found && (JSON.parse(Buffer.from(found).toString()) as Checkpoint)
  }

  /** Several stores in one transaction: all of it or nothing. */
  write(writes: readonly StoreWrite[]): void {
    if (writes.length === 0) return
    const work = this.prepared(writes.map(({ store, entries }) => [store.name, entries]))
    this.#environment.transaction(() => {
      work()
      for (const { store, checkpoint } of writes)
        if (checkpoint !== undefined)
          this.#checkpoints.put(Buffer.from(store.name), Buffer.from(JSON.stringify(checkpoint)))
    })
  }

  /** What is to be done inside a transaction; databases of new stores are made at once, for they need one of their own. */
  prepared(changes: readonly (readonly [name: string, entries: Entries])[]): () => void {
    const stores = changes.map(([name, entries]) => [this.#environment.database(databaseOf(name)), entries] as const)
    return () => {
      for (const [database, entries] of stores) writeEntries(database, entries)
    }
  }

  /** Every store, whether it is open or not. */
  sizes(): StoreSize[] {
    const prefix = databaseOf('')
    return this.#environment.names(prefix).map(found => {
      const database = this.#environment.database(found)
      return { name: found.slice(prefix.length), entries: entriesOf(database), bytes: bytesOf(database) }
    })
  }

  /** Reads every entry, and throws where one is not as it was written. */
  check(): void {
    for (const { name, entries } of this.sizes()) {
      let found = 0
      let last = Buffer.alloc(0)
      for (const [key] of this.open(name).range(undefined, undefined)) {
        if (Buffer.compare(last, key) >= 0) throw damaged(this.#environment.folder, `the store ${name} is out of order`)
        last = Buffer.from(key)
        found++
      }
      if (found === entries) continue
      const what = `the store ${name} has ${found} entries, and ${entries} were written`
      throw damaged(this.#environment.folder, what)
    }
  }

  /** Empties it in a transaction of its own. */
  clear(name: string): void {
    this.#environment.transaction(() => this.empty(name), { frees: true })
  }

  /** Inside a transaction only: nothing of it remains, its checkpoint neither. */
  empty(name: string): void {
    // Its pages are given free without a look at them: a million entries take some milliseconds.
    this.#environment.database(databaseOf(name)).clearSync()
    this.#checkpoints.remove(Buffer.from(name))
  }
}

const writeEntries = (database: Bytes, entries: Entries): void => {
  for (const [key, value] of entries) {
    if (value === null) database.remove(key)
    else database.put(key, summed(key, value))
  }
}

/** In memory that the next one takes again: LMDB has copied it when the call returns. */
let room = Buffer.allocUnsafe(4_096)

const summed = (key: Uint8Array, value: Uint8Array): Buffer => {
  const size = sumBytes + value.length
  if (size > room.length) room = Buffer.allocUnsafe(2 * size)
  room.writeUInt32BE(sumOf(key, value), 0)
  room.set(value, sumBytes)
  return room.subarray(0, size)
}

/** One store: committed content, and its checkpoint where the log keeps its changes in a changelog. */
export class LmdbStore implements Store {
  readonly name: string
  readonly #stores: LmdbStores
  readonly #entries: Bytes
  readonly #folder: string

  constructor(stores: LmdbStores, entries: Bytes, folder: string, name: string) {
    this.#stores = stores
    this.#entries = entries
    this.#folder = folder
    this.name = name
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#stores.checkpoint(this.name)
  }

  get(key: Uint8Array): Uint8Array | undefined {
    let found: Uint8Array | undefined
    try {
      found = this.#entries.get(key)
    } catch (error) {
      throw inPages(this.#folder, error as Error)
    }
    return found && this.#checked(key, found)
  }

  #checked(key: Uint8Array, found: Uint8Array): Uint8Array {
    const bytes = found as Buffer
    const value = bytes.subarray(sumBytes)
    if (bytes.length >= sumBytes && bytes.readUInt32BE(0) === sumOf(key, value)) return value
    const where = `the value of ${JSON.stringify(Buffer.from(key).toString('latin1'))} in the store ${this.name}`
    throw damaged(this.#folder, `${where} has not the check sum that it was written with`)
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards = false,
  ): Generator<[Uint8Array, Uint8Array]> {
    try {
      yield* this.#range(from, to, backwards)
    } catch (error) {
      throw inPages(this.#folder, error as Error)
    }
  }

  *#range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards: boolean,
  ): Generator<[Uint8Array, Uint8Array]> {
    if (from !== undefined && to !== undefined && Buffer.compare(from, to) >= 0) return
    if (!backwards) {
      for (const { key, value } of this.#entries.getRange({ start: from ?? firstKey, ...(to && { end: to }) }))
        yield [key, this.#checked(key, value)]
      return
    }
    // Backwards, LMDB takes its start and leaves out its end; a range takes its lower end and leaves out its upper one.
    for (const { key, value } of this.#entries.getRange({ ...(to && { start: to }), end: beforeAll, reverse: true })) {
      if (to !== undefined && Buffer.compare(key, to) >= 0) continue
      if (from !== undefined && Buffer.compare(key, from) < 0) return
      yield [key, this.#checked(key, value)]
    }
  }

  get size(): number {
    return entriesOf(this.#entries)
  }

  /** What its pages take of the file. */
  get bytes(): number {
    return bytesOf(this.#entries)
  }

  write(entries: Entries, checkpoint: Checkpoint): void {
    this.#stores.write([{ store: this, entries, checkpoint }])
  }

  clear(): void {
    this.#stores.clear(this.name)
  }

  /** The environment stays open: other stores are in it. */
  close(): void {}
}
