import type { OperatorOf, Row } from './operator.ts'
import { sync } from './sync.ts'

type Change = (value: unknown, key: unknown) => unknown

/** A table derived row by row. It keeps no store: a look-up looks into the table behind it. */
const derived = (
  kind: string,
  change: (value: unknown, key: unknown, id: string) => unknown,
  emitsNothing: boolean,
): OperatorOf => ({
  kind,
  facts: {},
  open({ emit, id, view }) {
    const behind = view(0)
    const changed = (value: unknown, key: unknown) => (value === null ? null : change(value, key, id))
    const changedRow = (row: Row | undefined, key: unknown): Row | undefined => {
      const value = row === undefined ? null : changed(row.value, key)
      return value === null ? undefined : { value, timestamp: row!.timestamp }
    }
    return {
      view: {
        get: key => changedRow(behind.get(key), key),
        asOf: (key, timestamp) => changedRow(behind.asOf!(key, timestamp), key),
      },
      steps: [
        item => {
          const value = changed(item.value, item.key)
          const old = changed(item.old, item.key)
          if (emitsNothing || value !== null || old !== null) emit({ ...item, value, old })
        },
      ],
    }
  },
})

/** Each row changed; null leaves it out. */
export const tableMap = (change: Change): OperatorOf =>
  derived('mapTable', (value, key, id) => sync(change(value, key), id) ?? null, true)

/**
 * The rows for which the test holds. What was never among them is not deleted from them; but in a table with versions,
 * where the value before may be of a later time, every row that fails the test is.
 */
export const tableFilter = (keep: Change, versioned: boolean): OperatorOf =>
  derived('filterTable', (value, key, id) => (sync(keep(value, key), id) ? value : null), versioned)
