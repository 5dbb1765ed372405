import type { Commit, Fetched, Log, Member, Ownership, Partition, TopicSettings } from '../../../topology/ports/log.ts'

/** Other names for topics and groups than those that the desk's topologies have. */
export interface Names {
  readonly topics: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
}

/** A log in which topics and groups have other names: whoever works on it knows nothing of that. */
export const renamedLog = (log: Log, names: Names): Log => {
  const { topics, groups } = names
  if (topics.size + groups.size === 0) return log
  const back = new Map([...topics].map(([ours, theirs]) => [theirs, ours]))
  const out = <P extends Partition>(place: P): P => ({ ...place, topic: topics.get(place.topic) ?? place.topic })
  const home = <P extends Partition>(place: P): P => ({ ...place, topic: back.get(place.topic) ?? place.topic })
  return {
    id: log.id,
    topic: name => log.topic(topics.get(name) ?? name),
    create: all =>
      log.create(all.map((each): TopicSettings => ({ ...each, name: topics.get(each.name) ?? each.name }))),
    read: async (partition, offset, recordsMax) => home(await log.read(out(partition), offset, recordsMax)),
    ends: partition => log.ends(out(partition)),
    async join(group, instance, read, ownership) {
      const theirs = read.map(name => topics.get(name) ?? name)
      return renamedMember(
        await log.join(groups.get(group) ?? group, instance, theirs, renamedOwnership(ownership, home)),
        out,
        home,
      )
    },
  }
}

type Rename = <P extends Partition>(place: P) => P

const renamedOwnership = (ownership: Ownership, home: Rename): Ownership => ({
  assigned: partitions => ownership.assigned(partitions.map(home)),
  revoked: partitions => ownership.revoked(partitions.map(home)),
  lost: partitions => ownership.lost(partitions.map(home)),
})

const renamedMember = (member: Member, out: Rename, home: Rename): Member => ({
  fetch: async (recordsMax, waitMs, until) =>
    (await member.fetch(recordsMax, waitMs, until)).map((each): Fetched => home(each)),
  positions: async () => (await member.positions()).map(home),
  pause: partitions => member.pause(partitions.map(out)),
  resume: partitions => member.resume(partitions.map(out)),
  commit: ({ appends, changes, positions }: Commit) =>
    member.commit({ appends: appends.map(out), changes, positions: positions.map(out) }),
  recover: () => member.recover(),
  store: name => member.store(name),
  close: () => member.close(),
})
