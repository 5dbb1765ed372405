import type { Format } from '../ports/codec.ts'
import type { GroupedTable } from './grouped-table.ts'
import type { JoinKind, Side } from './joins.ts'
import type { StoreOptions, Stream } from './stream.ts'

/**
 * The newest value of each key. `V` is never null: a deleted row is missing.
 * @example const active = (customers: Table<string, Customer>) => customers.filter(customer => customer.active)
 */
export interface Table<out K, out V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V } | undefined

  /**
   * Every change as a stream; null where a row was deleted.
   * @example counts.changes().to(wordCounts)
   */
  changes(): Stream<K, V | null, V>

  /**
   * The rows for which the test holds. It keeps no store of its own.
   * @example customers.filter(customer => customer.active)
   */
  filter<W extends V>(keep: (value: V, key: K) => value is W): Table<K, W>
  filter(keep: (value: V, key: K) => boolean): Table<K, V>

  /**
   * Each row changed; null leaves it out. It keeps no store of its own.
   * @example customers.map(customer => customer.tier, { as: text })
   */
  map<S, const W>(
    change: (value: V, key: K) => NoInfer<W> | null,
    options: { readonly as: Format<S, W> },
  ): Table<K, Exclude<W, null>>

  /**
   * A table of the rows that two tables have under the same key; `left` and `outer` keep rows that one of them lacks,
   * and null leaves a row out. It keeps no store of its own.
   * @example customers.join(accounts, (customer, account) => ({ ...customer, ...account }), { as: json<Both>() })
   */
  join<V2, S, const W, Kind extends JoinKind = 'inner'>(
    other: Table<K, V2>,
    merge: (
      row: Side<Kind extends 'outer' ? true : false, V>,
      other: Side<Kind extends 'inner' ? false : true, V2>,
      key: K,
    ) => NoInfer<W> | null,
    options: { readonly as: Format<S, W>; readonly kind?: Kind },
  ): Table<K, Exclude<W, null>>

  /**
   * The rows by another key, through a topic of the topology's own with this name; a row whose new key is null is in no group.
   * @example customers.group('by-tier', customer => customer.tier, { key: text }).count('customers-by-tier')
   */
  group<K2, K2In>(
    name: string,
    by: (row: V, key: K) => NoInfer<K2In> | null,
    options: { readonly key: Format<K2, K2In>; readonly partitions?: number },
  ): GroupedTable<K2, V>

  /**
   * A table of this one's rows, each with the row of another table that it refers to. Two topics of the topology's own
   * and two stores carry this name: who refers to what, and the result. Where `left`, a row that refers to nothing is
   * joined with undefined; where `inner`, it is left out.
   * @example
   * openOrders.lookup('orders-with-customers', customers, {
   *   key: order => order.customer,
   *   with: (order, customer) => ({ ...order, tier: customer.tier }),
   *   as: json<OrderWithTier>(),
   * })
   */
  lookup<K2, V2, S, const W, Kind extends 'inner' | 'left' = 'inner'>(
    name: string,
    other: Table<K2, V2>,
    how: {
      readonly key: (row: V, key: K) => NoInfer<K2> | null | undefined
      readonly with: (row: V, other: Side<Kind extends 'left' ? true : false, V2>, key: K) => NoInfer<W> | null
      readonly as: Format<S, W>
      readonly kind?: Kind
    } & StoreOptions,
  ): Table<K, Exclude<S, null>>
}
