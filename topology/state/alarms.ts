import { TopologyError } from '../errors.ts'
import { dataTag, indexTag, sized } from './keys.ts'
import type { Staged } from './staged.ts'
import { type Timed, TimeIndex } from './time-index.ts'

/** One alarm for each key, kept in a store: it outlives crashes and moves with its task. */
export class Alarms {
  readonly #operator: string
  readonly #times: Staged<number>
  readonly #prefix: string
  readonly #order: TimeIndex

  constructor(
    operator: string,
    name: string,
    times: Staged<number>,
    index: Staged<true>,
    undo: (work: () => void) => void,
  ) {
    this.#operator = operator
    this.#times = times
    this.#prefix = dataTag + sized(name)
    this.#order = new TimeIndex(index, indexTag + sized(name), undo)
  }

  /** Sets the alarm of a key, or moves it. */
  at(timeMs: number, key: string): void {
    if (!(Number.isSafeInteger(timeMs) && timeMs >= 0)) {
      throw new TopologyError(
        'TIME_WRONG',
        this.#operator,
        `an alarm was set for ${timeMs}, not milliseconds since 1970`,
      )
    }
    this.cancel(key)
    this.#times.put(this.#prefix + key, timeMs)
    this.#order.add(timeMs, key)
  }

  cancel(key: string): void {
    const timeMs = this.dueAt(key)
    if (timeMs === undefined) return
    this.#times.delete(this.#prefix + key)
    this.#order.remove(timeMs, key)
  }

  /** When the alarm of a key is due; undefined where none is set. */
  dueAt(key: string): number | undefined {
    return this.#times.get(this.#prefix + key)
  }

  /** The earliest alarm due by then, of those behind `past`. */
  next(untilMs: number, past: Timed | undefined): Timed | undefined {
    return this.#order.first(untilMs, past)
  }

  /** No alarm is due before. */
  get earliestMs(): number | undefined {
    return this.#order.earliestMs
  }
}
