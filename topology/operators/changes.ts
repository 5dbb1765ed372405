import type { OperatorOf } from './operator.ts'

/** A table's changes as a stream: null where a row was deleted. */
export const changes = (): OperatorOf => ({
  kind: 'changes',
  facts: {},
  open:
    ({ emit }) =>
    ({ key, value, timestamp, headers }) =>
      emit({ key, value, old: null, timestamp, headers }),
})
