import type { Duration } from './duration.ts'
import type { AggregateOptions, Aggregation } from './group.ts'
import type { NameOf } from './refused.ts'
import type { BareStream, Stream } from './stream.ts'
import type { OpenWindows } from './windowed-table.ts'

/**
 * Options of every aggregate by window.
 * @example const kept: WindowOptions = { retention: '7d', emit: 'perCommit' }
 */
export interface WindowOptions extends AggregateOptions {
  /** For how long windows can be looked up, in stream time from their start (a session's end); else until they close. */
  readonly retention?: Duration
}

/**
 * What becomes of two sessions that a record turns into one.
 * @example const added: Merging<string, number, number> = { merge: (one, other) => one + other }
 */
export interface Merging<K, S, W> {
  readonly merge: (state: NoInfer<S>, other: NoInfer<S>, key: K) => NoInfer<W>
}

/** What every group by window can do. `Late` is the stream of records that come too late. */
export interface AnyWindowedGroup<out K, out V, out Late> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V } | undefined

  /**
   * How many records each key had in each window.
   * @example tickets.group().tumbling({ size: '1h', grace: '5m' }).count('tickets-per-hour')
   */
  count(name: string, options?: WindowOptions): OpenWindows<K, number, Late>
}

/** What a group by windows of a given length can do besides. */
interface FixedWindows<out K, out V, out Late> extends AnyWindowedGroup<K, V, Late> {
  /**
   * Folds the records of each key and window, from `init` on. Null as a result deletes the row.
   * @example hours.aggregate('sums', { init: () => 0, add: (sum, sale) => sum + sale.amount, as: real })
   */
  aggregate<S, const W>(
    name: string,
    how: Aggregation<K, V, S, W> & WindowOptions,
  ): OpenWindows<K, Exclude<S, null>, Late>
}

/** What a group by session can do besides. */
interface Sessions<out K, out V, out Late> extends AnyWindowedGroup<K, V, Late> {
  /**
   * Folds the records of each key and session, from `init` on; `merge` makes one of two sessions. Null as a result
   * deletes the row.
   * @example
   * visits.aggregate('pages', { init: () => [], add: (all, page) => [...all, page], merge: (a, b) => [...a, ...b], as: pages })
   */
  aggregate<S, const W>(
    name: string,
    how: Aggregation<K, V, S, W> & Merging<K, S, W> & WindowOptions,
  ): OpenWindows<K, Exclude<S, null>, Late>
}

interface CannotReduce<out K, out V> {
  reduce(
    name: NameOf<false, 'reduce'>,
    merge: (state: V, value: V, key: K) => V,
    options?: WindowOptions,
  ): OpenWindows<K, V, BareStream<K, V>>
}

/** `Taken`: what `merge` may get as its second argument. */
interface CanReduce<out K, out V, out S, out Taken> {
  /**
   * Folds the records of each key and window into one of their own kind.
   * @example readings.group().tumbling({ size: '1h', grace: '5m' }).reduce('highest', (a, b) => Math.max(a, b))
   */
  reduce(
    name: string,
    merge: (state: S | V, value: Taken, key: K) => V,
    options?: WindowOptions,
  ): OpenWindows<K, S, Stream<K, V, S>>
}

/**
 * The records of each key by window.
 * @example const count = (windows: BareWindowedGroup<string, number>) => windows.count('per-window')
 */
export interface BareWindowedGroup<out K, out V> extends FixedWindows<K, V, BareStream<K, V>>, CannotReduce<K, V> {}

/**
 * The records of each key by window, whose values can be written.
 * @example const hours: WindowedGroup<string, Ticket> = tickets.group().tumbling({ size: '1h', grace: '5m' })
 */
export interface WindowedGroup<out K, out V, out S = V>
  extends FixedWindows<K, V, Stream<K, V, S>>,
    CanReduce<K, V, S, V> {}

/**
 * The records of each key by session.
 * @example const count = (sessions: BareSessionGroup<string, number>) => sessions.count('per-session')
 */
export interface BareSessionGroup<out K, out V> extends Sessions<K, V, BareStream<K, V>>, CannotReduce<K, V> {}

/**
 * The records of each key by session, whose values can be written.
 * @example const visits: SessionGroup<string, string> = clicks.group().session({ gap: '30m', grace: '5m' })
 */
export interface SessionGroup<out K, out V, out S = V>
  extends Sessions<K, V, Stream<K, V, S>>,
    CanReduce<K, V, S, V | S> {}
