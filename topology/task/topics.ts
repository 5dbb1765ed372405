import { TopologyError } from '../errors.ts'
import { partitionCounts } from '../plan/parts.ts'
import type { Plan } from '../plan/plan.ts'
import type { Log, TopicSettings } from '../ports/log.ts'

/** The declared topics that a plan reads or writes, dead letters and reports included. */
export const declaredTopics = ({ graph }: Plan): { name: string; partitions: number | undefined }[] => {
  const found = new Map<string, number | undefined>()
  for (const { facts } of graph.nodes) {
    const topic = facts.source?.topic ?? facts.sink?.topic
    if (topic) found.set(topic.name, found.get(topic.name) ?? topic.partitions)
    const policy = facts.source?.onError
    if (typeof policy === 'object' && !found.has(policy.deadLetter)) found.set(policy.deadLetter, undefined)
  }
  for (const topic of [graph.errors.deadLetters, graph.errors.reports])
    if (topic) found.set(topic.name, topic.partitions)
  return [...found].map(([name, partitions]) => ({ name, partitions }))
}

/** Makes the topics that are missing, or refuses; gives the partition count of each declared one. */
export const ensureTopics = async (plan: Plan, log: Log, partitionsDefault: number | undefined) => {
  const known = new Map<string, number>()
  const missing: TopicSettings[] = []
  for (const { name, partitions } of declaredTopics(plan)) {
    const info = await log.topic(name)
    const count = info?.partitions ?? (partitionsDefault === undefined ? undefined : (partitions ?? partitionsDefault))
    if (count === undefined) throw new TopologyError('TOPIC_MISSING', plan.name, `there is no topic "${name}"`)
    known.set(name, count)
    if (info === undefined) missing.push({ name, partitions: count, cleanup: 'delete' })
  }
  const counts = partitionCounts(plan, known)
  for (const { name, purpose } of plan.topics) {
    const cleanup = purpose === 'changelog' ? 'compact' : 'delete'
    if ((await log.topic(name)) === undefined) missing.push({ name, partitions: counts.get(name)!, cleanup })
  }
  if (missing.length > 0) await log.create(missing)
  return known
}
