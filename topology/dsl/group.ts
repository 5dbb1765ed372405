import type { Format } from '../ports/codec.ts'
import type { Refused } from './refused.ts'
import type { StoreOptions } from './stream.ts'
import type { Table } from './table.ts'

/** The records of each key, to fold them into a table. A null key or value is dropped and counted. */
export interface BareGroup<out K, out V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V }

  /**
   * How many records each key had.
   * @example words.group().count('words')
   */
  count(name: string, options?: StoreOptions): Table<K, number>

  /**
   * Folds the records of each key, from `init` on. Null as a result deletes the row.
   * @example sales.group().aggregate('sums', { init: () => 0, add: (sum, sale) => sum + sale.amount, as: real })
   */
  aggregate<S, const W>(
    name: string,
    how: {
      readonly init: (key: K) => NoInfer<S>
      readonly add: (state: NoInfer<S>, value: V, key: K) => NoInfer<W> | null
      readonly as: Format<S, W>
    } & StoreOptions,
  ): Table<K, Exclude<S, null>>

  reduce(
    name: Refused<'reduce: its values cannot be written, give the step before it `as: format`'>,
    ...rest: never
  ): never
}

/** The records of each key whose values can be written. */
export interface Group<out K, out V, out S = V> extends Omit<BareGroup<K, V>, 'reduce'> {
  /**
   * Folds the records of each key into one of their own kind.
   * @example readings.group().reduce('highest', (highest, reading) => Math.max(highest, reading))
   */
  reduce(name: string, merge: (state: S | V, value: V, key: K) => V, options?: StoreOptions): Table<K, S>
}
