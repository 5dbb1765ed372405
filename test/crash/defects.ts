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

export const defective = (log: Log, defect: Defect | undefined, between?: () => void): Log =>
  defect === undefined || defect === 'acknowledged before it is written'
    ? log
    : apart(log, commit => parts(defect, commit), between)

/** Commits in several transactions what belongs into one; `between` is called where it matters that they are several. */
export const apart = (log: Log, parts: (commit: Commit) => readonly Commit[], between: () => void = () => {}): Log => {
  return {
    id: log.id,
    topic: name => log.topic(name),
    create: topics => log.create(topics),
    read: (partition, offset, recordsMax) => log.read(partition, offset, recordsMax),
    ends: partition => log.ends(partition),
    join: async (group: string, instance: string, topics: readonly string[], ownership: Ownership) =>
      inParts(await log.join(group, instance, topics, ownership), parts, between),
  }
}

const isEmpty = ({ appends, changes, positions }: Commit): boolean =>
  appends.length + changes.length + positions.length === 0

const inParts = (member: Member, parts: (commit: Commit) => readonly Commit[], between: () => void): Member => ({
  fetch: (recordsMax, waitMs, until) => member.fetch(recordsMax, waitMs, until),
  positions: () => member.positions(),
  pause: partitions => member.pause(partitions),
  resume: partitions => member.resume(partitions),
  async commit(commit): Promise<Outcome> {
    let outcome: Outcome = 'committed'
    const wanted = parts(commit).filter(part => !isEmpty(part))
    for (const [index, part] of wanted.entries()) {
      if (index > 0) between()
      outcome = await member.commit(part)
    }
    return outcome
  },
  recover: () => member.recover(),
  store: name => member.store(name),
  close: () => member.close(),
})
