import type { Row } from '../operators/operator.ts'
import type { Windowed, WindowedCodec } from '../windowed.ts'
import { dataTag, type KeyCoder, keyCoder, timeKey } from './keys.ts'
import { putRow, type RowStore, rowCodec } from './rows.ts'
import type { Staged } from './staged.ts'

/** Starts of windows in use at a time, whose bytes are kept at hand. */
const startsMax = 256

/** One row for each key and window, in the order of the windows' starts: what is old lies together, at the front. */
export class WindowRows {
  readonly #staged: Staged<Row>
  readonly #keys: KeyCoder<unknown>
  readonly #prefixes = new Map<number, string>()
  #start = -1
  #prefix = ''
  /** Before this nothing is left. */
  #expired = dataTag

  constructor(context: RowStore, store: string) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, rowCodec(value))
    this.#keys = keyCoder((key as WindowedCodec).inner)
  }

  binary(key: unknown): string {
    return this.#keys.of(key)
  }

  at(binary: string, start: number): string {
    if (start !== this.#start) {
      this.#start = start
      this.#prefix = this.#prefixOf(start)
    }
    return this.#prefix + binary
  }

  #prefixOf(start: number): string {
    let prefix = this.#prefixes.get(start)
    if (prefix === undefined) {
      if (this.#prefixes.size >= startsMax) this.#prefixes.clear()
      prefix = dataTag + timeKey(start)
      this.#prefixes.set(start, prefix)
    }
    return prefix
  }

  rowAt(at: string): Row | undefined {
    return this.#staged.get(at)
  }

  putAt(at: string, value: unknown, timestamp: number): void {
    putRow(this.#staged, at, value, timestamp)
  }

  get({ key, start }: Windowed<unknown>): Row | undefined {
    return this.#staged.get(dataTag + timeKey(start) + this.#keys.of(key))
  }

  /**
   * Deletes windows that start at this time or before, which none can be put to any more; false: there may be more. What is
   * deleted already is not looked for again: where deletions wait to be written, their rows are still there to be passed over.
   */
  expire(upTo: number, entriesMax: number): boolean {
    const end = dataTag + timeKey(upTo + 1)
    const done = this.#staged.deleteRange(this.#expired, end, entriesMax) < entriesMax
    if (done) this.#expired = end
    return done
  }
}
