import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Makes any number of values out of one; the key stays. */
export const flatMap = (change: (value: unknown, key: unknown) => Iterable<unknown>): OperatorOf => ({
  kind: 'flatMap',
  facts: {},
  open:
    ({ emit, id }) =>
    ({ key, value, timestamp, headers }) => {
      for (const made of sync(change(value, key), id)) emit({ key, value: made, old: null, timestamp, headers })
    },
})
