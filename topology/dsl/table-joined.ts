import { TopologyError } from '../errors.ts'
import { durationText } from '../graph/span.ts'
import { joinTable, joinTableLater } from '../operators/join-table.ts'
import { attach, type Place } from './drawing.ts'
import { type Duration, millis } from './duration.ts'
import type { AnyFormat, AnyFunction, Handle } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { StoreOptions } from './stream.ts'
import type { TableHandle } from './table-handle.ts'

export interface TableJoinOptions extends StoreOptions {
  readonly kind?: 'inner' | 'left'
  readonly as?: AnyFormat
  readonly grace?: Duration
  readonly buffer?: string
}

/** Draws the join of a stream with a table, as that is now or, where it has versions, as it was at each record's time. */
export const joinedWithTable = (
  left: Handle,
  table: TableHandle,
  merge: AnyFunction,
  options: TableJoinOptions,
): Place => {
  const { kind = 'inner', grace, buffer } = options
  const how = { kind, merge, versioned: table.historyMs !== undefined }
  if (grace === undefined) return attach(joinTable(how), [left.place, table.place])
  const name = buffer!
  const graceMs = millis(grace, `grace of ${name}`)
  inHistory(name, graceMs, table.historyMs)
  const text = durationText(graceMs)
  const store = storeFacts(name, 'waiting', left.key, left.value!, { ...options, window: `grace ${text}` })
  return attach(joinTableLater(how, store, graceMs, text), [left.place, table.place], name)
}

const inHistory = (name: string, graceMs: number, historyMs: number | undefined): void => {
  const wrong = (detail: string) => new TopologyError('OPTION_WRONG', `grace of ${name}`, detail)
  if (historyMs === undefined) throw wrong('the table keeps no versions to look back into, it needs `versioned`')
  if (graceMs <= historyMs) return
  const [grace, history] = [durationText(graceMs), durationText(historyMs)]
  throw wrong(`records wait for ${grace}, but the table's history is only ${history}`)
}
