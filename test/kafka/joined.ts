import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KafkaLog, type KafkaOptions } from '../../runners/kafka/index.ts'
import type { Member, Partition } from '../../topology/ports/log.ts'

export const folder = (): string => mkdtempSync(join(tmpdir(), 'franz-kafka-'))

export interface Joined {
  readonly member: Member
  /** As `topic/partition`. */
  readonly owned: ReadonlySet<string>
  /** How often partitions came or went. */
  readonly changes: number
  close(): Promise<void>
}

/** A member that notes what it owns. */
export const joined = async (
  log: KafkaLog,
  group: string,
  instance: string,
  topics: readonly string[],
): Promise<Joined> => {
  const owned = new Set<string>()
  let changes = 0
  const gone = (partitions: readonly Partition[]) => {
    if (partitions.length > 0) changes++
    for (const { topic, partition } of partitions) owned.delete(`${topic}/${partition}`)
  }
  const member = await log.join(group, instance, topics, {
    assigned: partitions => {
      if (partitions.length > 0) changes++
      for (const { topic, partition } of partitions) owned.add(`${topic}/${partition}`)
    },
    revoked: gone,
    lost: gone,
  })
  return {
    ...{ member, owned },
    get changes() {
      return changes
    },
    close: () => member.close(),
  }
}

/** One with a connection of its own, as on a machine of its own. */
export const joinedAlone = async (
  options: Omit<KafkaOptions, 'folder'>,
  ...[group, instance, topics]: [string, string, readonly string[]]
): Promise<Joined> => {
  const log = await KafkaLog.open({ ...options, folder: folder() })
  const one = await joined(log, group, instance, topics)
  return {
    ...{ member: one.member, owned: one.owned },
    get changes() {
      return one.changes
    },
    async close() {
      await one.close()
      await log.close()
    },
  }
}

const turnMs = 50
const patienceMs = 120_000

/** Lets all take their turns until it holds, and for a while longer. */
export const settle = async (all: readonly Joined[], holds: () => boolean, quietTurns = 0): Promise<void> => {
  let quiet = 0
  for (const endMs = performance.now() + patienceMs; quiet <= quietTurns; quiet = holds() ? quiet + 1 : 0) {
    if (performance.now() > endMs)
      throw new Error(`it never came to that: ${all.map(({ owned }) => `[${[...owned]}]`).join(' ')}`)
    await Promise.all(all.map(({ member }) => member.fetch(1, turnMs)))
  }
}
