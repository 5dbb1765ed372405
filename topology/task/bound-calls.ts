import { type Canceller, type CancelSignal, canceller } from '../abort.ts'
import type { Attempt, Calls, Ended } from '../ports/calls.ts'

/**
 * What an implementation is told beside the question.
 * @example const patient = ({ number, signal }: CallAttempt) => number < 3 && !signal.aborted
 */
export interface CallAttempt<Signal = CancelSignal> {
  /** 1 for the first attempt at this question. */
  readonly number: number
  /** The same for every attempt at one question, after a crash too: who acts on it can act once. */
  readonly idempotencyKey: string
  /** Aborted when the deadline is over or nobody wants the answer any more. */
  readonly signal: Signal
}

/**
 * How a call is answered. An error it throws is met by retries, unless it says `retry: false`.
 * @example const label: CallFunction = ({ body }: { body: string }) => ({ category: body.includes('printer') ? 'hardware' : 'other' })
 */
export type CallFunction = (question: never, attempt: CallAttempt) => unknown

/**
 * An implementation that says what its answers depend on: with another version, questions are asked anew.
 * @example const byModel: VersionedCall = { version: 'small-model 3', answer: () => ({ category: 'other' }) }
 */
export interface VersionedCall {
  readonly version: string
  readonly answer: CallFunction
}

/** An attempt under way. Most implementations never look at the signal, which costs more than all the rest: it is made when it is asked for. */
class Running implements CallAttempt {
  readonly number: number
  readonly idempotencyKey: string
  #canceller: Canceller | undefined
  #cancelled = false

  constructor(number: number, idempotencyKey: string) {
    this.number = number
    this.idempotencyKey = idempotencyKey
  }

  get signal(): CancelSignal {
    this.#canceller ??= canceller()
    if (this.#cancelled) this.#canceller.abort()
    return this.#canceller.signal
  }

  cancel(): void {
    this.#cancelled = true
    this.#canceller?.abort()
  }
}

/**
 * The Calls port on functions: what a runner binds to the names of a topology's calls.
 * @example const calls = new BoundCalls({ label: ({ body }: { body: string }) => keywordLabel(body) })
 */
export class BoundCalls implements Calls {
  readonly #bound: ReadonlyMap<string, VersionedCall>
  readonly #running = new Map<number, Running>()
  #ended: Ended[] = []
  #arrived: (() => void) | undefined

  constructor(functions: Readonly<Record<string, CallFunction | VersionedCall>>) {
    const versioned = (bound: CallFunction | VersionedCall) =>
      typeof bound === 'function' ? { version: '', answer: bound } : bound
    this.#bound = new Map(Object.entries(functions).map(([name, bound]) => [name, versioned(bound)]))
  }

  versionOf(call: string): string | undefined {
    return this.#bound.get(call)?.version
  }

  start({ id, call, question, number, idempotencyKey }: Attempt): void {
    const running = new Running(number, idempotencyKey)
    this.#running.set(id, running)
    const { answer } = this.#bound.get(call)!
    Promise.resolve()
      .then(() => answer(question as never, running))
      .then(
        answered => this.#end({ id, answer: answered }),
        error => this.#end({ id, error }),
      )
  }

  cancel(id: number): void {
    const running = this.#running.get(id)
    this.#running.delete(id)
    running?.cancel()
  }

  #end(ended: Ended): void {
    if (!this.#running.delete(ended.id)) return
    this.#ended.push(ended)
    this.#arrived?.()
    this.#arrived = undefined
  }

  ended(): readonly Ended[] {
    const ended = this.#ended
    this.#ended = []
    return ended
  }

  /** A promise of its own for each that asks, of whom the last is waiting: one for all would keep whatever was ever attached to it. */
  arrival(): Promise<void> {
    if (this.#ended.length > 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#arrived = resolve
    })
  }
}
