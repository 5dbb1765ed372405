// In which order to deploy, from the two directions over the graph of readers and writers.
import { type DeployedPipeline, type Deployment, readersOf, writersTo } from './deployment.ts'
import type { FindingDirection } from './finding.ts'

const names = (pipelines: readonly DeployedPipeline[], none: string): string =>
  pipelines.length === 0 ? none : pipelines.map(({ name }) => name).join(', ')

/** The steps for a change that fails in a direction; none where the order does not matter. */
export const rolloutOf = (direction: FindingDirection, topic: string, deployment: Deployment): readonly string[] => {
  const [readers, writers] = [readersOf(topic, deployment), writersTo(topic, deployment)]
  const [readNames, writeNames] = [names(readers, `the readers of ${topic}`), names(writers, `the writers of ${topic}`)]
  const both = readers.filter(pipeline => writers.includes(pipeline))
  const restart =
    both.length === 0
      ? []
      : [`${names(both, '')} reads and writes ${topic}: stop all its instances before the first starts anew`]
  if (direction === 'none') return []
  if (direction === 'forward') return [`deploy ${readNames} (read new)`, `deploy ${writeNames} (write new)`, ...restart]
  if (direction === 'backward')
    return [
      `deploy ${writeNames} (write new)`,
      `wait until no old record of ${topic} is left to read`,
      `deploy ${readNames} (read new)`,
      ...restart,
    ]
  return [
    `expand: keep what is there, add the new beside it in a form both sides can read, deploy ${readNames}`,
    `migrate: deploy ${writeNames} writing both, and let ${readNames} use the new`,
    `contract: remove the old when no retained record of ${topic} needs it; or use a new topic`,
  ]
}

/** One direction for several findings. */
export const together = (directions: readonly FindingDirection[]): FindingDirection => {
  const backward = directions.some(each => each === 'backward' || each === 'both')
  const forward = directions.some(each => each === 'forward' || each === 'both')
  if (backward) return forward ? 'both' : 'backward'
  return forward ? 'forward' : 'none'
}
