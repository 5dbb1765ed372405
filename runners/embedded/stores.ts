import type { ReadableStore, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { after, numberKey } from '../lmdb/keys.ts'

/** The stores of all topologies in a data folder: one database, each store under a number of its own. */
export class Stores {
  readonly #environment: Environment
  readonly #numbers: Bytes
  readonly #entries: Bytes

  constructor(environment: Environment) {
    this.#environment = environment
    this.#numbers = environment.database('stores')
    this.#entries = environment.database('state')
  }

  /** The changelog's name says topology and store: it names the store though no changelog is kept. */
  #prefix({ changelog, partition }: StoreName): Buffer {
    const name = Buffer.from(changelog)
    let found = this.#numbers.get(name)
    if (found === undefined) {
      this.#environment.transaction(() => {
        found = this.#numbers.get(name) ?? numberKey([this.#numbers.getKeysCount({}), 4])
        this.#numbers.put(name, found)
      })
    }
    return Buffer.concat([found!, numberKey([partition, 2])])
  }

  open(name: StoreName): ReadableStore {
    return new EmbeddedStore(this.#entries, this.#prefix(name))
  }

  /** Inside a transaction only. */
  write(changes: readonly (StoreChanges & { readonly prefix: Buffer })[]): void {
    for (const { prefix, entries } of changes) {
      const at = keyIn(prefix)
      for (const [key, value] of entries) {
        if (value === null) this.#entries.remove(at(key))
        else this.#entries.put(at(key), value)
      }
    }
  }

  /** Finds the prefixes before the transaction, for a new store takes one of its own. */
  placed(changes: readonly StoreChanges[]): (StoreChanges & { readonly prefix: Buffer })[] {
    return changes.map(change => ({ ...change, prefix: this.#prefix(change) }))
  }
}

/** Keys behind a prefix, in memory that the next one takes again: LMDB has copied a key when the call returns. */
const keyIn = (prefix: Buffer): ((key: Uint8Array) => Buffer) => {
  let room = Buffer.alloc(prefix.length + 64)
  prefix.copy(room)
  return key => {
    const size = prefix.length + key.length
    if (size > room.length) {
      room = Buffer.alloc(2 * size)
      prefix.copy(room)
    }
    room.set(key, prefix.length)
    return room.subarray(0, size)
  }
}

class EmbeddedStore implements ReadableStore {
  readonly #entries: Bytes
  readonly #prefix: Buffer
  readonly #at: (key: Uint8Array) => Buffer

  constructor(entries: Bytes, prefix: Buffer) {
    this.#entries = entries
    this.#prefix = prefix
    this.#at = keyIn(prefix)
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(this.#at(key))
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards = false,
  ): Generator<[Uint8Array, Uint8Array]> {
    const low = from === undefined ? this.#prefix : Buffer.concat([this.#prefix, from])
    const high = to === undefined ? after(this.#prefix) : Buffer.concat([this.#prefix, to])
    if (Buffer.compare(low, high) >= 0) return
    if (!backwards) {
      for (const { key, value } of this.#entries.getRange({ start: low, end: high })) yield [this.#own(key), value]
      return
    }
    // Backwards, LMDB takes its start and leaves out its end; a range takes its lower end and leaves out its upper one.
    for (const { key, value } of this.#entries.getRange({ start: high, reverse: true })) {
      if (Buffer.compare(key, high) >= 0) continue
      if (Buffer.compare(key, low) < 0) return
      yield [this.#own(key), value]
    }
  }

  #own(key: Uint8Array): Uint8Array {
    return Buffer.from(key).subarray(this.#prefix.length)
  }

  get size(): number {
    return this.#entries.getKeysCount({ start: this.#prefix, end: after(this.#prefix) })
  }
}
