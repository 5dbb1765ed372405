import { crc32 } from 'node:zlib'
import type { Checkpoint, Store, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import { type Bytes, bytesOf, damaged, type Environment, entriesOf } from './environment.ts'
import { beforeAll, firstKey } from './keys.ts'

// Each store of each partition is a database of its own: its size is known without counting, and it is emptied by itself.
// A value stands behind the check sum of its key and itself, so that a flipped bit is noticed when it is read.

const sumBytes = 4

const nameOf = ({ changelog, partition }: Place): string => `store/${changelog}/${partition}`

/** What names a store in a data folder. The changelog's name says topology and store, also where no changelog is kept. */
export type Place = Pick<StoreName, 'changelog' | 'partition'>

/** What one store takes. */
export interface StoreSize extends Place {
  readonly entries: number
  readonly bytes: number
}

/** Changes to a store, with what its checkpoint is from then on. */
export interface CheckedChanges extends Place {
  readonly entries: StoreChanges['entries']
  readonly checkpoint: Checkpoint
}

/** The stores of all topologies in a data folder. */
export class Stores {
  readonly #environment: Environment
  readonly #checkpoints: Bytes

  constructor(environment: Environment) {
    this.#environment = environment
    this.#checkpoints = environment.database('checkpoints')
  }

  open(place: Place): LmdbStore {
    const name = nameOf(place)
    return new LmdbStore(this.#environment, this, this.#environment.database(name), this.#checkpoints, place)
  }

  /** Entries and checkpoints of any number of stores, in one transaction. */
  write(changes: readonly CheckedChanges[]): void {
    const work = this.prepared(changes)
    this.#environment.transaction(() => {
      work()
      for (const { checkpoint, ...place } of changes)
        this.#checkpoints.put(Buffer.from(nameOf(place)), Buffer.from(JSON.stringify(checkpoint)))
    })
  }

  /** What is to be done inside a transaction; databases of new stores are made at once, for they need one of their own. */
  prepared(changes: readonly (Place & Pick<StoreChanges, 'entries'>)[]): () => void {
    const stores = changes.map(({ entries, ...place }) => ({
      entries,
      database: this.#environment.database(nameOf(place)),
    }))
    return () => {
      for (const { entries, database } of stores) writeEntries(database, entries)
    }
  }

  /** Every store of a data folder. */
  sizes(): StoreSize[] {
    return this.#environment.names('store/').map(name => {
      const [, changelog, partition] = /^store\/(.*)\/(\d+)$/s.exec(name)!
      const database = this.#environment.database(name)
      const place = { changelog: changelog!, partition: Number(partition) }
      return { ...place, entries: entriesOf(database), bytes: bytesOf(database) }
    })
  }

  /** Inside a transaction only: nothing of it remains, its checkpoint neither. */
  empty(place: Place): void {
    const name = nameOf(place)
    const database = this.#environment.database(name)
    for (const key of [...database.getKeys({ start: firstKey })]) database.remove(key)
    this.#checkpoints.remove(Buffer.from(name))
  }
}

const writeEntries = (database: Bytes, entries: StoreChanges['entries']): void => {
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
  room.writeUInt32BE(crc32(value, crc32(key)), 0)
  room.set(value, sumBytes)
  return room.subarray(0, size)
}

/** One store: committed content, and its checkpoint where the log keeps its changes in a changelog. */
export class LmdbStore implements Store {
  readonly #environment: Environment
  readonly #stores: Stores
  readonly #entries: Bytes
  readonly #checkpoints: Bytes
  readonly #place: Place

  constructor(environment: Environment, stores: Stores, entries: Bytes, checkpoints: Bytes, place: Place) {
    this.#environment = environment
    this.#stores = stores
    this.#entries = entries
    this.#checkpoints = checkpoints
    this.#place = place
  }

  get checkpoint(): Checkpoint | undefined {
    const found = this.#checkpoints.get(Buffer.from(nameOf(this.#place)))
    return found && (JSON.parse(Buffer.from(found).toString()) as Checkpoint)
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const found = this.#entries.get(key)
    return found && this.#checked(key, found)
  }

  #checked(key: Uint8Array, found: Uint8Array): Uint8Array {
    const bytes = found as Buffer
    const value = bytes.subarray(sumBytes)
    if (bytes.length >= sumBytes && bytes.readUInt32BE(0) === crc32(value, crc32(key))) return value
    const where = `the value of ${JSON.stringify(Buffer.from(key).toString('latin1'))} in ${nameOf(this.#place)}`
    throw damaged(this.#environment.folder, `${where} has not the check sum that it was written with`)
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards = false,
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

  write(entries: StoreChanges['entries'], checkpoint: Checkpoint): void {
    this.#stores.write([{ ...this.#place, entries, checkpoint }])
  }

  clear(): void {
    this.#environment.transaction(() => this.#stores.empty(this.#place), { frees: true })
  }

  /** The environment stays open: other stores are in it. */
  close(): void {}
}
