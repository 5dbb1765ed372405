import { TopologyError } from '../errors.ts'
import type { TopicSpec } from '../graph/graph.ts'
import type { OperatorOf } from './operator.ts'

/** Sends the record that led here to a topic of dead letters, with the reason. */
export const deadLetter = (topic: TopicSpec, reason: string): OperatorOf => ({
  kind: 'deadLetter',
  facts: { sink: { topic, deadLetters: true }, note: reason },
  open: context => () => context.deadLetter(topic.name, new TopologyError('REFUSED', context.id, reason)),
})
