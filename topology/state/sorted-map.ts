/** A chunk is split in two when it holds this many entries. */
const chunkEntriesMax = 512

const lowerBound = (keys: readonly string[], key: string): number => {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}

interface Chunk<V> {
  readonly keys: string[]
  readonly values: V[]
}

/** A map that keeps its keys in order: a list of short sorted arrays, so that putting and deleting move few entries. */
export class SortedMap<V> {
  #chunks: Chunk<V>[] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The chunk that holds the key, or would. */
  #chunkAt(key: string): number {
    let low = 0
    let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#chunks[middle]!.keys[0]! <= key) low = middle
      else high = middle - 1
    }
    return low
  }

  get(key: string): V | undefined {
    const chunk = this.#chunks[this.#chunkAt(key)]
    if (chunk === undefined) return undefined
    const at = lowerBound(chunk.keys, key)
    return chunk.keys[at] === key ? chunk.values[at] : undefined
  }

  set(key: string, value: V): void {
    const index = this.#chunkAt(key)
    const chunk = this.#chunks[index]
    if (chunk === undefined) {
      this.#chunks.push({ keys: [key], values: [value] })
      this.#size = 1
      return
    }
    const at = lowerBound(chunk.keys, key)
    if (chunk.keys[at] === key) {
      chunk.values[at] = value
      return
    }
    this.#size++
    if (at === chunk.keys.length) {
      chunk.keys.push(key)
      chunk.values.push(value)
    } else {
      chunk.keys.splice(at, 0, key)
      chunk.values.splice(at, 0, value)
    }
    if (chunk.keys.length >= chunkEntriesMax) this.#split(index, chunk)
  }

  #split(index: number, chunk: Chunk<V>): void {
    // Keys mostly come in rising order: a full last chunk stays full, and the next one starts empty but for one entry.
    const at = index === this.#chunks.length - 1 ? chunk.keys.length - 1 : chunk.keys.length >>> 1
    this.#chunks.splice(index + 1, 0, { keys: chunk.keys.splice(at), values: chunk.values.splice(at) })
  }

  delete(key: string): boolean {
    const index = this.#chunkAt(key)
    const chunk = this.#chunks[index]
    if (chunk === undefined) return false
    const at = lowerBound(chunk.keys, key)
    if (chunk.keys[at] !== key) return false
    chunk.keys.splice(at, 1)
    chunk.values.splice(at, 1)
    if (chunk.keys.length === 0) this.#chunks.splice(index, 1)
    this.#size--
    return true
  }

  clear(): void {
    this.#chunks = []
    this.#size = 0
  }

  /** Entries with `from <= key < to`. The map must not change while they are taken. */
  *range(from?: string, to?: string): Generator<[string, V]> {
    let index = from === undefined ? 0 : this.#chunkAt(from)
    for (; index < this.#chunks.length; index++) {
      const { keys, values } = this.#chunks[index]!
      for (let at = from === undefined ? 0 : lowerBound(keys, from); at < keys.length; at++) {
        if (to !== undefined && keys[at]! >= to) return
        yield [keys[at]!, values[at]!]
      }
    }
  }

  /** The same entries, last one first. */
  *backwards(from?: string, to?: string): Generator<[string, V]> {
    let index = to === undefined ? this.#chunks.length - 1 : Math.min(this.#chunkAt(to), this.#chunks.length - 1)
    for (; index >= 0; index--) {
      const { keys, values } = this.#chunks[index]!
      for (let at = (to === undefined ? keys.length : lowerBound(keys, to)) - 1; at >= 0; at--) {
        if (from !== undefined && keys[at]! < from) return
        yield [keys[at]!, values[at]!]
      }
    }
  }
}
