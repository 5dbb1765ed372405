import type { Clock } from '../ports/clock.ts'

/** Commits are at least this far apart, and at least three times as far as one takes. */
const spacingMsMin = 10
const spacingOfMean = 3
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

  due(dry: boolean): boolean {
    const sinceMs = this.#clock.now() - this.#lastMs
    return sinceMs >= (dry ? this.#spacingMs : this.#intervalMs)
  }

  get #spacingMs(): number {
    return Math.min(this.#intervalMs, Math.max(spacingMsMin, spacingOfMean * this.#meanMs))
  }

  /** When a commit may come at the soonest. */
  get dueAtMs(): number {
    return this.#lastMs + this.#spacingMs
  }

  done(tookMs: number): void {
    this.#lastMs = this.#clock.now()
    this.#meanMs += newestWeight * (tookMs - this.#meanMs)
  }
}
