// CallLine. Owns: the questions to one call that have no answer yet, which of them are out, their deadlines and retries.
// Does not own: how an answer is got (Calls), who waits for it and in which order (the operator), when time is looked at (CallDesk).
// L1  a question that several ask at once goes out once.
// L2  no more attempts are out than the facts allow; each ends with its answer, its error or its deadline.
// L3  takers are told in `deliver` only, never while they ask.
// L4  attempts are out in the order of their deadlines, for all have the same time.

import { messageOf, TopologyError } from '../errors.ts'
import type { CallFacts } from '../graph/graph.ts'
import type { Answered, Asking } from '../operators/operator.ts'
import type { Calls, Ended } from '../ports/calls.ts'
import { bytesOf } from '../text.ts'
import { Breaker } from './breaker.ts'
import { murmur2 } from './partitioner.ts'

/** No pause between two attempts is longer. */
const backoffMsMax = 300_000

interface Question {
  readonly hash: string
  readonly content: unknown
  readonly takers: Set<Answered>
  attempts: number
  /** Its attempt that is out, and when that is over. */
  out: { readonly id: number; readonly deadlineMs: number; readonly startedMs: number } | undefined
  /** No attempt starts before. */
  notBeforeMs: number
  /** How it ended, for `deliver` to tell. */
  end: { readonly answer: unknown } | { readonly error: TopologyError } | undefined
}

export type CallFigures = (outcome: 'answered' | 'failed' | 'timed out', tookMs: number) => void

export class CallLine {
  readonly facts: CallFacts
  readonly version: string
  readonly #operator: string
  readonly #calls: Calls
  readonly #nextId: () => number
  readonly #figures: CallFigures
  readonly #breaker: Breaker | undefined
  readonly #questions = new Map<string, Question>()
  /** Those that want an attempt. */
  readonly #waiting = new Set<Question>()
  readonly #out = new Map<number, Question>()
  /** Those that nobody asks any more. */
  readonly #abandoned = new Set<Question>()
  #ended: Question[] = []
  /** Answers that no commit has made last yet: should it fail, they are not asked for again. */
  readonly #uncommitted = new Map<string, unknown>()

  constructor(
    operator: string,
    facts: CallFacts,
    version: string,
    calls: Calls,
    nextId: () => number,
    figures: CallFigures,
  ) {
    this.#operator = operator
    this.facts = facts
    this.version = version
    this.#calls = calls
    this.#nextId = nextId
    this.#figures = figures
    this.#breaker = facts.breaker && new Breaker(facts.breaker)
  }

  /** The line as an operator sees it; `run` is how its task takes an answer. */
  asking(run: (work: () => void) => void): Asking {
    return {
      version: this.version,
      ask: (hash, question, taker) =>
        this.ask(hash, question, {
          read: answer => taker.read(answer),
          answered: read => run(() => taker.answered(read)),
          failed: error => run(() => taker.failed(error)),
        }),
    }
  }

  /** Asks, or joins those who ask the same; gives the way to want the answer no more. */
  ask(hash: string, content: unknown, taker: Answered): () => void {
    let question = this.#questions.get(hash)
    if (question === undefined) {
      const fresh = { hash, content, takers: new Set<Answered>(), attempts: 0, out: undefined, notBeforeMs: 0 }
      const known = this.#uncommitted.has(hash)
      question = { ...fresh, end: known ? { answer: this.#uncommitted.get(hash) } : undefined }
      this.#questions.set(hash, question)
      if (known) this.#ended.push(question)
      else this.#waiting.add(question)
    }
    const asked = question
    asked.takers.add(taker)
    return () => {
      asked.takers.delete(taker)
      if (asked.takers.size === 0) this.#abandoned.add(asked)
    }
  }

  /** Attempts that are out. */
  get out(): number {
    return this.#out.size
  }

  /** Ends wait to be told. */
  get ready(): boolean {
    return this.#ended.length > 0
  }

  owns(id: number): boolean {
    return this.#out.has(id)
  }

  /** An attempt has ended. */
  end(ended: Ended, nowMs: number): void {
    const question = this.#out.get(ended.id)!
    this.#out.delete(ended.id)
    const tookMs = nowMs - question.out!.startedMs
    question.out = undefined
    const [taker] = question.takers
    if (taker === undefined) {
      this.#forget(question)
      return
    }
    if (!('answer' in ended)) {
      this.#failed(question, ended.error, 'failed', tookMs, nowMs)
      return
    }
    try {
      const answer = taker.read(ended.answer)
      this.#breaker?.succeeded()
      this.#figures('answered', tookMs)
      this.#uncommitted.set(question.hash, answer)
      this.#settle(question, { answer })
    } catch (error) {
      this.#failed(question, error, 'failed', tookMs, nowMs)
    }
  }

  #failed(question: Question, error: unknown, how: 'failed' | 'timed out', tookMs: number, nowMs: number): void {
    this.#breaker?.failed(nowMs)
    this.#figures(how, tookMs)
    const final = (error as { readonly retry?: unknown } | null)?.retry === false
    if (final || question.attempts >= this.facts.attempts) {
      this.#settle(question, { error: this.#gaveUp(question.attempts, error) })
      return
    }
    const pauseMs = Math.min(backoffMsMax, this.facts.backoffMs * 2 ** (question.attempts - 1))
    question.notBeforeMs = nowMs + Math.ceil(pauseMs * spread(question))
    this.#waiting.add(question)
  }

  #gaveUp(attempts: number, error: unknown): TopologyError {
    const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`
    const detail = `no answer after ${tried}: ${messageOf(error)}`
    return new TopologyError('CALL_FAILED', this.#operator, detail, error)
  }

  #settle(question: Question, end: NonNullable<Question['end']>): void {
    question.end = end
    this.#waiting.delete(question)
    this.#ended.push(question)
  }

  /** Tells takers how their questions ended. What they ask in turn is told next time. */
  deliver(): void {
    const ended = this.#ended
    this.#ended = []
    for (const question of ended) {
      const { end, takers } = question
      this.#forget(question)
      for (const taker of [...takers]) {
        if ('answer' in end!) taker.answered(end.answer)
        else taker.failed(end!.error)
      }
    }
  }

  /** Ends what is over, and starts what may start. */
  pass(nowMs: number): void {
    for (const question of this.#abandoned) if (question.takers.size === 0) this.#abandon(question)
    this.#abandoned.clear()
    for (const [id, question] of this.#out) {
      const { deadlineMs, startedMs } = question.out!
      if (deadlineMs > nowMs) break
      this.#calls.cancel(id)
      this.#out.delete(id)
      question.out = undefined
      const error = new Error(`no answer within ${this.facts.timeoutMs} ms`)
      this.#failed(question, error, 'timed out', nowMs - startedMs, nowMs)
    }
    for (const question of this.#waiting) if (!this.#start(question, nowMs)) break
  }

  #abandon(question: Question): void {
    this.#forget(question)
    this.#waiting.delete(question)
    if (question.out === undefined) return
    this.#calls.cancel(question.out.id)
    this.#out.delete(question.out.id)
    this.#breaker?.cancelled()
  }

  /** Whoever asks the same from now on begins anew. */
  #forget(question: Question): void {
    if (this.#questions.get(question.hash) === question) this.#questions.delete(question.hash)
  }

  /** Makes the next attempt at a question where that may be; false: no other question may have one either. */
  #start(question: Question, nowMs: number): boolean {
    const { inFlight, fallback, timeoutMs } = this.facts
    if (this.#breaker?.lets(nowMs) === false) {
      // Whoever has another answer takes it at once; the others wait until the call answers again.
      if (!fallback) return false
      const error = new TopologyError(
        'CALL_FAILED',
        this.#operator,
        'too many attempts failed, so none is made for now',
      )
      this.#settle(question, { error })
      return true
    }
    if (this.#out.size >= inFlight) return false
    if (question.notBeforeMs > nowMs) return true
    const id = this.#nextId()
    question.attempts++
    question.out = { id, deadlineMs: nowMs + timeoutMs, startedMs: nowMs }
    this.#waiting.delete(question)
    this.#out.set(id, question)
    this.#breaker?.started()
    const { hash, content, attempts } = question
    this.#calls.start({ id, call: this.facts.name, question: content, number: attempts, idempotencyKey: hex(hash) })
    return true
  }

  /** When the clock must be looked at again. */
  get dueMs(): number | undefined {
    let due = Number.POSITIVE_INFINITY
    for (const { out } of this.#out.values()) {
      due = out!.deadlineMs
      break
    }
    if (this.#waiting.size > 0 && this.#out.size < this.facts.inFlight) {
      const openMs = this.#breaker?.open ? (this.#breaker.probeAtMs ?? Number.POSITIVE_INFINITY) : 0
      for (const { notBeforeMs } of this.#waiting) due = Math.min(due, Math.max(notBeforeMs, openMs))
    }
    return due === Number.POSITIVE_INFINITY ? undefined : due
  }

  /** What was answered is in the stores for good. */
  committed(): void {
    this.#uncommitted.clear()
  }

  /** Nobody is left to take an answer. */
  close(): void {
    for (const id of this.#out.keys()) this.#calls.cancel(id)
    this.#out.clear()
    this.#waiting.clear()
    this.#abandoned.clear()
    this.#questions.clear()
    this.#ended = []
  }
}

/** Between a half and one, the same for the same attempt: so that many questions that failed together do not come together again. */
const spread = ({ hash, attempts }: Question): number =>
  0.5 + (murmur2(bytesOf(hash + String.fromCharCode(attempts & 0xff))) >>> 0) / 0x2_0000_0000

const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hex = (binary: string): string => {
  let text = ''
  for (let at = 0; at < binary.length; at++) text += hexBytes[binary.charCodeAt(at)]
  return text
}
