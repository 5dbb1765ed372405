import { TopologyError } from '../errors.ts'
import type { Codec } from '../ports/codec.ts'
import { room } from '../room.ts'
import { viewOf } from '../time-bytes.ts'
import { after, dataTag, type KeyCoder, keyCoder, sized } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

/** LMDB's own limit is 1,978 bytes. */
const bothKeysBytesMax = 1900

/** Who refers to a row, and where it lives: four bytes, big endian. */
const partitionCodec: ValueCodec<number> = {
  encode(partition) {
    const bytes = room(4)
    viewOf(bytes).setUint32(0, partition)
    return bytes
  },
  decode: bytes => viewOf(bytes).getUint32(0),
}

interface SubscriberStore {
  codecs(store: string): { readonly key: Codec<unknown>; readonly value: Codec<unknown> }
  staged<V>(store: string, codec: ValueCodec<V>): Staged<V>
}

/** Which rows refer to which row of another table, in the order of their keys' bytes. The other table's key is the store's key format, theirs its value format. */
export class Subscribers {
  readonly #staged: Staged<number>
  readonly #foreign: KeyCoder<unknown>
  readonly #keys: KeyCoder<unknown>

  constructor(context: SubscriberStore, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, partitionCodec)
    this.#foreign = keyCoder(key)
    this.#keys = keyCoder(value)
  }

  /** The foreign key as answers carry it. */
  binary(foreign: unknown): string {
    return this.#foreign.of(foreign)
  }

  #at(foreign: string, key: unknown): string {
    const at = dataTag + sized(foreign) + this.#keys.of(key)
    if (at.length <= bothKeysBytesMax) return at
    throw new TopologyError(
      'KEY_LONG',
      'a store',
      `a key and the key that it refers to have ${at.length} bytes, stores take ${bothKeysBytesMax}`,
    )
  }

  put(foreign: string, key: unknown, partition: number): void {
    this.#staged.put(this.#at(foreign, key), partition)
  }

  delete(foreign: string, key: unknown): void {
    this.#staged.delete(this.#at(foreign, key))
  }

  /** Everyone who refers to this key. */
  of(foreign: string): { readonly key: unknown; readonly partition: number }[] {
    const prefix = dataTag + sized(foreign)
    return this.#staged
      .range(prefix, after(prefix))
      .map(([at, partition]) => ({ key: this.#keys.back(at.slice(prefix.length)), partition }))
  }
}
