import { TopologyError } from '../errors.ts'
import { durationText } from '../graph/span.ts'
import type { TableKept } from '../operators/table.ts'
import { millis } from './duration.ts'
import type { AnyFormat } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { TableOptions } from './stream.ts'

/** How a table of these options keeps its rows. The length of its history is no part of the layout: it may change. */
export const tableKept = (name: string, key: AnyFormat, value: AnyFormat, options: TableOptions = {}): TableKept => {
  const { versioned } = options
  if (versioned && options.expire !== undefined) {
    throw new TopologyError(
      'OPTION_WRONG',
      `expire of ${name}`,
      'a versioned table keeps its rows, only their history ends',
    )
  }
  const historyMs = versioned && millis(versioned.history, `history of ${name}`)
  const window = historyMs === undefined ? {} : { window: `history ${durationText(historyMs)}` }
  return { store: storeFacts(name, versioned ? 'versions' : 'table', key, value, { ...options, ...window }), historyMs }
}
