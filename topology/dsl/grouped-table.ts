import type { Format } from '../ports/codec.ts'
import type { AggregateOptions } from './group.ts'
import type { Table } from './table.ts'

/**
 * The rows of a table by another key, to fold each group into a row of a new table. A row that changes is taken out of
 * its group as it was and put in as it is; a row that is deleted is taken out.
 * @example const byTier: GroupedTable<string, Customer> = customers.group('by-tier', ({ tier }) => tier, { key: text })
 */
export interface GroupedTable<out K, out V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V } | undefined

  /**
   * How many rows each group has. A group that lost its last row stays, with 0.
   * @example customers.group('by-tier', customer => customer.tier, { key: text }).count('customers-by-tier')
   */
  count(name: string, options?: AggregateOptions): Table<K, number>

  /**
   * Folds the rows of each group into one of their own kind.
   * @example
   * const sums = amounts.group('by-account', amount => amount.account, { key: text }).reduce('sums', {
   *   add: (sum, amount) => ({ ...sum, cents: sum.cents + amount.cents }),
   *   subtract: (sum, amount) => ({ ...sum, cents: sum.cents - amount.cents }),
   * })
   */
  reduce(
    name: string,
    how: {
      add(state: V, row: V, key: K): V | null
      subtract(state: V, row: V, key: K): V | null
    } & AggregateOptions,
  ): Table<K, V>

  /**
   * Folds the rows of each group, from `init` on. Null as a result deletes the group's row.
   * @example
   * const spent = openOrders.group('by-customer', order => order.customer, { key: text }).aggregate('spent', {
   *   init: () => 0,
   *   add: (sum, order) => sum + order.amount,
   *   subtract: (sum, order) => sum - order.amount,
   *   as: real,
   * })
   */
  aggregate<S, const W>(
    name: string,
    how: {
      readonly init: (key: K) => NoInfer<S>
      readonly add: (state: NoInfer<S>, row: V, key: K) => NoInfer<W> | null
      readonly subtract: (state: NoInfer<S>, row: V, key: K) => NoInfer<W> | null
      readonly as: Format<S, W>
    } & AggregateOptions,
  ): Table<K, Exclude<S, null>>
}
