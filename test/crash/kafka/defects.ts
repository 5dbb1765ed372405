import { type ClientSettings, loadNative } from '../../../runners/kafka/native.ts'
import { readerSettings } from '../../../runners/kafka/settings.ts'
import type { Commit, Log, Member, Outcome, Ownership } from '../../../topology/ports/log.ts'
import { apart, type Defect, defective } from '../defects.ts'
import { deadLetters } from '../pipeline.ts'
import type { FaultName } from './faults.ts'

// Mistakes that a runner on Kafka could make, put between the library and its log: the oracle must see each of them.

export const kafkaDefects = {
  'positions before output': ['I1', 'I4'],
  'output before positions': ['I2', 'I4'],
  'state after output and positions': ['I6', 'I4'],
  'dead letters apart from the rest': ['I10'],
  'an aborted commit is taken for a committed one': ['I1', 'I4', 'I6'],
  'what is not committed is read by the tasks': ['I2', 'I4', 'I5'],
  'what is not committed is restored': ['I4', 'I6'],
} as const

/** By name, with the invariants that catch it. */
export type KafkaDefect = keyof typeof kafkaDefects

/** The fault under which it shows. */
export const faultFor = (defect: KafkaDefect): FaultName => {
  // One that is no commit at all needs nobody to be killed.
  if (defect === 'an aborted commit is taken for a committed one') return 'stop'
  return isCareless(defect) ? 'kill in an open transaction' : 'kill in a torn commit'
}

type Careless = 'what is not committed is read by the tasks' | 'what is not committed is restored'

const isCareless = (defect: KafkaDefect | undefined): defect is Careless =>
  defect === 'what is not committed is read by the tasks' || defect === 'what is not committed is restored'

/** From here on this process reads what is not committed: as a member of its group, or where it restores stores. */
export const careless = (defect: KafkaDefect | undefined): void => {
  if (!isCareless(defect)) return
  const native = loadNative()
  const { KafkaConsumer } = native
  const group = readerSettings({ brokers: '', folder: '' })['group.id']
  class CarelessConsumer extends KafkaConsumer {
    constructor(settings: ClientSettings, topicSettings: ClientSettings) {
      const restores = settings['group.id'] === group
      const isWrong = restores === (defect === 'what is not committed is restored')
      super({ ...settings, ...(isWrong && { 'isolation.level': 'read_uncommitted' }) }, topicSettings)
    }
  }
  Object.assign(native, { KafkaConsumer: CarelessConsumer })
}

const buriedFirst = ({ appends, changes, positions }: Commit): readonly Commit[] => [
  { appends: appends.filter(({ topic }) => topic === deadLetters.name), changes: [], positions: [] },
  { appends: appends.filter(({ topic }) => topic !== deadLetters.name), changes, positions },
]

/** `between` is called in the middle of what should be one commit. */
export const misled = (log: Log, defect: KafkaDefect | undefined, between: () => void): Log => {
  if (defect === undefined || isCareless(defect)) return log
  if (defect === 'dead letters apart from the rest') return apart(log, buriedFirst, between)
  if (defect !== 'an aborted commit is taken for a committed one')
    return defective(log, defect satisfies Defect, between)
  return {
    id: log.id,
    topic: name => log.topic(name),
    create: topics => log.create(topics),
    read: (partition, offset, recordsMax) => log.read(partition, offset, recordsMax),
    ends: partition => log.ends(partition),
    join: async (group: string, instance: string, topics: readonly string[], ownership: Ownership) =>
      hopeful(await log.join(group, instance, topics, ownership)),
  }
}

/** Loses one commit in five, and says that it was committed. */
const hopeful = (member: Member): Member => {
  let commits = 0
  return {
    fetch: (recordsMax, waitMs, until) => member.fetch(recordsMax, waitMs, until),
    positions: () => member.positions(),
    pause: partitions => member.pause(partitions),
    resume: partitions => member.resume(partitions),
    commit: async (commit): Promise<Outcome> => (++commits % 5 === 0 ? 'committed' : member.commit(commit)),
    recover: () => member.recover(),
    store: name => member.store(name),
    close: () => member.close(),
  }
}
