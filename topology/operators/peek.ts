import type { OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Shows each record to a function and passes it on. */
export const peek = (look: (value: unknown, key: unknown) => void): OperatorOf => ({
  kind: 'peek',
  facts: { effect: true },
  open:
    ({ emit, id }) =>
    item => {
      sync(look(item.value, item.key), id)
      emit(item)
    },
})
