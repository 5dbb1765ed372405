import type { Facts, StoreFacts } from '../graph/graph.ts'
import type { Context, Item, Row, Step } from './operator.ts'
import { perCommit } from './per-commit.ts'
import { sync } from './sync.ts'

/** Takes a value into what was folded so far; `undefined` says that there is nothing yet. Null as a result deletes. */
export type Add = (state: unknown, value: unknown, key: unknown) => unknown

/** How records become one value, for all time or by window. */
export interface Folding {
  readonly kind: string
  /** One for each input. */
  readonly adds: readonly Add[]
  /** Sessions only: takes another session's value into what was merged so far. */
  readonly merge?: Add | undefined
  /** One update for each key and commit instead of every one. */
  readonly perCommit: boolean
}

export const counting: Add = state => ((state as number | undefined) ?? 0) + 1

/** How counts of sessions that turn out to be one become its count. */
export const summing: Add = (state, count) => ((state as number | undefined) ?? 0) + (count as number)

export const foldFacts = (store: StoreFacts, { adds, perCommit }: Folding): Facts => ({
  stores: [store],
  effect: true,
  together: adds.length > 1,
  note: [store.window, perCommit && 'once per commit'].filter(Boolean).join(', '),
})

/** A step for each input. What has no key or no value cannot be folded. */
export const foldSteps = ({ drop }: Context, { adds }: Folding, take: (item: Item, add: Add) => void): Step[] =>
  adds.map(add => item => {
    if (item.key === null) drop('null key', item)
    else if (item.value === null) drop('null value', item)
    else take(item, add)
  })

/** Rows by where they stand in their store; null as a value deletes. */
export interface RowsAt {
  putAt(at: string, value: unknown, timestamp: number): void
}

/** Where the results of a fold go: the item, and where its row stands, which tells keys apart. */
export type Emit = (item: Item, at: string) => void

export const emitOf = (context: Context, folding: Folding): Emit =>
  folding.perCommit ? perCommit(context) : context.emit

/** Folds an item into `base` and keeps the result at `at`, where `before` stood, which mostly is the base. */
export const updater =
  (context: Context, rows: RowsAt, emit: Emit) =>
  (at: string, key: unknown, item: Item, add: Add, base: Row | undefined, before: Row | undefined): void => {
    const { value, headers } = item
    const after = sync(add(base?.value, value, item.key), context.id) ?? null
    const timestamp = base === undefined ? item.timestamp : Math.max(item.timestamp, base.timestamp)
    const old = before === undefined ? null : before.value
    rows.putAt(at, after, timestamp)
    emit({ key, value: after, old, timestamp, headers }, at)
  }
