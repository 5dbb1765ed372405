import type { OperatorOf } from './operator.ts'

/** One stream out of several, in the order in which their records come. */
export const merge = (inputs: number): OperatorOf => ({
  kind: 'merge',
  facts: {},
  open: ({ emit }) => ({ steps: Array.from({ length: inputs }, () => emit) }),
})
