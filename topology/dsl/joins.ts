import type { Duration } from './duration.ts'
import type { GlobalTable } from './global-table.ts'
import type { NameOf, Refused } from './refused.ts'
import type { As, BareStream, StoreOptions, Stream } from './stream.ts'
import type { Table } from './table.ts'

export type JoinKind = 'inner' | 'left' | 'outer'
/** What a join hands over for a side that may be missing. */
export type Side<Missing, V> = Missing extends true ? V | undefined : V
/** A row that only `left` joins do without. */
type RowOf<Kind, V> = Side<Kind extends 'left' ? true : false, V>

/** Records that wait are stored, under a name. */
export type Grace =
  | { readonly grace: Duration; readonly buffer: string; readonly version?: number }
  | { readonly grace?: undefined; readonly buffer?: undefined }
export interface BareGrace {
  readonly grace?: Refused<'join: with grace its values are stored, give the step before it `as: format`'>
}

/** Options of a join with a table. */
export type TableJoinOptions<Kind, Waits> = { readonly kind?: Kind } & Waits

export interface TableJoins<out K, out V, in Waits> {
  /**
   * Joins each record with the row of a table under the same key, as the table is when the record is taken; if the table is
   * `versioned`, as it was at the record's own time. Where `left`, a record without a row is joined with undefined.
   * With `grace`, records wait that long in stream time, in a store named by `buffer`, for rows that come later than they do.
   * @example
   * tickets.join(customers, (ticket, customer) => ({ ...ticket, tier: customer.tier }))
   * orders.join(prices, (order, price) => order.count * price.cents, { grace: '5m', buffer: 'orders-before-prices' })
   */
  join<V2, S, const W, Kind extends 'inner' | 'left' = 'inner'>(
    table: Table<K, V2>,
    merge: (value: Exclude<V, null>, row: RowOf<Kind, V2>, key: K) => NoInfer<W>,
    options: TableJoinOptions<Kind, Waits> & As<S, W>,
  ): Stream<K, W, S>
  join<V2, W, Kind extends 'inner' | 'left' = 'inner'>(
    table: Table<K, V2>,
    merge: (value: Exclude<V, null>, row: RowOf<Kind, V2>, key: K) => W,
    options?: TableJoinOptions<Kind, Waits>,
  ): BareStream<K, W>
}

/** How a record asks a global table for a row, and what becomes of both. */
export interface GlobalLookup<K, V, K2, V2, W, Kind> {
  readonly key: (value: Exclude<V, null>, key: K) => NoInfer<K2> | null | undefined
  readonly with: (value: Exclude<V, null>, row: RowOf<Kind, V2>, key: K) => W
  readonly kind?: Kind
}

export interface GlobalLookups<out K, out V> {
  /**
   * Joins each record with the row of a global table that it asks for, as the table is when the record is taken. Where
   * `left`, a record that finds nothing or asks for nothing is joined with undefined; where `inner`, it is dropped.
   * @example
   * tickets.lookup(countries, {
   *   key: ticket => ticket.country,
   *   with: (ticket, country) => ({ ...ticket, language: country.language }),
   * })
   */
  lookup<K2, V2, S, const W, Kind extends 'inner' | 'left' = 'inner'>(
    table: GlobalTable<K2, V2>,
    how: GlobalLookup<K, V, K2, V2, NoInfer<W>, Kind> & As<S, W>,
  ): Stream<K, W, S>
  lookup<K2, V2, W, Kind extends 'inner' | 'left' = 'inner'>(
    table: GlobalTable<K2, V2>,
    how: GlobalLookup<K, V, K2, V2, W, Kind>,
  ): BareStream<K, W>
}

/** How far apart two records may lie to meet, on both sides or on each. */
export type WithinTime =
  | { readonly within: Duration; readonly before?: undefined; readonly after?: undefined }
  /** The right record may be so much earlier, and so much later, than the left one. */
  | { readonly within?: undefined; readonly before: Duration; readonly after: Duration }

/** Which records meet, and what becomes of them. */
export interface WithinJoin<K, V, V2, W, Kind> extends StoreOptions {
  readonly kind?: Kind
  /** How much later than others a record may come and still be joined. */
  readonly grace: Duration
  readonly merge: (
    left: Side<Kind extends 'outer' ? true : false, Exclude<V, null>>,
    right: Side<Kind extends 'inner' ? false : true, Exclude<V2, null>>,
    key: K,
  ) => W
}

export interface WithinJoins<out K, out V, Written extends boolean> {
  /**
   * Joins two streams: records of one key that lie within a time of each other meet. Two stores with this name, `-left` and
   * `-right` behind it, keep them until nothing can meet them any more. With `left` a record of this stream that met nobody
   * comes out with undefined, with `outer` one of either: once stream time has passed the window and the grace.
   * @example
   * orders.joinWithin('orders-paid', payments, {
   *   within: '1h',
   *   grace: '5m',
   *   kind: 'left',
   *   merge: (order, payment) => ({ ...order, paid: payment?.amount ?? 0 }),
   * })
   */
  joinWithin<V2, S2, S, const W, Kind extends JoinKind = 'inner'>(
    name: NameOf<Written, 'joinWithin'>,
    right: Stream<K, V2, S2>,
    how: WithinTime & WithinJoin<K, V, V2, NoInfer<W>, Kind> & As<S, W>,
  ): Stream<K, W, S>
  joinWithin<V2, S2, W, Kind extends JoinKind = 'inner'>(
    name: NameOf<Written, 'joinWithin'>,
    right: Stream<K, V2, S2>,
    how: WithinTime & WithinJoin<K, V, V2, W, Kind>,
  ): BareStream<K, W>
}
