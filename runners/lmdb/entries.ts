import type { ReadableStore } from '../../topology/ports/log.ts'
import type { Bytes } from './environment.ts'
import { after } from './keys.ts'

/** Keys behind a prefix, in memory that the next one takes again: LMDB has copied a key when the call returns. */
export const keyIn = (prefix: Buffer): ((key: Uint8Array) => Buffer) => {
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

/** The entries of one database whose keys begin with a prefix: one store among others. */
export class Entries implements ReadableStore {
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
