import type { Commit, Log, Member, Outcome, Ownership } from '../../topology/ports/log.ts'

// Mistakes that an engine could make, put between the library and the log: the oracle must see each of them.

export const defects = {
  'positions before output': ['I1', 'I4'],
  'output before positions': ['I2', 'I4'],
  'state after output and positions': ['I6'],
  'acknowledged before it is written': ['I1'],
} as const

/** By name, with the invariants that catch it. The last one is the producer's. */
export type Defect = keyof typeof defects

const parts = (defect: Defect, { appends, changes, positions }: Commit): readonly Commit[] => {
  const nothing = { appends: [], changes: [], positions: [] }
  if (defect === 'positions before output')
    return [
      { ...nothing, positions },
      { ...nothing, appends, changes },
    ]
  if (defect === 'output before positions')
    return [
      { ...nothing, appends },
      { ...nothing, changes, positions },
    ]
  return [
    { ...nothing, appends, positions },
    { ...nothing, changes },
  ]
}

export const defective = (log: Log, defect: Defect | undefined): Log => {
  if (defect === undefined || defect === 'acknowledged before it is written') return log
  return {
    id: log.id,
    topic: name => log.topic(name),
    create: topics => log.create(topics),
    read: (partition, offset, recordsMax) => log.read(partition, offset, recordsMax),
    ends: partition => log.ends(partition),
    join: async (group: string, instance: string, topics: readonly string[], ownership: Ownership) =>
      inTwo(await log.join(group, instance, topics, ownership), defect),
  }
}

/** Commits in two transactions what belongs into one. */
const inTwo = (member: Member, defect: Defect): Member => ({
  fetch: (recordsMax, waitMs, until) => member.fetch(recordsMax, waitMs, until),
  positions: () => member.positions(),
  pause: partitions => member.pause(partitions),
  resume: partitions => member.resume(partitions),
  async commit(commit): Promise<Outcome> {
    let outcome: Outcome = 'committed'
    for (const part of parts(defect, commit)) outcome = await member.commit(part)
    return outcome
  },
  recover: () => member.recover(),
  store: name => member.store(name),
  close: () => member.close(),
})
