import type { Appends, Position } from '../../topology/ports/log.ts'
import type { ListedTopic, Operations, Reset } from '../../topology/ports/operations.ts'
import { KafkaError } from './failure.ts'
import type { KafkaLog } from './log.ts'

/** Marks of transactions stand behind the last record of each: who has read all records does not wait for them. */
const marksMax = 10

const beyondMarks = async (log: KafkaLog, { topic, partition, offset }: Position): Promise<Position> => {
  const at = { topic, partition }
  const { first, next } = await log.ends(at)
  const isNear = offset >= first && offset < next && next - offset <= marksMax
  if (!isNear || (await log.read(at, offset, 1)).records.length > 0) return { ...at, offset }
  return { ...at, offset: next }
}

/** What people do with Kafka beside running topologies on it. */
export const kafkaOperations = (log: KafkaLog): Operations => ({
  async topics() {
    const names = (await log.admin.topics()).filter(name => !name.startsWith('__')).sort()
    const found: ListedTopic[] = []
    for (const name of names) {
      const info = await log.admin.topic(name)
      // The client cannot ask what a topic is set to: changelogs are known by their names.
      if (info) found.push({ name, ...info, cleanup: name.endsWith('-changelog') ? 'compact' : 'delete' })
    }
    return found
  },
  async groups() {
    const { admin } = log
    const topics = await this.topics()
    const partitions = topics.flatMap(({ name, partitions: count }) =>
      Array.from({ length: count }, (_, partition) => ({ topic: name, partition })),
    )
    const found = []
    for (const group of await admin.groups()) {
      const positions: Position[] = []
      for (const place of await admin.positions(group, partitions)) positions.push(await beyondMarks(log, place))
      if (positions.length > 0) found.push({ group, positions })
    }
    return found
  },
  append: async (appends: readonly Appends[]) => await log.append(appends),
  async reset({ groups, exchanges, changelogs }: Reset) {
    const { admin } = log
    const known = new Set(await admin.groups())
    const there = groups.filter(group => known.has(group))
    for (const group of there) {
      const members = (await admin.group(group))?.members ?? []
      if (members.length === 0) continue
      const names = members.map(({ clientId, clientHost }) => `${clientId} at ${clientHost.replace(/^\//, '')}`)
      throw new KafkaError(
        'at work',
        `${group} is at work: ${names.join(', ')}. Stop it first; one that was killed is known to the brokers for its session's time, 45 s by default. Nothing was changed.`,
      )
    }
    // Positions go last: whatever is interrupted is begun anew by the next reset.
    for (const topic of [...exchanges, ...changelogs]) if (await admin.topic(topic)) await admin.delete(topic)
    for (const group of there) await admin.deleteGroup(group)
  },
})
