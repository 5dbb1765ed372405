import type { Format } from '../ports/codec.ts'
import type { Cogroup } from './cogroup.ts'
import type { NameOf } from './refused.ts'
import type { RowOptions, StoreOptions } from './stream.ts'
import type { Table } from './table.ts'
import type { BareSessionGroup, BareWindowedGroup, SessionGroup, WindowedGroup } from './windowed-group.ts'
import type { Hopping, Session, Sliding, Tumbling } from './windows.ts'

/**
 * Options of every aggregate.
 * @example const calm: AggregateOptions = { emit: 'perCommit', version: 2 }
 */
export interface AggregateOptions extends StoreOptions {
  /** Emits one update for each key and commit instead of every one. */
  readonly emit?: 'perCommit'
}

/**
 * Options of an aggregate with one row for each key, for all time.
 * @example const forgetful: RowAggregateOptions = { expire: '30d' }
 */
export interface RowAggregateOptions extends AggregateOptions, RowOptions {}

/**
 * How records become one value of another kind.
 * @example const sum: Aggregation<string, Order, number, number> = { init: () => 0, add: (all, { amount }) => all + amount, as: real }
 */
export interface Aggregation<K, V, S, W> {
  readonly init: (key: K) => NoInfer<S>
  /** Null deletes what there is. The state is never changed in place: a new one is given back. */
  readonly add: (state: NoInfer<S>, value: V, key: K) => NoInfer<W> | null
  readonly as: Format<S, W>
}

/**
 * What every group can do, whether or not it is known how its values are written. A null key or value is dropped and counted.
 * @example const tally = <K>(group: AnyGroup<K, unknown>) => group.count('tally')
 */
export interface AnyGroup<out K, out V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V } | undefined

  /**
   * How many records each key had.
   * @example words.group().count('words')
   */
  count(name: string, options?: RowAggregateOptions): Table<K, number>

  /**
   * Folds the records of each key, from `init` on. Null as a result deletes the row.
   * @example sales.group().aggregate('sums', { init: () => 0, add: (sum, sale) => sum + sale.amount, as: real })
   */
  aggregate<S, const W>(name: string, how: Aggregation<K, V, S, W> & RowAggregateOptions): Table<K, Exclude<S, null>>

  /**
   * Begins a fold of several groups into one value for each key.
   * @example tickets.group().cogroup({ init, add: addTicket, as: file }).with(replies.group(), addReply).aggregate('files')
   */
  cogroup<S, const W>(how: Aggregation<K, V, S, W>): Cogroup<K, V, S, W>
}

/**
 * The records of each key, to fold them into a table.
 * @example const lengths: BareGroup<string, number> = tickets.map(ticket => ticket.body.length).group()
 */
export interface BareGroup<out K, out V> extends AnyGroup<K, V> {
  tumbling(windows: Tumbling): BareWindowedGroup<K, V>
  hopping(windows: Hopping): BareWindowedGroup<K, V>
  sliding(windows: Sliding): BareWindowedGroup<K, V>
  session(windows: Session): BareSessionGroup<K, V>
  reduce(
    name: NameOf<false, 'reduce'>,
    merge: (state: V, value: V, key: K) => V,
    options?: RowAggregateOptions,
  ): Table<K, V>
}

/**
 * The records of each key whose values can be written.
 * @example const byId: Group<string, Ticket> = tickets.group()
 */
export interface Group<out K, out V, out S = V> extends AnyGroup<K, V> {
  /**
   * Folds the records of each key into one of their own kind.
   * @example readings.group().reduce('highest', (highest, reading) => Math.max(highest, reading))
   */
  reduce(name: string, merge: (state: S | V, value: V, key: K) => V, options?: RowAggregateOptions): Table<K, S>

  /**
   * The records of each key by windows of one size, side by side.
   * @example tickets.group().tumbling({ size: '1h', grace: '5m' }).count('tickets-per-hour')
   */
  tumbling(windows: Tumbling): WindowedGroup<K, V, S>

  /**
   * The records of each key by windows of one size that begin every so often, so that a record is in several.
   * @example tickets.group().hopping({ size: '1h', every: '10m', grace: '5m' }).count('tickets-of-the-last-hour')
   */
  hopping(windows: Hopping): WindowedGroup<K, V, S>

  /**
   * The records of each key by windows that begin or end with one of them: any records so far apart at most are in one.
   * @example logins.group().sliding({ within: '10m', grace: '1m' }).count('logins-within-ten-minutes')
   */
  sliding(windows: Sliding): WindowedGroup<K, V, S>

  /**
   * The records of each key by windows that last as long as one follows the other within the gap.
   * @example clicks.group().session({ gap: '30m', grace: '5m' }).count('clicks-per-visit')
   */
  session(windows: Session): SessionGroup<K, V, S>
}
