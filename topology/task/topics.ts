import { TopologyError } from '../errors.ts'
import { partitionCounts } from '../plan/counts.ts'
import type { Plan } from '../plan/plan.ts'
import { declaredTopics } from '../plan/topics.ts'
import type { Log, TopicSettings } from '../ports/log.ts'

/** Makes the topics that are missing, or refuses; gives the partition count of each, internal ones too. */
export const ensureTopics = async (
  plan: Plan,
  log: Log,
  partitionsDefault: number | undefined,
): Promise<ReadonlyMap<string, number>> => {
  const known = new Map<string, number>()
  const missing: TopicSettings[] = []
  for (const { name, partitions, spec, deadLetters } of declaredTopics(plan.graph)) {
    const info = await log.topic(name)
    const count = info?.partitions ?? (partitionsDefault === undefined ? undefined : (partitions ?? partitionsDefault))
    if (count === undefined) throw new TopologyError('TOPIC_MISSING', plan.name, `there is no topic "${name}"`)
    known.set(name, count)
    if (info === undefined)
      missing.push({
        ...{ name, partitions: count, ...spec?.keeping, cleanup: spec?.keeping?.cleanup ?? 'delete' },
        ...(deadLetters && { purpose: 'dead letters' }),
      })
  }
  const counts = partitionCounts(plan, known)
  for (const topic of plan.topics) {
    const partitions = counts.get(topic.name)!
    const info = await log.topic(topic.name)
    if (info === undefined) missing.push(settingsOf(topic, partitions))
    else if (info.partitions !== partitions) {
      const detail = `"${topic.name}" has ${info.partitions} partitions in the log, and ${partitions} by its topology`
      throw new TopologyError('PARTITIONS_CHANGED', plan.name, `${detail}: its keys would stand elsewhere`)
    }
  }
  if (missing.length > 0) await log.create(missing)
  return counts
}

const settingsOf = (topic: Plan['topics'][number], partitions: number): TopicSettings => ({
  name: topic.name,
  partitions,
  cleanup: topic.cleanup,
  purpose: topic.purpose,
  tombstonesMs: topic.tombstonesMs,
  segmentMs: topic.segmentMs,
  segmentBytes: topic.segmentBytes,
})
