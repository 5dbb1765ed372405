import type { Format } from '../ports/codec.ts'
import type { Windowed } from '../windowed.ts'
import type { StoreOptions } from './stream.ts'
import type { Table } from './table.ts'

/**
 * Options of `suppress`.
 * @example const bounded: SuppressOptions = { windowsMax: 100_000 }
 */
export interface SuppressOptions extends StoreOptions {
  /** So many windows may be held back in one task: the record that would be one too many meets the error policy. Else as many as come. */
  readonly windowsMax?: number
}

/**
 * A table with a row for each key and window.
 * @example const final: WindowedTable<string, number> = perHour.suppress('until-they-close')
 */
export interface WindowedTable<out K, out V> extends Table<Windowed<K>, V> {
  /**
   * Nothing of a window until it closes, then its last result alone. Its updates wait in a store of this name.
   * @example perHour.suppress('hours-until-they-close').changes().to(finalCounts)
   */
  suppress(name: string, options?: SuppressOptions): WindowedTable<K, V>

  filter<W extends V>(keep: (value: V, key: Windowed<K>) => value is W): WindowedTable<K, W>
  filter(keep: (value: V, key: Windowed<K>) => boolean): WindowedTable<K, V>

  map<S, const W>(
    change: (value: V, key: Windowed<K>) => NoInfer<W> | null,
    options: { readonly as: Format<S, W> },
  ): WindowedTable<K, Exclude<W, null>>
}

/**
 * The windows of an aggregate, from the first record in each until it closes.
 * @example const late = (windows: OpenWindows<string, number, Stream<string, Ticket>>) => windows.late().to(ticketsFormatted)
 */
export interface OpenWindows<out K, out V, out Late> extends WindowedTable<K, V> {
  /**
   * The records that came too late for every window they belong to. They are counted in any case.
   * @example perHour.late().deadLetter(ticketsLate, 'more than five minutes late')
   */
  late(): Late
}
