import type { StoreFacts } from '../graph/graph.ts'
import { Rows } from '../state/rows.ts'
import { emitOf, type Folding, foldFacts, foldSteps, updater } from './folding.ts'
import type { OperatorOf } from './operator.ts'

/** Folds the records of each key into one value. */
export const aggregate = (store: StoreFacts, folding: Folding): OperatorOf => ({
  kind: folding.kind,
  facts: foldFacts(store, folding),
  open(context) {
    const rows = new Rows(context, store.name)
    const update = updater(context, rows, emitOf(context, folding))
    const steps = foldSteps(context, folding, (item, add) => {
      const at = rows.at(item.key)
      const before = rows.rowAt(at)
      update(at, item.key, item, add, before, before)
    })
    return { view: rows, steps }
  },
})
