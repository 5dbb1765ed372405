import type { Context } from '../operators/operator.ts'
import { arrivalBytes } from './arrivals.ts'
import { dataTag, indexTag, type KeyCoder, keyCoder, sized, timeKey, timeOf } from './keys.ts'
import type { Staged, ValueCodec } from './staged.ts'
import { marker, type Timed, TimeIndex } from './time-index.ts'

/** A record of one side, by which it is found: its time, and its key's bytes with the number of its arrival behind them. */
export type Place = Timed

/** A record that was found. */
export interface Buffered {
  readonly place: Place
  readonly value: unknown
}

/**
 * The records of one side of a join, by stretches of time, then by key, time and arrival. A stretch is longer than what a
 * record of the other side looks through, so that a look takes two of them at most, and what is old lies together.
 */
export class JoinBuffer {
  readonly #staged: Staged<unknown>
  readonly #keys: KeyCoder<unknown>
  readonly #stretchMs: number
  /** Those that no record of the other side has met so far; only of a side whose records come out alone. */
  readonly #alone: TimeIndex

  constructor(context: Context, store: string, windowMs: number) {
    const { key, value } = context.codecs(store)
    this.#staged = context.staged(store, value as ValueCodec<unknown>)
    this.#keys = keyCoder(key)
    this.#stretchMs = stretchMs(windowMs)
    this.#alone = new TimeIndex(context.staged(store, marker), indexTag, context.undo)
  }

  binary(key: unknown): string {
    return this.#keys.of(key)
  }

  keyOf(place: Place): unknown {
    return this.#keys.back(place.key.slice(0, -arrivalBytes))
  }

  #prefix(stretch: number, binary: string): string {
    return dataTag + timeKey(stretch) + sized(binary)
  }

  #at({ timeMs, key }: Place): string {
    const binary = key.slice(0, -arrivalBytes)
    return this.#prefix(Math.floor(timeMs / this.#stretchMs), binary) + timeKey(timeMs) + key.slice(-arrivalBytes)
  }

  put(place: Place, value: unknown): void {
    this.#staged.put(this.#at(place), value)
  }

  get(place: Place): unknown {
    return this.#staged.get(this.#at(place))
  }

  /** The key's records with `from <= time <= to`, in the order of their times and arrivals. */
  between(binary: string, from: number, to: number): Buffered[] {
    const start = Math.max(0, from)
    const found: Buffered[] = []
    const last = Math.floor(to / this.#stretchMs)
    for (let stretch = Math.floor(start / this.#stretchMs); stretch <= last; stretch++) {
      const prefix = this.#prefix(stretch, binary)
      for (const [at, value] of this.#staged.range(prefix + timeKey(start), prefix + timeKey(to + 1))) {
        const key = binary + at.slice(-arrivalBytes)
        found.push({ place: { timeMs: timeOf(at, prefix.length), key }, value })
      }
    }
    return found
  }

  leaveAlone(place: Place): void {
    this.#alone.add(place.timeMs, place.key)
  }

  /** No longer alone: it was met, or its time is over. */
  met({ timeMs, key }: Place): void {
    if (this.#alone.has(timeMs, key)) this.#alone.remove(timeMs, key)
  }

  /** Those of that time or earlier that nobody met, in the order of their times, keys and arrivals. */
  alone(untilMs: number, entriesMax: number): Place[] {
    return this.#alone.upTo(untilMs, entriesMax)
  }

  /** Deletes stretches that end at this time or before; false: there may be more. */
  expire(upTo: number, entriesMax: number): boolean {
    const end = dataTag + timeKey(Math.floor((upTo + 1) / this.#stretchMs))
    return this.#staged.deleteRange(dataTag, end, entriesMax) < entriesMax
  }
}

/** Twice the window: half of all looks need one stretch, and what is old is kept not much longer than it must. */
export const stretchMs = (windowMs: number): number => Math.max(1, 2 * windowMs)
