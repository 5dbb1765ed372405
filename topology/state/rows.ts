import type { Row } from '../operators/operator.ts'
import type { Codec } from '../ports/codec.ts'
import { room } from '../room.ts'
import { readTime, timeBytes, writeTime } from '../time-bytes.ts'
import { dataTag, type KeyCoder, keyCoder } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

/** A value with the time of its last change: 8 bytes, big endian, then the value. */
export const rowCodec = <V>(value: ValueCodec<V>): ValueCodec<Row<V>> => ({
  encode(row) {
    const bytes = value.encode(row.value)
    const written = room(timeBytes + bytes.length)
    writeTime(written, 0, row.timestamp)
    written.set(bytes, timeBytes)
    return written
  },
  decode(bytes) {
    return { value: value.decode(bytes.subarray(timeBytes)), timestamp: readTime(bytes, 0) }
  },
})

/** Keeps a row, or deletes it where the value is null. A row that was looked at before is good until its key changes. */
export const putRow = <V>(staged: Staged<Row<V>>, at: string, value: V | null, timestamp: number): void => {
  const row: { value: V; timestamp: number } | undefined = value === null ? undefined : staged.own(at)
  if (value === null) staged.delete(at)
  else if (row === undefined) staged.put(at, { value, timestamp })
  else {
    row.value = value
    row.timestamp = timestamp
  }
}

/** What opens a store: of a context, the part that rows need. */
export interface RowStore {
  codecs(store: string): { readonly key: Codec<unknown, unknown>; readonly value: Codec<unknown, unknown> }
  staged<V>(store: string, codec: ValueCodec<V>, prefix?: string): Staged<V>
}

/** One row for each key: what tables and aggregates keep. */
export class Rows<V = unknown> {
  readonly #staged: Staged<Row<V>>
  readonly #keys: KeyCoder<unknown>

  constructor(context: RowStore, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, rowCodec(value as ValueCodec<V>), dataTag)
    this.#keys = keyCoder(key)
  }

  /** Where the key's row stands: for those who look and change at one go. */
  at(key: unknown): string {
    return this.#keys.of(key)
  }

  /** The key of the row that stands there. */
  keyAt(at: string): unknown {
    return this.#keys.back(at)
  }

  /** Every row, in the order of the keys' bytes. */
  all(): [at: string, row: Row<V>][] {
    return this.#staged.range(undefined, undefined)
  }

  rowAt(at: string): Row<V> | undefined {
    return this.#staged.get(at)
  }

  /** Null deletes. */
  putAt(at: string, value: V | null, timestamp: number): void {
    putRow(this.#staged, at, value, timestamp)
  }

  get(key: unknown): Row<V> | undefined {
    return this.#staged.get(this.at(key))
  }

  put(key: unknown, value: V, timestamp: number): void {
    putRow(this.#staged, this.at(key), value, timestamp)
  }

  delete(key: unknown): void {
    this.#staged.delete(this.at(key))
  }
}
