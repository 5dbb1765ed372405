import type { Clock } from '../ports/clock.ts'

/** Commits are at least this far apart, and at least three times as far as one takes. */
const spacingMsMin = 10
const spacingOfMean = 3
/** Nothing is heard while a commit is written: whoever waits for calls spends a tenth of the time in commits, not a quarter. */
const spacingOfMeanCalling = 10
/** How much the newest commit weighs in the mean. */
const newestWeight = 0.2

/** Decides when to commit: at the interval, or as soon as the input runs dry, but never one commit on the heels of another. */
export class CommitPace {
  readonly #intervalMs: number
  readonly #clock: Clock
  #lastMs: number
  #meanMs = 0

  constructor(intervalMs: number, clock: Clock) {
    this.#intervalMs = intervalMs
    this.#clock = clock
    this.#lastMs = Number.NEGATIVE_INFINITY
  }

  due(dry: boolean, calling: boolean): boolean {
    const sinceMs = this.#clock.now() - this.#lastMs
    return sinceMs >= (dry ? this.#spacingMs(calling) : this.#intervalMs)
  }

  #spacingMs(calling: boolean): number {
    const ofMean = calling ? spacingOfMeanCalling : spacingOfMean
    return Math.min(this.#intervalMs, Math.max(spacingMsMin, ofMean * this.#meanMs))
  }

  /** When a commit may come at the soonest. */
  dueAtMs(calling: boolean): number {
    return this.#lastMs + this.#spacingMs(calling)
  }

  done(tookMs: number): void {
    this.#lastMs = this.#clock.now()
    this.#meanMs += newestWeight * (tookMs - this.#meanMs)
  }
}
