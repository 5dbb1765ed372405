import type { StoreFacts } from '../graph/graph.ts'
import { Waiting } from '../state/waiting.ts'
import type { Context, OperatorOf, Step } from './operator.ts'
import { sync } from './sync.ts'

/** How records are joined with rows. */
export interface TableJoin {
  readonly kind: 'inner' | 'left'
  readonly merge: (value: unknown, row: unknown, key: unknown) => unknown
  /** The table has versions: each record is joined with the row as it was at the record's own time. */
  readonly versioned: boolean
}

const joining = ({ emit, id, view }: Context, { kind, merge, versioned }: TableJoin): Step => {
  const table = view(1)
  return ({ key, value, timestamp, headers }) => {
    const row = key === null ? undefined : versioned ? table.asOf!(key, timestamp) : table.get(key)
    if (row === undefined && kind === 'inner') return
    emit({ key, value: sync(merge(value, row?.value, key), id), old: null, timestamp, headers })
  }
}

/** Lets through what can be joined at all. */
const joinable =
  ({ drop }: Context, kind: 'inner' | 'left', step: Step): Step =>
  item => {
    if (item.value === null) drop('null value', item)
    else if (item.key === null && kind === 'inner') drop('null key', item)
    else step(item)
  }

/** Joins each record with the row that a table has under its key. Changes of the table emit nothing. */
export const joinTable = (how: TableJoin): OperatorOf => ({
  kind: 'join',
  facts: { together: true, note: how.kind },
  open: context => ({ steps: [joinable(context, how.kind, joining(context, how)), () => {}] }),
})

/** Records set free at one go. */
const releasedAtOnceMax = 1_000

/**
 * The same, but each record waits until stream time has passed it by the grace, for rows that come later than it. A record
 * later than the grace does not wait.
 */
export const joinTableLater = (how: TableJoin, store: StoreFacts, graceMs: number, grace: string): OperatorOf => ({
  kind: 'join',
  facts: { together: true, stores: [store], holds: true, note: `${how.kind}, grace ${grace}` },
  open(context) {
    const time = context.time()
    const waiting = new Waiting(context, store.name)
    const join = joining(context, how)
    const release = (): void => {
      for (;;) {
        const ready = waiting.take(time.now - graceMs, releasedAtOnceMax)
        for (const item of ready) context.apart(() => join(item))
        if (ready.length < releasedAtOnceMax) return
      }
    }
    const step: Step = item => {
      // What has no key waits for no row.
      if (item.key === null || item.timestamp < time.now - graceMs) return join(item)
      time.advance(item.timestamp)
      waiting.put(item)
      release()
    }
    return {
      steps: [joinable(context, how.kind, step), () => {}],
      advance(to) {
        time.advance(to)
        release()
      },
    }
  },
})
