import { invariant } from '../errors.ts'
import type { TopicSpec } from '../graph/graph.ts'
import type { OperatorOf } from './operator.ts'

/** Topics that a connector takes to the outside: the runner's work, so that no task ever opens it. */
export const delivery = (connector: string, topics: readonly TopicSpec[]): OperatorOf => ({
  kind: 'delivery',
  facts: { delivers: { connector, topics } },
  open: () => invariant(false, 'a task opens no delivery') as never,
})
