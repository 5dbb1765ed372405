/** How long is waited after failures in a row. */
export interface PauseLimits {
  readonly firstMs: number
  readonly mostMs: number
}

export const pausesDefault: PauseLimits = { firstMs: 500, mostMs: 60_000 }

/** Pauses that double with each failure in a row, with jitter, so that many who failed at once do not come back at once. */
export class Pauses {
  readonly #limits: PauseLimits
  #failures = 0

  constructor(limits: PauseLimits) {
    this.#limits = limits
  }

  /** How long to wait after one failure more. */
  nextMs(): number {
    const { firstMs, mostMs } = this.#limits
    const fullMs = Math.min(mostMs, firstMs * 2 ** Math.min(this.#failures++, 30))
    return fullMs / 2 + (Math.random() * fullMs) / 2
  }

  get failures(): number {
    return this.#failures
  }

  reset(): void {
    this.#failures = 0
  }
}
