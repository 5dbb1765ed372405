import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Joins each record with the row that a table has under its key now. Changes of the table emit nothing. */
export const joinTable = (
  kind: 'inner' | 'left',
  merge: (value: unknown, row: unknown, key: unknown) => unknown,
): OperatorOf => ({
  kind: 'join',
  facts: { together: true, note: kind },
  open({ emit, drop, id, view }) {
    const table = view(1)
    return {
      steps: [
        item => {
          const { key, value, timestamp, headers } = item
          if (value === null) return drop('null value', item)
          if (key === null && kind === 'inner') return drop('null key', item)
          const row = key === null ? undefined : table.get(key)
          if (row === undefined && kind === 'inner') return
          emit({ key, value: sync(merge(value, row?.value, key), id), old: null, timestamp, headers })
        },
        () => {},
      ],
    }
  },
})
