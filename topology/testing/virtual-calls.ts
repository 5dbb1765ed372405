import { type Duration, millis } from '../dsl/duration.ts'
import type { Calls } from '../ports/calls.ts'
import { BoundCalls, type CallAttempt } from '../task/bound-calls.ts'

/**
 * What an implementation in a test is told beside the question.
 * @example const slowly = async (_question: string, { sleep }: VirtualAttempt) => sleep('5s')
 */
export interface VirtualAttempt extends CallAttempt {
  /** Waits on the virtual clock, until `advance` brings the time; rejects when the attempt is cancelled. */
  sleep(duration: Duration): Promise<void>
}

/**
 * An implementation in a test: a function that answers at once, or after a sleep on the virtual clock.
 * @example const label: VirtualCall = ({ body }: { body: string }) => keywordLabel(body)
 */
export type VirtualCall = (question: never, attempt: VirtualAttempt) => unknown

interface Sleeper {
  readonly wakeAtMs: number
  readonly wake: () => void
}

/** Implementations of calls in virtual time, for all instances of a test. */
export class VirtualCalls {
  readonly #functions: Readonly<
    Record<string, VirtualCall | { readonly version: string; readonly answer: VirtualCall }>
  >
  readonly #now: () => number
  readonly #sleepers = new Set<Sleeper>()
  /** Functions at work that are not asleep. */
  #busy = 0
  #changed = () => {}

  constructor(
    functions: Readonly<Record<string, VirtualCall | { readonly version: string; readonly answer: VirtualCall }>>,
    now: () => number,
  ) {
    this.#functions = functions
    this.#now = now
  }

  /** The port of one instance. */
  port(): Calls {
    const awake = (answer: VirtualCall) => async (question: never, attempt: CallAttempt) => {
      try {
        const { number, idempotencyKey, signal } = attempt
        const sleep = (duration: Duration) => this.#sleep(duration, attempt)
        return await answer(question, { number, idempotencyKey, signal, sleep })
      } finally {
        this.#rest()
      }
    }
    const bound = new BoundCalls(
      Object.fromEntries(
        Object.entries(this.#functions).map(([name, made]) =>
          typeof made === 'function' ? [name, awake(made)] : [name, { ...made, answer: awake(made.answer) }],
        ),
      ),
    )
    return {
      versionOf: call => bound.versionOf(call),
      start: attempt => {
        this.#busy++
        bound.start(attempt)
      },
      cancel: id => bound.cancel(id),
      ended: () => bound.ended(),
      arrival: () => bound.arrival(),
    }
  }

  async #sleep(duration: Duration, { signal }: CallAttempt): Promise<void> {
    const wakeAtMs = this.#now() + millis(duration, 'sleep')
    await new Promise<void>((resolve, reject) => {
      const end = (settle: () => void) => () => {
        if (!this.#sleepers.delete(sleeper)) return
        this.#busy++
        settle()
      }
      const sleeper: Sleeper = { wakeAtMs, wake: end(resolve) }
      this.#sleepers.add(sleeper)
      this.#rest()
      signal.addEventListener(
        'abort',
        end(() => reject(new Error('the attempt was cancelled'))),
      )
    })
  }

  #rest(): void {
    this.#busy--
    this.#changed()
  }

  /** The clock has gone on. */
  wake(): void {
    for (const sleeper of [...this.#sleepers]) if (sleeper.wakeAtMs <= this.#now()) sleeper.wake()
  }

  /** Waits until every function has ended or sleeps; gives whether there was any to wait for. */
  async settle(): Promise<boolean> {
    const any = this.#busy > 0
    while (this.#busy > 0) {
      await new Promise<void>(resolve => {
        this.#changed = resolve
      })
    }
    return any
  }
}
