import type { Row } from '../operators/operator.ts'
import type { Codec } from '../ports/codec.ts'
import { dataTag, type KeyCoder, keyCoder } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'

const timeBytes = 8

/** A value with the time of its last change: 8 bytes, big endian, then the value. */
export const rowCodec = <V>(value: ValueCodec<V>): ValueCodec<Row<V>> => ({
  encode(row) {
    const bytes = value.encode(row.value)
    const written = new Uint8Array(timeBytes + bytes.length)
    const view = new DataView(written.buffer)
    view.setUint32(0, Math.floor(row.timestamp / 0x1_0000_0000))
    view.setUint32(4, row.timestamp >>> 0)
    written.set(bytes, timeBytes)
    return written
  },
  decode(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, timeBytes)
    const timestamp = view.getUint32(0) * 0x1_0000_0000 + view.getUint32(4)
    return { value: value.decode(bytes.subarray(timeBytes)), timestamp }
  },
})

interface RowStore {
  codecs(store: string): { readonly key: Codec<unknown, unknown>; readonly value: Codec<unknown, unknown> }
  staged<V>(store: string, codec: ValueCodec<V>): Staged<V>
}

/** One row for each key: what tables and aggregates keep. */
export class Rows<V = unknown> {
  readonly #staged: Staged<Row<V>>
  readonly #keys: KeyCoder<unknown>

  constructor(context: RowStore, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, rowCodec(value as ValueCodec<V>))
    this.#keys = keyCoder(key)
  }

  get(key: unknown): Row<V> | undefined {
    return this.#staged.get(dataTag + this.#keys.of(key))
  }

  put(key: unknown, value: V, timestamp: number): void {
    this.#staged.put(dataTag + this.#keys.of(key), { value, timestamp })
  }

  delete(key: unknown): void {
    this.#staged.delete(dataTag + this.#keys.of(key))
  }
}
