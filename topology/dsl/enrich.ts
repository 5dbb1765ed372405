import { TopologyError } from '../errors.ts'
import { durationText } from '../graph/span.ts'
import { type Enrichment, enrich } from '../operators/enrich.ts'
import type { OperatorOf } from '../operators/operator.ts'
import type { Format } from '../ports/codec.ts'
import { type Duration, millis } from './duration.ts'
import type { AnyFormat, AnyFunction, Checked } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import { type Source, specOf } from './topic.ts'

/**
 * A call as its topologies know it: what is asked, and what is answered.
 * @example const asksForBodies: Call<{ body: string }, Label> = labeller
 */
export interface Call<in Q, out A, in AIn = A> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly asks?: ((question: Q, answer: AIn) => A) | undefined
  readonly question: Format<unknown, Q>
  readonly answer: Format<A, AIn>
  readonly version: number
}

/**
 * Declares a call by the formats of its question and its answer: both are kept, so that no question is asked twice.
 * Raise `version` when old answers no longer count. The runner binds an implementation to the name that `enrich` gives.
 * @example const labeller = call({ question: json<{ body: string }>(), answer: json<{ category: string }>('Label') })
 */
export const call = <Q, A, AIn>(how: {
  readonly question: Format<unknown, Q>
  readonly answer: Format<A, AIn>
  readonly version?: number
}): Call<Q, A, AIn> => ({ ...how, version: how.version ?? 1 })

/**
 * How a stream is enriched: what is asked, what becomes of the answer, and what is done when there is none.
 * @example
 * type ToLabel = EnrichOptions<string, Ticket, { body: string }, Label, Label, Ticket & Label, Ticket & Label>
 * const patient: Pick<ToLabel, 'timeout' | 'retry'> = { timeout: '5m', retry: { attempts: 10, backoff: '1s' } }
 */
export interface EnrichOptions<K, V, Q, A, AIn, R, W> {
  /** The question about a record. Equal questions are asked once. */
  ask(value: V, key: K): Q
  /** The record with its answer. */
  merge(value: V, answer: A, key: K): W
  readonly as: Format<R, W>
  /** Attempts out at once, for each process. */
  readonly inFlight: number
  /** How long one attempt may take. */
  readonly timeout: Duration
  readonly retry: { readonly attempts: number; readonly backoff: Duration }
  /** The answer in place of the one that did not come. Without it such a record meets `deadLetter`, or the topology's own policy. */
  otherwise?(value: V, key: K, error: TopologyError): AIn
  /** How long, in the time of the records, an answer is good for the same question again; 0: for no other record. */
  readonly remember: Duration
  /** After so many failed attempts in a row none is made for a while: `otherwise` answers, or the records wait. */
  readonly breaker?: { readonly failures: number; readonly pause: Duration }
  /** Where records go that get no answer. */
  readonly deadLetter?: Source<unknown, unknown>
  /** A task in which so many records wait takes no more; 1,000 unless it says another number. */
  readonly pendingMax?: number
  /** Raise it when the meaning of what waits changes though its format does not. */
  readonly version?: number
}

const pendingMaxDefault = 1_000

type LooseCall = Call<never, unknown, never>
/** What `enrich` takes, as loose as handles are. */
export interface LooseEnrichOptions
  extends Omit<EnrichOptions<never, never, never, never, never, never, never>, 'ask' | 'merge' | 'otherwise' | 'as'> {
  readonly ask: AnyFunction
  readonly merge: AnyFunction
  readonly otherwise?: AnyFunction
  readonly as: AnyFormat
}

const positive = (value: number, option: string): number => {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new TopologyError('OPTION_WRONG', option, `${value} is not a whole number above 0`)
}

/** The operator of a call, its options checked. */
export const enrichment = (
  name: string,
  { question, answer, version }: LooseCall,
  formats: { readonly key: AnyFormat; readonly value: AnyFormat },
  how: LooseEnrichOptions,
): OperatorOf => {
  const of = (option: string) => `${option} of enrich ${name}`
  const timeoutMs = positive(millis(how.timeout, of('timeout')), of('timeout'))
  const remembersMs = millis(how.remember, of('remember'))
  const pendingOptions = how.version === undefined ? {} : { version: how.version }
  const made: Enrichment = {
    call: {
      name,
      version,
      timeoutMs,
      inFlight: positive(how.inFlight, of('inFlight')),
      attempts: positive(how.retry.attempts, of('retry.attempts')),
      backoffMs: millis(how.retry.backoff, of('retry.backoff')),
      fallback: how.otherwise !== undefined,
      breaker: how.breaker && {
        failures: positive(how.breaker.failures, of('breaker.failures')),
        pauseMs: millis(how.breaker.pause, of('breaker.pause')),
      },
    },
    deadLetter: how.deadLetter && specOf(how.deadLetter),
    pending: storeFacts(name, 'pending', formats.key, formats.value, pendingOptions),
    answers: storeFacts(`${name}-answers`, 'answers', question as AnyFormat, answer as AnyFormat, {
      version,
      retentionMs: remembersMs,
    }),
    ask: how.ask as Checked,
    merge: how.merge as Checked,
    otherwise: how.otherwise as Checked,
    remembersMs,
    pendingMax: positive(how.pendingMax ?? pendingMaxDefault, of('pendingMax')),
    note: `${how.inFlight} at once, ${how.retry.attempts} x ${durationText(timeoutMs)}`,
  }
  return enrich(made)
}
