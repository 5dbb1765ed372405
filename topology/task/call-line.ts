// CallLine. Owns: the questions to one call that have no answer yet, which of them are out, their deadlines and retries.
// Does not own: how an answer is got (Calls), who waits for it and in which order (the operator), when time is looked at (CallDesk).
// L1  a question that several ask at once goes out once.
// L2  no more attempts are out than the facts allow; each ends with its answer, its error or its deadline.
// L3  takers are told in `deliver` only, never while they ask.

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
  readonly #out = new Map<number, Question>()
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
    }
    const { takers } = question
    takers.add(taker)
    return () => takers.delete(taker)
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
      this.#questions.delete(question.hash)
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
  }

  #gaveUp(attempts: number, error: unknown): TopologyError {
    const tried = attempts === 1 ? '1 attempt' : `${attempts} attempts`
    const detail = `no answer after ${tried}: ${messageOf(error)}`
    return new TopologyError('CALL_FAILED', this.#operator, detail, error)
  }

  #settle(question: Question, end: NonNullable<Question['end']>): void {
    question.end = end
    this.#ended.push(question)
  }

  /** Tells takers how their questions ended. What they ask in turn is told next time. */
  deliver(): void {
    const ended = this.#ended
    this.#ended = []
    for (const { hash, end, takers } of ended) {
      this.#questions.delete(hash)
      for (const taker of [...takers]) {
        if ('answer' in end!) taker.answered(end.answer)
        else taker.failed(end!.error)
      }
    }
  }

  /** Ends what is over, and starts what may start. */
  pass(nowMs: number): void {
    for (const [id, question] of this.#out) {
      const { deadlineMs, startedMs } = question.out!
      if (deadlineMs > nowMs && question.takers.size > 0) continue
      this.#calls.cancel(id)
      this.#out.delete(id)
      question.out = undefined
      if (question.takers.size === 0) {
        this.#breaker?.cancelled()
        this.#questions.delete(question.hash)
      } else {
        const error = new Error(`no answer within ${this.facts.timeoutMs} ms`)
        this.#failed(question, error, 'timed out', nowMs - startedMs, nowMs)
      }
    }
    for (const question of this.#questions.values()) this.#consider(question, nowMs)
  }

  #consider(question: Question, nowMs: number): void {
    if (question.end !== undefined || question.out !== undefined) return
    if (question.takers.size === 0) {
      this.#questions.delete(question.hash)
      return
    }
    const { inFlight, fallback, timeoutMs } = this.facts
    if (this.#breaker?.lets(nowMs) === false) {
      // Whoever has another answer takes it at once; the others wait until the call answers again.
      if (fallback) {
        const error = new TopologyError(
          'CALL_FAILED',
          this.#operator,
          'too many attempts failed, so none is made for now',
        )
        this.#settle(question, { error })
      }
      return
    }
    if (question.notBeforeMs > nowMs || this.#out.size >= inFlight) return
    const id = this.#nextId()
    question.attempts++
    question.out = { id, deadlineMs: nowMs + timeoutMs, startedMs: nowMs }
    this.#out.set(id, question)
    this.#breaker?.started()
    const { hash, content, attempts } = question
    this.#calls.start({ id, call: this.facts.name, question: content, number: attempts, idempotencyKey: hex(hash) })
  }

  /** When the clock must be looked at again. */
  get dueMs(): number | undefined {
    let due = Number.POSITIVE_INFINITY
    for (const { out, end, notBeforeMs } of this.#questions.values()) {
      if (out !== undefined) due = Math.min(due, out.deadlineMs)
      else if (end === undefined && this.#out.size < this.facts.inFlight) {
        due = Math.min(due, Math.max(notBeforeMs, this.#breaker?.open ? (this.#breaker.probeAtMs ?? due) : 0))
      }
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
    this.#questions.clear()
    this.#ended = []
  }
}

/** Between a half and one, the same for the same attempt: so that many questions that failed together do not come together again. */
const spread = ({ hash, attempts }: Question): number =>
  0.5 + (murmur2(bytesOf(hash + String.fromCharCode(attempts & 0xff))) >>> 0) / 0x2_0000_0000

const hex = (binary: string): string => [...bytesOf(binary)].map(byte => byte.toString(16).padStart(2, '0')).join('')
