import type { Format } from '../ports/codec.ts'
import type { Duration } from './duration.ts'
import type { Call, EnrichOptions } from './enrich.ts'
import type { BareGroup, Group } from './group.ts'
import type { BareGrace, GlobalLookups, Grace, TableJoins, WithinJoins } from './joins.ts'
import type { KeyOut, OwnCode, Stores, TimerClocks } from './process.ts'
import type { NameOf, NotAsync, Refused } from './refused.ts'
import type { Table } from './table.ts'
import type { Sink, Source } from './topic.ts'

declare const restOfBranch: unique symbol

/** The arm of a branch that takes what no other arm took. */
export interface Rest {
  readonly [restOfBranch]: true
}

/** One arm of a branch: a test, a type guard (which narrows its lane), or `rest`. */
export type ArmOf<K, V> = ((value: V, key: K) => boolean) | Rest

type Guard<V, W extends V> = (value: V, key: never) => value is W
type Guarded<Test, V> = Test extends Guard<V, infer W> ? W : V

/** The lanes of a branch, by the names of its arms. */
export type Lanes<K, V, S, A> = { readonly [Name in keyof A]: Stream<K, Guarded<A[Name], V>, S> }
export type BareLanes<K, V, A> = { readonly [Name in keyof A]: BareStream<K, Guarded<A[Name], V>> }

type Total<A> = Rest extends A[keyof A]
  ? unknown
  : Refused<'branch: one arm must be `rest`, or records that no arm takes are lost'>

/** Options of a step that may say how its values are written. */
export interface As<S, W> {
  /** The format of the new values: stores and repartition topics further down need it. */
  readonly as: Format<S, W>
}

/** What every stream can do, whether or not it is known how its values are written. */
export interface AnyStream<out K, out V> extends GlobalLookups<K, V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V } | undefined

  /**
   * Changes each value; the key stays. Without `as` the stream forgets how its values are written.
   * @example tickets.map(ticket => ticket.subject.length, { as: whole })
   */
  map<S, const W>(change: (value: V, key: K) => NoInfer<W>, options: As<S, W>): Stream<K, W, S>
  map<W>(change: (value: V, key: K) => W): BareStream<K, W>

  /**
   * Makes any number of values out of one; the key stays.
   * @example draft.stream(lines).flatMap(line => line.split(' '), { as: text })
   */
  flatMap<S, const W>(change: (value: V, key: K) => Iterable<NoInfer<W>>, options: As<S, W>): Stream<K, W, S>
  flatMap<W>(change: (value: V, key: K) => Iterable<W>): BareStream<K, W>

  /**
   * Drops each record whose identity passed within the time; without `by` that is its key. Equal identities must have equal keys.
   * @example mails.dedupe('seen-mails', { by: mail => mail.messageId, within: '30d' })
   */
  dedupe(name: string, options: DedupeOptions<K, V>): this

  /**
   * Own code with stores and timers. What it emits goes out under the key of the record or the timer at work; with
   * `key` it makes keys of its own, and whatever needs equal keys in one place wants a `rekey` behind it.
   * @example
   * tickets.process('escalation', {
   *   stores: { 'open-tickets': keyed(text, ticketFormat) },
   *   timers: { overdue: 'stream' },
   *   as: ticketFormat,
   *   record(ticket, id, { stores, timers, timestamp }) {
   *     stores['open-tickets'].put(id, ticket)
   *     timers.overdue.at(timestamp + 3_600_000, id)
   *   },
   *   due: {
   *     overdue(id, _time, { stores, emit }) {
   *       const ticket = stores['open-tickets'].get(id)
   *       if (ticket) emit(ticket)
   *     },
   *   },
   * })
   */
  process<
    S extends Stores = Record<never, never>,
    T extends TimerClocks = Record<never, never>,
    R = never,
    W = never,
    K2 = never,
    K2In = never,
  >(
    name: string,
    how: OwnCode<K, V, NoInfer<W>, NoInfer<K2In>, S, T> & {
      readonly as?: Format<R, W>
      readonly key?: Format<K2, K2In>
    },
  ): Stream<KeyOut<K, K2>, W, R>

  /**
   * Writes the stream to a topic.
   * @example labelled.to(ticketsLabeled)
   */
  to(sink: Sink<K, Exclude<V, null>>): void

  /**
   * Writes the stream to a topic under another key; the records are not repartitioned for this topology.
   * @example perHour.changes().toKeyed(reports, (count, { key, start }) => `${key}@${start}`)
   */
  toKeyed<K2>(sink: Sink<K2, Exclude<V, null>>, by: (value: V, key: K) => NoInfer<K2>): void

  /**
   * Sends the records that led here, bytes and headers as they came, to a topic of dead letters.
   * @example unfit.deadLetter(ticketsDlq, 'the body is shorter than 10 characters')
   */
  deadLetter(topic: Source<unknown, unknown>, reason: string): void

  /**
   * Ends the stream: nobody wants its records, and it is said aloud. They are counted as dropped.
   * @example spam.discard()
   */
  discard(): void
}

/**
 * A stream whose values can be written: it came from a topic, or from a step with `as`. `S` is what reading gives back.
 * @example const urgent = (tickets: Stream<string, Ticket>) => tickets.filter(ticket => ticket.priority === 'High')
 */
export interface Stream<out K, out V, out S = V>
  extends AnyStream<K, V>,
    TableJoins<K, V, Grace>,
    WithinJoins<K, V, true>,
    Keeping<K, V, S, true> {
  /** Type-level only: tells it from a stream of which nobody knows how its values are written. */
  readonly written?: { readonly as: S } | undefined

  /**
   * Lets pass the records for which the test holds; a type guard narrows the stream.
   * @example tickets.filter(ticket => ticket.priority === 'High')
   */
  filter<W extends V>(keep: (value: V, key: K) => value is W): Stream<K, W, S>
  filter(keep: (value: V, key: K) => boolean): Stream<K, V, S>

  /**
   * Sends each record down the first arm whose test holds. One arm must be `rest`.
   * @example const { urgent, others } = tickets.branch({ urgent: ticket => ticket.priority === 'High', others: rest })
   */
  branch<const A extends Readonly<Record<string, ArmOf<K, V>>>>(arms: A & Total<A>): Lanes<K, V, S, A>

  /**
   * One stream out of several.
   * @example fromMail.merge(fromDiscord).to(ticketsFormatted)
   */
  merge<K2, V2, S2>(...others: readonly Stream<K2, V2, S2>[]): Stream<K | K2, V | V2, S | S2>

  /**
   * Shows each record to a function and passes it on.
   * @example tickets.peek(ticket => seen.push(ticket.id))
   */
  peek<R>(look: ((value: V, key: K) => R) & NotAsync<'peek', R>): Stream<K, V, S>

  /**
   * Gathers the records of each key, to count, reduce or aggregate them.
   * @example words.group().count('words')
   */
  group(): Group<K, Exclude<V, null>, S>

  /**
   * Hands the stream to a function that draws on, and gives back what it gives: parts of pipelines to share.
   * @example tickets.use(withoutSpam)
   */
  use<R>(fragment: (stream: Stream<K, V, S>) => R): R
}

/** What writes values down, so that it has to be known how: where it is not, the name is what no name fits. */
interface Keeping<out K, out V, out S, Written extends boolean> {
  /**
   * Gives each record another key, through a topic of the topology's own with this name, so that equal keys meet.
   * @example tickets.rekey('by-customer', ticket => ticket.customer, { key: text })
   */
  rekey<K2, K2In>(
    name: NameOf<Written, 'rekey'>,
    by: (value: V, key: K) => NoInfer<K2In>,
    options: { readonly key: Format<K2, K2In>; readonly partitions?: number },
  ): Stream<K2, S>

  /**
   * Keeps the newest value of each key as a table; null deletes.
   * @example orders.table('orders-by-id')
   */
  table(name: NameOf<Written, 'table'>, options?: TableOptions): Table<K, Exclude<S, null>>

  /**
   * Asks the outside world about each record and goes on with the answer. Records of one key keep their order, others do
   * not wait for each other; no commit waits for an answer, and none that was committed is asked for again.
   * @example
   * tickets.enrich('label', labeller, {
   *   ask: ticket => ({ body: ticket.body }),
   *   merge: (ticket, label) => ({ ...ticket, ...label }),
   *   as: labeledTicket,
   *   inFlight: 8,
   *   timeout: '60s',
   *   retry: { attempts: 3, backoff: '1s' },
   *   otherwise: ticket => keywordLabel(ticket.body),
   *   remember: '30d',
   * })
   */
  enrich<Q, A, AIn, R, const W>(
    name: NameOf<Written, 'enrich'>,
    call: Call<Q, A, AIn>,
    how: EnrichOptions<K, Exclude<V, null>, NoInfer<Q>, NoInfer<A>, NoInfer<AIn>, R, W>,
  ): Stream<K, W, R>
}

/**
 * A stream of which nobody knows how its values are written: `map` without `as` gives one. What would store them is refused.
 * @example const lengths: BareStream<string, number> = tickets.map(ticket => ticket.body.length)
 */
export interface BareStream<out K, out V>
  extends AnyStream<K, V>,
    TableJoins<K, V, BareGrace>,
    WithinJoins<K, V, false>,
    Keeping<K, V, V, false> {
  readonly written?: Refused<'its values cannot be written, give the step before it `as: format`'> | undefined

  filter<W extends V>(keep: (value: V, key: K) => value is W): BareStream<K, W>
  filter(keep: (value: V, key: K) => boolean): BareStream<K, V>
  branch<const A extends Readonly<Record<string, ArmOf<K, V>>>>(arms: A & Total<A>): BareLanes<K, V, A>
  merge<K2, V2>(...others: readonly AnyStream<K2, V2>[]): BareStream<K | K2, V | V2>
  peek<R>(look: ((value: V, key: K) => R) & NotAsync<'peek', R>): BareStream<K, V>
  group(): BareGroup<K, Exclude<V, null>>
  use<R>(fragment: (stream: BareStream<K, V>) => R): R
}

/** Options that every store has. */
export interface StoreOptions {
  /** Raise it when the meaning of what is stored changes though its format does not. */
  readonly version?: number
}

/**
 * Options of a store whose rows may be forgotten.
 * @example const forgetful: RowOptions = { expire: '30d' }
 */
export interface RowOptions extends StoreOptions {
  /** A row that has not been changed for so long, in the time of the records, is deleted: here, downstream and in the changelog. */
  readonly expire?: Duration
}

/** Options of every table that is kept in a store of its own. */
export interface TableOptions extends RowOptions {
  /** Keeps what each row was, as far back in stream time as this; what is older when it comes is dropped. */
  readonly versioned?: { readonly history: Duration }
}

/**
 * How `dedupe` knows a record again, and for how long.
 * @example const once: DedupeOptions<string, Mail> = { by: mail => mail.messageId, within: '30d' }
 */
export interface DedupeOptions<out K, out V> extends StoreOptions {
  /** What makes two records the same; else their key does. */
  by?(value: V, key: K): string
  /** How long, in the time of the records, an identity is remembered that has passed. */
  readonly within: Duration
}

/**
 * Options of every source.
 * @example const patient: SourceOptions<Ticket> = { timestamp: ticket => ticket.date, onError: 'skip', idle: '30s' }
 */
export interface SourceOptions<V> {
  /** The time of a record, where it is not the log's. */
  readonly timestamp?: (value: V, recordTime: number) => number
  /** What a record meets that cannot be decoded or has a wrong time; else the topology's own policy. */
  readonly onError?: 'fail' | 'skip' | { readonly deadLetter: Source<unknown, unknown> }
  /**
   * Once nothing has come for so long in wall time, and all there was has been worked off, time passes without records:
   * from the last one on, at the pace of the wall clock. So the last window closes, and what comes later for a time that
   * has passed is late. Every source of a task must say `idle`; behind a `rekey` all its writers must be quiet.
   */
  readonly idle?: Duration
  /** A record this far ahead of the wall clock meets the error policy. */
  readonly aheadMax?: Duration
}
