import type { SourceFacts, StoreFacts } from '../graph/graph.ts'
import { Rows } from '../state/rows.ts'
import type { Context, Opened, OperatorOf } from './operator.ts'

/** Keeps the newest value of each key; a null deletes it. Everything downstream learns what was there before. */
export const openTable = (context: Context, store: string): Opened => {
  const { emit, drop } = context
  const rows = new Rows(context, store)
  return {
    view: rows,
    steps: [
      item => {
        if (item.key === null) return drop('null key', item)
        const before = rows.get(item.key)
        if (item.value === null) rows.delete(item.key)
        else rows.put(item.key, item.value, item.timestamp)
        emit({ ...item, old: before === undefined ? null : before.value })
      },
    ],
  }
}

/** A topic read as a table. */
export const tableSource = (source: SourceFacts, store: StoreFacts): OperatorOf => ({
  kind: 'table',
  facts: { source, stores: [store] },
  open: context => openTable(context, store.name),
})

/** A stream kept as a table. */
export const toTable = (store: StoreFacts): OperatorOf => ({
  kind: 'toTable',
  facts: { stores: [store] },
  open: context => openTable(context, store.name),
})
