import { setTimeout as pause } from 'node:timers/promises'
import { RegistryError } from './registry-error.ts'

/**
 * How long a call is tried before it rejects. The caller may call again: nothing is lost by that.
 * @example const patience: Partial<Patience> = { deadlineMs: 5_000, attemptMs: 1_000 }
 */
export interface Patience {
  /** For a call with all its attempts. */
  readonly deadlineMs: number
  /** For one attempt. */
  readonly attemptMs: number
  readonly firstGapMs: number
  readonly gapMaxMs: number
  /** A number from 0 up to 1: gaps are drawn, so that many processes do not come back at one moment. */
  readonly chance: () => number
}

export const usualPatience: Patience = {
  deadlineMs: 15_000,
  attemptMs: 5_000,
  firstGapMs: 100,
  gapMaxMs: 3_000,
  chance: Math.random,
}

/** An attempt took too long. */
class TooLong extends RegistryError {}

/** Tries until an attempt succeeds, fails for good, or the deadline passes; then rejects with the last reason. */
export const patiently = async <A>(
  registry: string,
  patience: Patience,
  attempt: (signal: AbortSignal) => Promise<A>,
): Promise<A> => {
  const start = performance.now()
  const left = () => patience.deadlineMs - (performance.now() - start)
  let reason: RegistryError | undefined
  for (let tried = 1; ; tried++) {
    const ms = Math.min(patience.attemptMs, Math.max(left(), 1))
    try {
      return await within(registry, ms, attempt)
    } catch (error) {
      if (!(error instanceof RegistryError) || !error.retry) throw error
      // An attempt cut short by the deadline says nothing of the registry; the one before it does.
      const isCut = error instanceof TooLong && ms < patience.attemptMs
      reason = isCut && reason !== undefined ? reason : error
      const gap = patience.chance() * Math.min(patience.gapMaxMs, patience.firstGapMs * 2 ** tried)
      // Too little time is left for another attempt.
      if (gap + patience.attemptMs / 4 >= left()) {
        const seconds = ((performance.now() - start) / 1000).toFixed(1)
        throw new RegistryError(reason.reason, registry, `${reason.detail} (tried ${tried} times in ${seconds} s)`)
      }
      await pause(gap)
    }
  }
}

/** An attempt that does not answer counts as an error, whatever it does with the signal. */
const within = async <A>(registry: string, ms: number, attempt: (signal: AbortSignal) => Promise<A>): Promise<A> => {
  const end = new AbortController()
  const slow = new Promise<never>((_, reject) => {
    end.signal.addEventListener('abort', () =>
      reject(new TooLong('away', registry, `did not answer within ${ms.toFixed(0)} ms`)),
    )
  })
  const timer = setTimeout(() => end.abort(), ms)
  try {
    return await Promise.race([attempt(end.signal), slow])
  } finally {
    clearTimeout(timer)
  }
}
