import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import { durationText } from '../graph/span.ts'
import { aggregate } from '../operators/aggregate.ts'
import type { Folding } from '../operators/folding.ts'
import { windowedFormat } from '../windowed.ts'
import { attach } from './drawing.ts'
import { millis } from './duration.ts'
import { type AnyFormat, Handle } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { RowOptions } from './stream.ts'
import { TableHandle, WindowedTableHandle } from './table-handle.ts'
import type { WindowOptions } from './windowed-group.ts'
import type { Windows } from './windows.ts'

/** Draws an aggregate of one or several groups, by window or for all time. `records` says how its late records are written. */
export const folded = (
  groups: readonly Handle[],
  windows: Windows | undefined,
  store: { readonly name: string; readonly value: AnyFormat },
  folding: Omit<Folding, 'perCommit'>,
  options: WindowOptions & RowOptions = {},
): TableHandle => {
  const { key } = groups[0]!
  const how: Folding = { ...folding, perCommit: options.emit === 'perCommit' }
  const draw = (facts: StoreFacts) => {
    const operator = windows === undefined ? aggregate(facts, how) : windows.open(facts, how)
    const place = attach(
      operator,
      groups.map(group => group.place),
      store.name,
    )
    return new TableHandle(place, facts.key, facts.value)
  }
  if (windows === undefined) return draw(storeFacts(store.name, how.kind, key, store.value, options))
  const { text: window, lasts, retentionMs } = windows
  const facts = storeFacts(store.name, how.kind, windowedFormat(key, lasts), store.value, {
    ...options,
    window,
    retentionMs: Math.max(retentionMs, retained(options, windows)),
  })
  const records = groups.length === 1 ? groups[0]! : new Handle(groups[0]!.place, key, undefined)
  return new WindowedTableHandle(draw(facts), windows, records)
}

const retained = ({ retention }: WindowOptions, { text, retentionMs }: Windows): number => {
  if (retention === undefined) return retentionMs
  const ms = millis(retention, 'retention')
  if (ms >= retentionMs) return ms
  throw new TopologyError(
    'OPTION_WRONG',
    'retention',
    `windows ${text} need ${durationText(retentionMs)} by themselves`,
  )
}
