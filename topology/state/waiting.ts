import type { Context, Item } from '../operators/operator.ts'
import { Arrivals, arrivalBytes } from './arrivals.ts'
import { type HeldItem, heldCodec } from './held.ts'
import { dataTag, type KeyCoder, keyCoder } from './keys.ts'
import { TimeOrder } from './time-index.ts'

/** Records that wait, in the order of their times, of their keys' bytes and of their arrival. */
export class Waiting {
  readonly #order: TimeOrder<HeldItem>
  readonly #arrivals: Arrivals
  readonly #keys: KeyCoder<unknown>

  constructor(context: Context, store: string) {
    const { key, value } = context.codecs(store)
    this.#keys = keyCoder(key)
    this.#arrivals = new Arrivals(context, store)
    this.#order = new TimeOrder(context.staged(store, heldCodec(value)), dataTag, context.undo)
  }

  put({ key, value, timestamp, headers }: Item): void {
    this.#order.put(timestamp, this.#keys.of(key) + this.#arrivals.next(), { value, timestamp, headers })
  }

  /** Takes out what is of that time or earlier, at most so many. */
  take(untilMs: number, itemsMax: number): Item[] {
    return this.#order.upTo(untilMs, itemsMax).map(({ timeMs, key, value }) => {
      this.#order.remove(timeMs, key)
      return { key: this.#keys.back(key.slice(0, -arrivalBytes)), old: null, ...value }
    })
  }
}
