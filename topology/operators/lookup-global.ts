import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** How a record finds its row in a global table. */
export interface GlobalLookup {
  readonly kind: 'inner' | 'left'
  readonly key: (value: unknown, key: unknown) => unknown
  readonly with: (value: unknown, row: unknown, key: unknown) => unknown
}

/** Joins each record with the row of a global table that it asks for, as that is now. Changes of the table emit nothing. */
export const lookupGlobal = (store: string, how: GlobalLookup): OperatorOf => ({
  kind: 'lookup',
  facts: { globals: [store], note: how.kind },
  open({ emit, drop, id, global }) {
    const table = global(store)
    return item => {
      const { key, value, timestamp, headers } = item
      if (value === null) return drop('null value', item)
      const wanted = sync(how.key(value, key), id) ?? null
      if (wanted === null && how.kind === 'inner') return drop('null key', item)
      const row = wanted === null ? undefined : table.get(wanted)
      if (row === undefined && how.kind === 'inner') return
      emit({ key, value: sync(how.with(value, row?.value, key), id), old: null, timestamp, headers })
    }
  },
})
