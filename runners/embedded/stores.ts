import type { ReadableStore, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import { Entries, keyIn } from '../lmdb/entries.ts'
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
    return new Entries(this.#entries, this.#prefix(name))
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

  /** Empties every partition of the store whose changes have this name. Inside a transaction only. */
  clear(changelog: string): void {
    const number = this.#numbers.get(Buffer.from(changelog))
    if (number === undefined) return
    const prefix = Buffer.from(number)
    for (const key of [...this.#entries.getKeys({ start: prefix, end: after(prefix) })]) this.#entries.remove(key)
  }

  /** Finds the prefixes before the transaction, for a new store takes one of its own. */
  placed(changes: readonly StoreChanges[]): (StoreChanges & { readonly prefix: Buffer })[] {
    return changes.map(change => ({ ...change, prefix: this.#prefix(change) }))
  }
}
