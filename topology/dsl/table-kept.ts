import type { TableKept } from '../operators/table.ts'
import { millis } from './duration.ts'
import type { AnyFormat } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { TableOptions } from './stream.ts'

/** How a table of these options keeps its rows. The length of its history is no part of the layout: it may change. */
export const tableKept = (name: string, key: AnyFormat, value: AnyFormat, options: TableOptions = {}): TableKept => {
  const { versioned } = options
  const historyMs = versioned && millis(versioned.history, `history of ${name}`)
  return { store: storeFacts(name, versioned ? 'versions' : 'table', key, value, options), historyMs }
}
