import type { StoreFacts } from '../graph/graph.ts'
import { Rows } from '../state/rows.ts'
import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** What a fold does with each record; `undefined` as the state so far means that there is none yet. */
export interface Fold {
  readonly kind: string
  readonly add: (state: unknown, value: unknown, key: unknown) => unknown
}

/** Folds the records of each key into one value. */
export const aggregate = (store: StoreFacts, { kind, add }: Fold): OperatorOf => ({
  kind,
  facts: { stores: [store] },
  open(context) {
    const { emit, drop, id } = context
    const rows = new Rows(context, store.name)
    return {
      view: rows,
      steps: [
        item => {
          const { key, value, headers } = item
          if (key === null) return drop('null key', item)
          if (value === null) return drop('null value', item)
          const before = rows.get(key)
          const after = sync(add(before?.value, value, key), id)
          const timestamp = before === undefined ? item.timestamp : Math.max(item.timestamp, before.timestamp)
          if (after === null || after === undefined) rows.delete(key)
          else rows.put(key, after, timestamp)
          emit({ key, value: after ?? null, old: before === undefined ? null : before.value, timestamp, headers })
        },
      ],
    }
  },
})

export const counting: Fold = { kind: 'count', add: state => ((state as number | undefined) ?? 0) + 1 }
