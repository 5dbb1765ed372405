import type { OperatorOf } from './operator.ts'

/** Where records end that nobody wants: said aloud, and counted. */
export const discard = (): OperatorOf => ({
  kind: 'discard',
  facts: { effect: true },
  open:
    ({ drop }) =>
    item =>
      drop('discarded', item),
})
