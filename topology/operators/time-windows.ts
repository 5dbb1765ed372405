import type { StoreFacts } from '../graph/graph.ts'
import { WindowRows } from '../state/window-rows.ts'
import type { Windowed } from '../windowed.ts'
import { expireAtCommit } from './expiry.ts'
import { emitOf, type Folding, foldFacts, foldSteps, updater } from './folding.ts'
import type { OperatorOf } from './operator.ts'

/** Windows of one size that begin at every multiple of a span: tumbling where the span is the size, else hopping. */
export interface TimeWindows {
  readonly sizeMs: number
  readonly everyMs: number
  readonly graceMs: number
}

/** Folds the records of each key by window. */
export const timeWindows = (store: StoreFacts, windows: TimeWindows, folding: Folding): OperatorOf => ({
  kind: folding.kind,
  facts: foldFacts(store, folding),
  open(context) {
    const { sizeMs, everyMs, graceMs } = windows
    const retentionMs = store.retentionMs!
    const { drop } = context
    const time = context.time()
    const late = context.port('late')
    const rows = new WindowRows(context, store.name)
    const update = updater(context, rows, emitOf(context, folding))
    const steps = foldSteps(context, folding, (item, add) => {
      const { key, timestamp } = item
      time.advance(timestamp)
      const closed = time.now - graceMs
      const binary = rows.binary(key)
      let taken = false
      const first = Math.floor(Math.max(0, timestamp - sizeMs + everyMs) / everyMs) * everyMs
      for (let start = first; start <= timestamp; start += everyMs) {
        const end = start + sizeMs
        if (end > closed) {
          const at = rows.at(binary, start)
          const before = rows.rowAt(at)
          update(at, { key, start, end }, item, add, before, before)
          taken = true
        } else drop('late', item)
      }
      if (!taken) late(item)
    })
    expireAtCommit(context, time, retentionMs, everyMs, (upTo, entriesMax) => rows.expire(upTo, entriesMax))
    const view = {
      get(key: unknown) {
        const { start } = key as Windowed<unknown>
        return start <= time.now - retentionMs ? undefined : rows.get(key as Windowed<unknown>)
      },
    }
    return { steps, view, advance: to => time.advance(to) }
  },
})
