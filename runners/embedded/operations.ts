import type { Appends } from '../../topology/ports/log.ts'
import type { ListedTopic, Operations, Reset } from '../../topology/ports/operations.ts'
import { Owner } from '../lmdb/owner.ts'
import type { EmbeddedLog } from './log.ts'

/** What people do with a data folder beside running topologies on it. */
export const embeddedOperations = (log: EmbeddedLog): Operations => ({
  topics: async (): Promise<readonly ListedTopic[]> =>
    log.topics.all().sort((one, other) => (one.name < other.name ? -1 : 1)),
  groups: async () => log.standings(),
  append: async (appends: readonly Appends[]) =>
    log.append(appends.map(({ topic, partition, records }) => ({ to: { topic, partition }, records }))),
  async reset(reset: Reset) {
    const owners: Owner[] = []
    try {
      // Whoever owns a group keeps others from starting it meanwhile.
      for (const group of reset.groups) owners.push(await Owner.take(log.folder, group))
      await log.forget(reset)
    } finally {
      for (const owner of owners) await owner.release()
    }
  },
})
