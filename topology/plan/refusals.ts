import type { Graph } from '../graph/graph.ts'
import type { Plan } from './plan.ts'
import { refuseFlow } from './refusals/flow.ts'
import { refuseGlobals, refuseMeetings } from './refusals/meetings.ts'
import { refuseNames } from './refusals/names.ts'
import { refuseInternalNames, refuseTopics } from './refusals/topics.ts'

/** Refuses what cannot work, with the words that say what to do: first what can be seen in the graph alone. */
export const refuse = (graph: Graph): void => {
  refuseNames(graph)
  refuseTopics(graph)
  refuseFlow(graph)
}

/** Then what can be seen only when the graph has been cut into parts. */
export const refuseParts = (plan: Plan): void => {
  refuseInternalNames(plan)
  refuseGlobals(plan)
  refuseMeetings(plan)
}
