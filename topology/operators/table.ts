import type { Facts, SourceFacts, StoreFacts } from '../graph/graph.ts'
import { durationText } from '../graph/span.ts'
import { Rows } from '../state/rows.ts'
import { Versions } from '../state/versions.ts'
import { ExpiringRows } from './expiring-rows.ts'
import { expireAtCommit } from './expiry.ts'
import type { Context, Opened, OperatorOf } from './operator.ts'

/** Keeps the newest value of each key; a null deletes it. Everything downstream learns what was there before. */
export const openTable = (context: Context, store: string, expireMs?: number): Opened => {
  const { emit, drop } = context
  const expiring = expireMs === undefined ? undefined : new ExpiringRows(context, store, expireMs, emit)
  const rows = expiring ?? new Rows(context, store)
  return {
    view: rows,
    ...(expiring && { advance: timeMs => expiring.advance(timeMs) }),
    steps: [
      item => {
        if (item.key === null) return drop('null key', item)
        expiring?.begin(item.key, item.timestamp)
        if (expiring?.late(item.timestamp)) return drop('expired', item)
        const old = rows.get(item.key)?.value ?? null
        if (item.value === null) rows.delete(item.key)
        else rows.put(item.key, item.value, item.timestamp)
        emit({ ...item, old })
      },
    ],
  }
}

/** What has left the history is deleted this many times while it passes. */
const expiriesPerHistory = 16

/** Keeps each value with its time, so that a look may go back: what comes out of order finds its place between the others. */
export const openVersions = (context: Context, store: string, historyMs: number): Opened => {
  const { emit, drop } = context
  const time = context.time()
  const versions = new Versions(context, store, time, historyMs)
  const stepMs = Math.max(1, Math.floor(historyMs / expiriesPerHistory))
  expireAtCommit(context, time, historyMs, stepMs, (upTo, entriesMax) => versions.expire(upTo, entriesMax))
  return {
    view: versions,
    steps: [
      item => {
        const { key, value, timestamp } = item
        if (key === null) return drop('null key', item)
        const before = versions.get(key)
        const put = versions.put(key, value, timestamp)
        if (put === 'expired') return drop('expired', item)
        const old = before === undefined ? null : before.value
        emit(put === 'superseded' ? { ...item, old, superseded: true } : { ...item, old })
      },
    ],
  }
}

/** How a table keeps its rows: the newest of each key, or versions as far back as its history. */
export interface TableKept {
  readonly store: StoreFacts
  readonly historyMs: number | undefined
}

const keeping = (kind: string, { store, historyMs }: TableKept, facts: Facts = {}): OperatorOf => ({
  kind,
  facts: {
    ...facts,
    stores: [store],
    effect: true,
    ...(historyMs !== undefined && { note: `history ${durationText(historyMs)}` }),
  },
  open: context =>
    historyMs === undefined
      ? openTable(context, store.name, store.retentionMs)
      : openVersions(context, store.name, historyMs),
})

/** A topic read as a table. */
export const tableSource = (source: SourceFacts, table: TableKept): OperatorOf => keeping('table', table, { source })

/** A stream kept as a table. */
export const toTable = (table: TableKept): OperatorOf => keeping('toTable', table)
