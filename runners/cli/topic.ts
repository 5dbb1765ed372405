import type { ListedTopic } from '../../topology/ports/operations.ts'
import { CommandError, nearest } from './command.ts'
import type { OpenedLog } from './open-log.ts'

/** A topic of the log, or a word on which one was meant. */
export const knownTopic = async ({ operations, where }: OpenedLog, name: string): Promise<ListedTopic> => {
  const topics = await operations.topics()
  const topic = topics.find(topic => topic.name === name)
  if (topic !== undefined) return topic
  const names = topics.map(({ name }) => name)
  const near = nearest(name, names)
  const there = names.length === 0 ? 'There are none yet.' : `There are: ${names.join(', ')}.`
  throw new CommandError(
    'failed',
    `there is no topic "${name}" in ${where}. ${near === undefined ? there : `Did you mean "${near}"?`}`,
  )
}

export const partitionsOf = ({ name, partitions }: Pick<ListedTopic, 'name' | 'partitions'>) =>
  Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition }))
