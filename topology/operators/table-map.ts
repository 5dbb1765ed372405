import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** A table derived row by row; null leaves the row out. It keeps no store: a look-up looks into the table behind it. */
export const tableMap = (kind: string, change: (value: unknown, key: unknown) => unknown): OperatorOf => ({
  kind,
  facts: {},
  open({ emit, id, view }) {
    const behind = view(0)
    const changed = (value: unknown, key: unknown) => (value === null ? null : (sync(change(value, key), id) ?? null))
    return {
      view: {
        get(key) {
          const row = behind.get(key)
          const value = row === undefined ? null : changed(row.value, key)
          return value === null ? undefined : { value, timestamp: row!.timestamp }
        },
      },
      steps: [
        item => {
          const value = changed(item.value, item.key)
          const old = changed(item.old, item.key)
          // What was never in the table need not be deleted from it.
          if (value !== null || old !== null) emit({ ...item, value, old })
        },
      ],
    }
  },
})
