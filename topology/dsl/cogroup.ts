import type { AnyGroup, RowAggregateOptions } from './group.ts'
import type { BareStream } from './stream.ts'
import type { Table } from './table.ts'
import type { Merging, WindowOptions } from './windowed-group.ts'
import type { OpenWindows } from './windowed-table.ts'
import type { Hopping, Session, Sliding, Tumbling } from './windows.ts'

interface AnyCogroup<out K, out V, S, W> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly types?: { readonly key: K; readonly value: V; readonly state: (state: S) => W } | undefined
}

/**
 * Several groups of one key that are folded into one value.
 * @example const files = <K>(groups: Cogroup<K, unknown, number, number>) => groups.aggregate('files')
 */
export interface Cogroup<out K, out V, S, W> extends AnyCogroup<K, V, S, W> {
  /**
   * Another group, and how its records are folded into the common value.
   * @example tickets.group().cogroup({ init, add: addTicket, as: file }).with(replies.group(), addReply)
   */
  with<V2>(group: AnyGroup<K, V2>, add: (state: S, value: V2, key: K) => W | null): Cogroup<K, V | V2, S, W>

  /**
   * Folds the records of all groups, as they come, into one value for each key.
   * @example tickets.group().cogroup({ init, add: addTicket, as: file }).with(replies.group(), addReply).aggregate('files')
   */
  aggregate(name: string, options?: RowAggregateOptions): Table<K, Exclude<S, null>>

  tumbling(windows: Tumbling): WindowedCogroup<K, V, S, W>
  hopping(windows: Hopping): WindowedCogroup<K, V, S, W>
  sliding(windows: Sliding): WindowedCogroup<K, V, S, W>
  session(windows: Session): SessionCogroup<K, V, S, W>
}

/**
 * Several groups of one key by window.
 * @example const perHour = <K>(groups: WindowedCogroup<K, unknown, number, number>) => groups.aggregate('per-hour')
 */
export interface WindowedCogroup<out K, out V, S, W> extends AnyCogroup<K, V, S, W> {
  aggregate(name: string, options?: WindowOptions): OpenWindows<K, Exclude<S, null>, BareStream<K, V>>
}

/**
 * Several groups of one key by session.
 * @example
 * const perVisit = <K>(groups: SessionCogroup<K, unknown, number, number>) =>
 *   groups.aggregate('per-visit', { merge: (one, other) => one + other })
 */
export interface SessionCogroup<out K, out V, S, W> extends AnyCogroup<K, V, S, W> {
  aggregate(name: string, options: Merging<K, S, W> & WindowOptions): OpenWindows<K, Exclude<S, null>, BareStream<K, V>>
}
