import type { ClockName } from '../operators/operator.ts'
import type { Format } from '../ports/codec.ts'
import type { Headers } from '../ports/log.ts'
import type { Duration } from './duration.ts'

/**
 * The formats of a store of own code.
 * @example const open: Keyed<string, Ticket> = keyed(text, ticketFormat, { version: 2 })
 */
export interface Keyed<out K, out V, in KIn = K, in VIn = V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly takes?: ((key: KIn, value: VIn) => void) | undefined
  readonly key: Format<K, KIn>
  readonly value: Format<V, VIn>
  readonly version?: number
}

/**
 * Declares a store of own code: values of one format under keys of another.
 * @example stream.process('open-tickets', { stores: { open: keyed(text, ticketFormat) }, record: () => {} })
 */
export const keyed = <K, V, KIn, VIn>(
  key: Format<K, KIn>,
  value: Format<V, VIn>,
  options: { readonly version?: number } = {},
): Keyed<K, V, KIn, VIn> => ({ key, value, ...options })

export type Stores = Readonly<Record<string, Keyed<unknown, unknown, never, never>>>
export type TimerClocks = Readonly<Record<string, ClockName>>

/**
 * A store as own code uses it: changes become visible together with the output of their record, or not at all.
 * @example const next = (numbers: KeyValues<string, number>) => numbers.put('next', (numbers.get('next') ?? 0) + 1)
 */
export interface KeyValues<out K, out V, in KIn = K, in VIn = V> {
  get(key: KIn): V | undefined
  put(key: KIn, value: VIn): void
  delete(key: KIn): void
  /** Entries with `from <= key < to` in the order of the keys' bytes; changing the store while going through them is safe. */
  range(options?: {
    readonly from?: KIn
    readonly to?: KIn
    readonly backwards?: boolean
    readonly entriesMax?: number
  }): readonly (readonly [key: K, value: V])[]
}

/**
 * The timers of one name: one for each key, kept with the state.
 * @example const remind = (timers: KeyTimers<string>, id: string, now: number) => timers.at(now + 60_000, id)
 */
export interface KeyTimers<K> {
  /** Sets the key's timer, or moves it. One whose time is over rings at the next occasion. */
  at(timeMs: number, key: K): void
  cancel(key: K): void
  /** When the key's timer is due; undefined where none is set. */
  dueAt(key: K): number | undefined
}

type Opened<S> = {
  readonly [Name in keyof S]: S[Name] extends Keyed<infer K, infer V, infer KIn, infer VIn>
    ? KeyValues<K, V, KIn, VIn>
    : never
}

interface EmitOptions {
  /** Else that of the record or timer at work. */
  readonly timestamp?: number
  /** Else those of the record at work. */
  readonly headers?: Headers
}

/** What own code works with. It is good until the function returns. */
export interface Own<K, S, T> {
  readonly stores: Opened<S>
  readonly timers: { readonly [Name in keyof T]: KeyTimers<K> }
  /** Of the record or the timer at work. */
  readonly timestamp: number
  /** The highest timestamp that has come here. */
  readonly streamTime: number
  readonly headers: Headers
  /** Where in the log the record at work came from; undefined for a timer. */
  readonly from: { readonly topic: string; readonly partition: number; readonly offset: number } | undefined
}

/** Emits under the key of the record or timer at work. */
interface Emits<W> {
  emit(value: W, how?: EmitOptions): void
}

/** Emits under the key that it is given. */
interface EmitsUnder<K, W> {
  emit(value: W, how: EmitOptions & { readonly key: K }): void
}

type Emitting<W, KOut> = [KOut] extends [never] ? Emits<W> : EmitsUnder<KOut, W>
/** A periodic timer has no key of its own: what it emits goes under one that the state here knows. */
type Sweeping<K, W, KOut> = EmitsUnder<[KOut] extends [never] ? K : KOut, W>

/** A method, for the compiler compares those as handles need it: a stream of some keys is one of more keys, too. */
interface Due<K, World> {
  act(key: K, timeMs: number, own: World): void
}

/**
 * Own code: what it keeps, what it does with a record, and when it wants to be woken.
 * @example
 * type Echo = OwnCode<string, Ticket, Ticket, never, Record<never, never>, Record<never, never>>
 * const echo: Echo = { record: (ticket, _id, { emit }) => emit(ticket) }
 */
export interface OwnCode<K, V, W, KOut, S, T> {
  /** What it keeps, by the names of the stores: they are the topology's own and no two may be the same. */
  readonly stores?: S
  /** Timers by name, in the time of the records or in wall time. They are kept, and outlive crashes and moves. */
  readonly timers?: T
  /** Takes one record; a null key comes as null. */
  record(value: V, key: K, own: Own<K, S, T> & Emitting<W, KOut>): void
  /** What each timer does when it is due. */
  readonly due?: { readonly [Name in keyof T]: Due<K, Own<K, S, T> & Emitting<W, KOut>>['act'] }
  /** What is done again and again: at each multiple of the interval in stream time, or each time so much wall time has passed. */
  readonly every?: Readonly<
    Record<
      string,
      {
        readonly clock: ClockName
        readonly interval: Duration
        run(timeMs: number, own: Own<K, S, T> & Sweeping<K, W, KOut>): void
      }
    >
  >
  /** Raise it when the meaning of the timers changes. */
  readonly version?: number
}

/** The key of what own code emits: its input's, unless it says another. */
export type KeyOut<K, KOut> = [KOut] extends [never] ? K : KOut
