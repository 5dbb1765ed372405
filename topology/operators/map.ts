import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Changes the value; the key stays. */
export const map = (change: (value: unknown, key: unknown) => unknown): OperatorOf => ({
  kind: 'map',
  facts: {},
  open:
    ({ emit, id }) =>
    ({ key, value, timestamp, headers }) =>
      emit({ key, value: sync(change(value, key), id), old: null, timestamp, headers }),
})
