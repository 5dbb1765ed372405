import { TopologyError } from '../errors.ts'
import type { Meeting, Part, Plan } from './plan.ts'

/** How many partitions each topic has, internal ones too, once the counts of the declared topics are known. */
export const partitionCounts = (plan: Plan, known: ReadonlyMap<string, number>): Map<string, number> => {
  const counts = new Map(known)
  for (const { name, partitions } of plan.topics) {
    if (partitions !== undefined && !counts.has(name)) counts.set(name, partitions)
  }
  for (const topic of plan.topics) if (topic.purpose === 'exchange') countExchange(plan, topic.name, counts, new Set())
  for (const part of plan.parts) {
    for (const meeting of part.meetings) sameCounts(plan, meeting, counts)
    const tasks = tasksOf(part, counts)
    for (const { facts, changelog } of part.stores) {
      if (facts.sourceTopic === undefined && tasks !== undefined) counts.set(changelog, tasks)
    }
  }
  return counts
}

/**
 * An exchange without a count of its own takes that of the topics it meets, else that of the widest part that writes it
 * or what it meets. Asked for again while its own count is being found, where a part reads what it writes, it has no say.
 */
const countExchange = (plan: Plan, name: string, counts: Map<string, number>, asked: Set<string>): number => {
  const known = counts.get(name)
  const exchange = plan.topics.find(topic => topic.name === name)
  // Without a known count it is a declared topic that nobody has counted.
  if (known !== undefined || asked.has(name) || exchange === undefined) return known ?? 0
  const met = meeting(plan, name)
  for (const topic of met) asked.add(topic)
  const writers = plan.topics.filter(topic => met.has(topic.name)).map(topic => plan.parts[topic.writer]!)
  const declared = Math.max(0, ...[...met].map(topic => counts.get(topic) ?? 0))
  const count =
    declared || Math.max(0, ...writers.flatMap(ownTopics).map(topic => countExchange(plan, topic, counts, asked)))
  if (count > 0) counts.set(name, count)
  return count
}

/** All topics that must have the count of this one. */
const meeting = (plan: Plan, name: string): Set<string> => {
  const met = new Set([name])
  const groups = plan.parts.flatMap(part => part.meetings.map(({ topics }) => topics))
  for (let before = 0; before < met.size; ) {
    before = met.size
    for (const topics of groups) if (topics.some(topic => met.has(topic))) for (const topic of topics) met.add(topic)
  }
  return met
}

const ownTopics = ({ sources }: Part): string[] =>
  sources.filter(source => source.reads === 'own').map(source => source.topic)

/** Refuses a meeting of topics whose counts differ; counts that are missing differ from none. */
export const sameCounts = (plan: Plan, { node, topics }: Meeting, counts: ReadonlyMap<string, number>): void => {
  const known = topics.filter(name => counts.has(name))
  if (new Set(known.map(name => counts.get(name))).size < 2) return
  const each = known.map(name => `"${name}" has ${counts.get(name)} partitions`).join(', ')
  throw new TopologyError('PARTITIONS_DIFFER', `${plan.name}, ${node}`, `equal keys must meet in it, but ${each}`)
}

/** One task for each partition of the widest source; undefined while a count is missing. A part of global tables alone has none. */
export const tasksOf = (part: Part, counts: ReadonlyMap<string, number>): number | undefined => {
  const own = ownTopics(part).map(topic => counts.get(topic))
  return own.includes(undefined) ? undefined : Math.max(0, ...(own as number[]))
}
