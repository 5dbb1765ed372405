export interface BreakerFacts {
  /** Failed attempts in a row that open it. */
  readonly failures: number
  /** How long it stays open before one attempt is let through as a probe. */
  readonly pauseMs: number
}

/** Lets no attempt through for a while after so many have failed in a row, then one to see how things are. */
export class Breaker {
  readonly #facts: BreakerFacts
  #failures = 0
  #openUntilMs: number | undefined
  #probing = false

  constructor(facts: BreakerFacts) {
    this.#facts = facts
  }

  get open(): boolean {
    return this.#openUntilMs !== undefined
  }

  /** When a probe may go; undefined while it is closed, or while the probe is out. */
  get probeAtMs(): number | undefined {
    return this.#probing ? undefined : this.#openUntilMs
  }

  lets(nowMs: number): boolean {
    return this.#openUntilMs === undefined || (!this.#probing && nowMs >= this.#openUntilMs)
  }

  started(): void {
    if (this.open) this.#probing = true
  }

  succeeded(): void {
    this.#failures = 0
    this.#openUntilMs = undefined
    this.#probing = false
  }

  failed(nowMs: number): void {
    this.#failures++
    if (this.#probing || this.#failures >= this.#facts.failures) this.#openUntilMs = nowMs + this.#facts.pauseMs
    this.#probing = false
  }

  /** The attempt that was let through has been cancelled: it says nothing. */
  cancelled(): void {
    this.#probing = false
  }
}
