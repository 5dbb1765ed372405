import type { Checkpoint, ReadableStore, Store } from '../../topology/ports/log.ts'
import { Entries, keyIn } from './entries.ts'
import type { Bytes, Environment } from './environment.ts'
import { after, numberKey } from './keys.ts'

type Changes = readonly (readonly [key: Uint8Array, value: Uint8Array | null])[]

/** Entries taken away in one transaction when a store is emptied. */
const clearedMax = 50_000

/** The stores of one environment, each under a number of its own, with its checkpoint beside its entries. */
export class LmdbStores {
  readonly #environment: Environment
  readonly #numbers: Bytes
  readonly #entries: Bytes
  readonly #checkpoints: Bytes

  constructor(environment: Environment) {
    this.#environment = environment
    this.#numbers = environment.database('stores')
    this.#entries = environment.database('state')
    this.#checkpoints = environment.database('checkpoints')
  }

  open(name: string): LmdbStore {
    return new LmdbStore(this.#environment, this.#entries, this.#checkpoints, this.#prefix(Buffer.from(name)))
  }

  /** Several stores in one transaction: all of it or nothing. */
  write(
    writes: readonly { readonly store: LmdbStore; readonly entries: Changes; readonly checkpoint: Checkpoint }[],
  ): void {
    if (writes.length === 0) return
    this.#environment.transaction(() => {
      for (const { store, entries, checkpoint } of writes) store.put(entries, checkpoint)
    })
    for (const { store, checkpoint } of writes) store.kept(checkpoint)
  }

  #prefix(name: Buffer): Buffer {
    const found = this.#numbers.get(name)
    if (found !== undefined) return Buffer.from(found)
    return this.#environment.transaction(() => {
      const prefix = numberKey([this.#numbers.getKeysCount({}), 4])
      this.#numbers.put(name, prefix)
      return prefix
    })
  }
}

/** The Store port on LMDB. */
export class LmdbStore implements Store {
  readonly #environment: Environment
  readonly #entries: Bytes
  readonly #checkpoints: Bytes
  readonly #prefix: Buffer
  readonly #read: ReadableStore
  readonly #at: (key: Uint8Array) => Buffer
  #checkpoint: Checkpoint | undefined

  constructor(environment: Environment, entries: Bytes, checkpoints: Bytes, prefix: Buffer) {
    this.#environment = environment
    this.#entries = entries
    this.#checkpoints = checkpoints
    this.#prefix = prefix
    this.#read = new Entries(entries, prefix)
    this.#at = keyIn(prefix)
    const found = checkpoints.get(prefix)
    this.#checkpoint = found && (JSON.parse(Buffer.from(found).toString()) as Checkpoint)
  }

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#read.get(key)
  }

  range(from: Uint8Array | undefined, to: Uint8Array | undefined, backwards = false) {
    return this.#read.range(from, to, backwards)
  }

  get size(): number {
    return this.#read.size
  }

  write(entries: Changes, checkpoint: Checkpoint): void {
    this.#environment.transaction(() => this.put(entries, checkpoint))
    this.kept(checkpoint)
  }

  /** Inside a transaction only. */
  put(entries: Changes, checkpoint: Checkpoint): void {
    for (const [key, value] of entries) {
      if (value === null) this.#entries.remove(this.#at(key))
      else this.#entries.put(this.#at(key), value)
    }
    this.#checkpoints.put(this.#prefix, Buffer.from(JSON.stringify(checkpoint)))
  }

  /** The transaction with this checkpoint has been written. */
  kept(checkpoint: Checkpoint): void {
    this.#checkpoint = checkpoint
  }

  clear(): void {
    this.#environment.transaction(() => this.#checkpoints.remove(this.#prefix))
    this.#checkpoint = undefined
    for (;;) {
      const keys = [...this.#entries.getKeys({ start: this.#prefix, end: after(this.#prefix), limit: clearedMax })]
      if (keys.length === 0) return
      this.#environment.transaction(() => {
        for (const key of keys) this.#entries.remove(key)
      })
    }
  }

  close(): void {
    // The environment is closed by whoever opened it.
  }
}
