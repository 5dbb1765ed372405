import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Lets pass what the test holds for. */
export const filter = (keep: (value: unknown, key: unknown) => boolean): OperatorOf => ({
  kind: 'filter',
  facts: {},
  open:
    ({ emit, id }) =>
    item => {
      if (sync(keep(item.value, item.key), id)) emit(item)
    },
})
