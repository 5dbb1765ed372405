import type { OperatorOf, Row } from './operator.ts'
import { sync } from './sync.ts'

/** Gives the joined row; a side that is missing comes as undefined. */
export type MergeRows = (left: unknown, right: unknown, key: unknown) => unknown

/**
 * Joins two tables row by row. It keeps no store: a change on one side looks into the table on the other side, and a
 * look-up from downstream looks into both.
 */
export const tableJoin = (kind: 'inner' | 'left' | 'outer', merge: MergeRows): OperatorOf => ({
  kind: 'joinTables',
  facts: { together: true, note: kind },
  open({ emit, drop, id, view }) {
    const left = view(0)
    const right = view(1)
    /** Null where such a row does not exist, or `merge` leaves it out. */
    const joined = (leftValue: unknown, rightValue: unknown, key: unknown): unknown => {
      const exists =
        (leftValue !== undefined || (kind === 'outer' && rightValue !== undefined)) &&
        (rightValue !== undefined || kind !== 'inner')
      return exists ? (sync(merge(leftValue, rightValue, key), id) ?? null) : null
    }
    const step = (other: typeof left, alone: boolean, merged: typeof joined) => (item: Parameters<typeof emit>[0]) => {
      const { key, value, old, timestamp, headers } = item
      if (item.superseded) return drop('superseded', item)
      const row = other.get(key)
      // Without the other side there was no joined row and there is none, or there never was one on this side either.
      if (row === undefined && (!alone || (value === null && old === null))) return
      emit({
        key,
        value: merged(value ?? undefined, row?.value, key),
        old: merged(old ?? undefined, row?.value, key),
        timestamp: Math.max(timestamp, row?.timestamp ?? timestamp),
        headers,
      })
    }
    return {
      view: {
        get(key) {
          const leftRow = left.get(key)
          const rightRow = leftRow === undefined && kind !== 'outer' ? undefined : right.get(key)
          const value = joined(leftRow?.value, rightRow?.value, key)
          return value === null ? undefined : { value, timestamp: newest(leftRow, rightRow) }
        },
      },
      steps: [
        step(right, kind !== 'inner', joined),
        step(left, kind === 'outer', (value, other, key) => joined(other, value, key)),
      ],
    }
  },
})

const newest = (left: Row | undefined, right: Row | undefined): number =>
  Math.max(left?.timestamp ?? 0, right?.timestamp ?? 0)
