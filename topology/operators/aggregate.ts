import type { StoreFacts } from '../graph/graph.ts'
import { Rows } from '../state/rows.ts'
import { ExpiringRows } from './expiring-rows.ts'
import { emitOf, type Folding, foldFacts, foldSteps, updater } from './folding.ts'
import type { OperatorOf } from './operator.ts'

/** Folds the records of each key into one value. */
export const aggregate = (store: StoreFacts, folding: Folding): OperatorOf => ({
  kind: folding.kind,
  facts: foldFacts(store, folding),
  open(context) {
    const emit = emitOf(context, folding)
    const { retentionMs } = store
    const expiring = retentionMs === undefined ? undefined : new ExpiringRows(context, store.name, retentionMs, emit)
    const rows = expiring ?? new Rows(context, store.name)
    const update = updater(context, rows, emit)
    const steps = foldSteps(context, folding, (item, add) => {
      expiring?.begin(item.key, item.timestamp)
      const at = rows.at(item.key)
      const before = rows.rowAt(at)
      if (before === undefined && expiring?.late(item.timestamp)) context.drop('expired', item)
      else update(at, item.key, item, add, before, before)
    })
    return { view: rows, steps, ...(expiring && { advance: timeMs => expiring.advance(timeMs) }) }
  },
})
