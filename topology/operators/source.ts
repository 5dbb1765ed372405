import type { SourceFacts } from '../graph/graph.ts'
import type { OperatorOf } from './operator.ts'

/** Where records of a topic enter as they are. */
export const source = (facts: SourceFacts): OperatorOf => ({
  kind: 'source',
  facts: { source: facts },
  open: ({ emit }) => emit,
})
