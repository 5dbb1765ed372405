import { discordChannels, errors, ticketsUnnumbered } from '../../../schemas/desk/topics.ts'
import type { Topology } from '../../../topology/index.ts'
import { declaredTopics } from '../../../topology/plan/topics.ts'
import { partitionsDefault } from '../../host/index.ts'
import type { OpenedLog } from '../open-log.ts'

/** Topics that are kept for a while; all others are kept for ever, so that everything can be built again from them. */
const kept: readonly string[] = ['discordMSG', 'mailMSG', 'apiMSG', errors.name, ticketsUnnumbered.name]
const keptMs = 30 * 86_400_000

/** Makes the topics of the desk that are missing, each with how long it is kept, before anything runs. */
export const makeTopics = async (opened: OpenedLog, topologies: readonly Topology[]): Promise<void> => {
  const { log, partitionsDefault: partitions } = opened
  if (partitions === undefined) return
  const known = new Map(topologies.flatMap(({ graph }) => declaredTopics(graph)).map(topic => [topic.name, topic]))
  await log.create(
    [...known.values()].map(({ name, partitions: own, deadLetters }) => ({
      ...{ name, partitions: own ?? partitionsDefault },
      cleanup: name === discordChannels.name ? 'compact' : 'delete',
      retentionMs: kept.includes(name) ? keptMs : undefined,
      purpose: deadLetters ? 'dead letters' : undefined,
    })),
  )
}
