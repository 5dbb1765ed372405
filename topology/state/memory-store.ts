import type { Checkpoint, Store } from '../ports/log.ts'
import { binaryOf, bytesOf } from '../text.ts'
import { SortedMap } from './sorted-map.ts'

const optional = (key: Uint8Array | undefined) => (key === undefined ? undefined : binaryOf(key))

/**
 * The Store port in memory: for tests, and the model that other stores are held against.
 * @example const store = new MemoryStore()
 */
export class MemoryStore implements Store {
  readonly #entries = new SortedMap<Uint8Array>()
  #checkpoint: Checkpoint | undefined

  get checkpoint(): Checkpoint | undefined {
    return this.#checkpoint
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#entries.get(binaryOf(key))
  }

  *range(
    from: Uint8Array | undefined,
    to: Uint8Array | undefined,
    backwards = false,
  ): Generator<[Uint8Array, Uint8Array]> {
    const entries = backwards
      ? this.#entries.backwards(optional(from), optional(to))
      : this.#entries.range(optional(from), optional(to))
    for (const [key, value] of entries) yield [bytesOf(key), value]
  }

  write(entries: readonly (readonly [Uint8Array, Uint8Array | null])[], checkpoint: Checkpoint): void {
    for (const [key, value] of entries) {
      if (value === null) this.#entries.delete(binaryOf(key))
      else this.#entries.set(binaryOf(key), value)
    }
    this.#checkpoint = checkpoint
  }

  clear(): void {
    this.#entries.clear()
    this.#checkpoint = undefined
  }

  close(): void {}
}
