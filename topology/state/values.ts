import type { Codec } from '../ports/codec.ts'
import { dataTag, type KeyCoder, keyCoder } from './keys.ts'
import type { RowStore } from './rows.ts'
import type { Staged, ValueCodec } from './staged.ts'

export interface ValuesRange {
  readonly from?: unknown
  readonly to?: unknown
  readonly backwards?: boolean
  readonly entriesMax?: number
}

/** Plain values under keys: what own code keeps. */
export class Values {
  readonly #staged: Staged<unknown>
  readonly #keys: KeyCoder<unknown>

  constructor(context: RowStore, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, value as ValueCodec<unknown>, dataTag)
    this.#keys = keyCoder(key as Codec<unknown>)
  }

  get(key: unknown): unknown {
    return this.#staged.get(this.#keys.of(key))
  }

  put(key: unknown, value: unknown): void {
    this.#staged.put(this.#keys.of(key), value)
  }

  delete(key: unknown): void {
    this.#staged.delete(this.#keys.of(key))
  }

  /** Entries with `from <= key < to`, in the order of the keys' bytes. */
  range({ from, to, ...options }: ValuesRange = {}): [unknown, unknown][] {
    const keyOf = (key: unknown) => (key === undefined ? undefined : this.#keys.of(key))
    return this.#staged.range(keyOf(from), keyOf(to), options).map(([key, value]) => [this.#keys.back(key), value])
  }
}
