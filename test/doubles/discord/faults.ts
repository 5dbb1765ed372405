import type { IncomingMessage, ServerResponse } from 'node:http'

/** What is done to the next request that fits, instead of or after serving it. */
export interface Fault {
  readonly method?: string
  readonly path?: RegExp
  /** How many requests it takes; one unless told. */
  readonly times?: number
  /**
   * An answer with this status (429 with `retryAfterMs`); `served` and no answer: the request takes effect and the
   * connection is cut, as when a server dies at the worst moment; `cut`: the connection is cut at once.
   */
  readonly answer: number | 'served' | 'cut'
  readonly retryAfterMs?: number
  readonly global?: boolean
}

/** How many requests a bucket takes in a window, told in the headers of each answer. */
export interface BucketLimit {
  readonly requestsMax: number
  readonly windowMs: number
}

interface Window {
  used: number
  until: number
}

/** Counts requests as Discord does, by route and major parameter, and answers those over the limit with 429. */
export class Limiter {
  readonly #windows = new Map<string, Window>()
  #globalUsed = 0
  #globalUntil = 0
  readonly limits: { bucket: BucketLimit; globalRequestsPerSecond: number }

  constructor(bucket: BucketLimit, globalRequestsPerSecond: number) {
    this.limits = { bucket, globalRequestsPerSecond }
  }

  /** Sets the headers; says how long to wait where it is too much. */
  admit(route: string, response: ServerResponse): { readonly waitMs: number; readonly global: boolean } | undefined {
    const now = Date.now()
    if (now >= this.#globalUntil) {
      this.#globalUntil = now + 1_000
      this.#globalUsed = 0
    }
    if (++this.#globalUsed > this.limits.globalRequestsPerSecond)
      return { waitMs: this.#globalUntil - now, global: true }
    const { requestsMax, windowMs } = this.limits.bucket
    const known = this.#windows.get(route)
    const window = known === undefined || now >= known.until ? { used: 0, until: now + windowMs } : known
    this.#windows.set(route, window)
    const over = ++window.used > requestsMax
    response.setHeader('x-ratelimit-bucket', Buffer.from(route).toString('base64url'))
    response.setHeader('x-ratelimit-limit', requestsMax)
    response.setHeader('x-ratelimit-remaining', Math.max(0, requestsMax - window.used))
    response.setHeader('x-ratelimit-reset', window.until / 1_000)
    response.setHeader('x-ratelimit-reset-after', (window.until - now) / 1_000)
    return over ? { waitMs: window.until - now, global: false } : undefined
  }
}

/** The fault that takes this request, if one does; each is used up. */
export class Faults {
  #waiting: { fault: Fault; left: number }[] = []

  add(fault: Fault): void {
    this.#waiting.push({ fault, left: fault.times ?? 1 })
  }

  clear(): void {
    this.#waiting = []
  }

  take({ method, url = '' }: IncomingMessage): Fault | undefined {
    const found = this.#waiting.find(
      ({ fault }) => (fault.method ?? method) === method && (fault.path?.test(url) ?? true),
    )
    if (found === undefined) return undefined
    found.left--
    if (found.left === 0) this.#waiting = this.#waiting.filter(other => other !== found)
    return found.fault
  }

  get left(): number {
    return this.#waiting.reduce((sum, { left }) => sum + left, 0)
  }
}
