import type { LockedExchange, LockedSink, LockedSource, LockedTopology } from '../lock/lock-file.ts'
import { type Change, changesOf, differ, pairs, type Rules, renames } from './change.ts'

const formats = ({ key, value }: { readonly key?: string; readonly value?: string }): string =>
  key === undefined ? 'bytes as they came' : `${key} -> ${value}`

const review = 'See what `franz schemas review` says of the schema.'

const sourceChange = changesOf('source')

/** Whether anything is kept by the keys of this topic. */
const feedsStores = ({ stores }: LockedTopology, topic: string): boolean =>
  Object.values(stores).some(store => store.rebuiltFrom === undefined && store.fedBy.includes(topic))

export const sourceChanges = (before: LockedTopology, after: LockedTopology, rules: Rules): Change[] =>
  pairs(before.sources, after.sources).flatMap(([name, was, is]) => {
    if (was && is) {
      return keptSource(name, was, is, feedsStores(before, name) && feedsStores(after, name), rules)
    }
    return was
      ? sourceChange(
          name,
          'removed',
          'safe',
          [formats(was), null],
          'It is not read any more. Should it come back, reading goes on where it ended, as long as the log knows.',
        )
      : sourceChange(name, 'added', 'safe', [null, formats(is!)], 'It is read from its first record on.')
  })

const keptSource = (name: string, was: LockedSource, is: LockedSource, keyed: boolean, rules: Rules): Change[] => {
  const changes: Change[] = []
  if (was.key !== is.key) {
    changes.push(
      keyed
        ? sourceChange(
            name,
            'key format',
            'needs reset',
            [was.key, is.key],
            'Equal keys are other bytes now, so they come to other tasks, which do not have what was kept for them.',
            'Read a new topic in the new format, or reset the topology.',
          )
        : sourceChange(name, 'key format', 'safe', [was.key, is.key], unreadable(is.key)),
    )
  }
  if (was.value !== is.value) {
    const says = rules.evolved(was.value, is.value)
      ? 'Records are read in the schema that they were written in.'
      : unreadable(is.value)
    const toDo = rules.evolved(was.value, is.value) ? review : null
    changes.push(sourceChange(name, 'value format', 'safe', [was.value, is.value], says, toDo))
  }
  if (differ(was.partitions, is.partitions)) changes.push(recounted(name, was, is, keyed))
  if (was.reads !== is.reads) {
    const says =
      is.reads === 'all' ? 'Every instance reads all of it now.' : 'Its partitions are shared among the instances now.'
    changes.push(sourceChange(name, 'reading', 'safe', [was.reads ?? 'own', is.reads ?? 'own'], says))
  }
  if (was.connector !== is.connector) {
    const says = 'The topic stays; the new connector begins without the position of the old one.'
    changes.push(sourceChange(name, 'connector', 'safe', [was.connector ?? 'none', is.connector ?? 'none'], says))
  }
  return changes
}

const unreadable = (format: string): string =>
  `Records that are not ${format} meet the error policy, those too that were written before and are still to be read.`

const recounted = (name: string, was: LockedSource, is: LockedSource, keyed: boolean): Change =>
  keyed
    ? sourceChange(
        name,
        'partitions',
        'needs reset',
        [was.partitions, is.partitions],
        'Equal keys come to other tasks than before, which do not have what was kept for them.',
        'Go back to the old count, or reset the topology.',
      )
    : sourceChange(
        name,
        'partitions',
        'safe',
        [was.partitions, is.partitions],
        'Nothing is kept by its keys. Records of one key may overtake each other once, where it changed its partition.',
      )

const exchangeChange = changesOf('exchange')

const drain = (name: string): string =>
  `Let the old version run until nothing waits in "${name}" (\`franz lag\`), delete it, and start the new one; else reset the topology.`

export const exchangeChanges = (before: LockedTopology, after: LockedTopology, rules: Rules): Change[] => {
  const alike = (one: LockedExchange, other: LockedExchange) => (formats(one) === formats(other) ? 1 : 0)
  const renamed = renames(before.exchanges, after.exchanges, alike)
  const fresh = new Set(renamed.values())
  return pairs(before.exchanges, after.exchanges).flatMap(([name, was, is]) => {
    if (was && is) return keptExchange(name, was, is, rules)
    if (is) {
      const says = `Its topic "${is.topic}" is made at the next start.`
      return fresh.has(name) ? [] : exchangeChange(name, 'added', 'safe', [null, formats(is)], says)
    }
    const to = renamed.get(name)
    return exchangeChange(
      name,
      to === undefined ? 'removed' : 'renamed',
      'needs reset',
      to === undefined ? [formats(was!), null] : [name, to],
      `Nobody reads "${was!.topic}" any more: what still waits there is lost.`,
      to === undefined ? drain(was!.topic) : `Keep the name "${name}". ${drain(was!.topic)}`,
    )
  })
}

const keptExchange = (name: string, was: LockedExchange, is: LockedExchange, rules: Rules): Change[] => {
  const changes: Change[] = []
  if (differ(was.partitions, is.partitions)) {
    changes.push(
      exchangeChange(
        name,
        'partitions',
        'needs reset',
        [was.partitions, is.partitions],
        'Keys move: equal keys come to other tasks than before, which do not have what was kept for them.',
        `Give it its old count, \`partitions: ${was.partitions}\`, or reset the topology.`,
      ),
    )
  }
  if (was.key !== is.key) {
    const says = 'Keys move: equal keys are other bytes now. What still waits in the exchange cannot be read.'
    changes.push(exchangeChange(name, 'key format', 'needs reset', [was.key, is.key], says, 'Reset the topology.'))
  }
  if (was.value !== is.value) {
    const sides = [was.value, is.value] as const
    changes.push(
      rules.evolved(was.value, is.value)
        ? exchangeChange(
            name,
            'value format',
            'safe',
            sides,
            'What still waits is read in the schema that it was written in.',
            review,
          )
        : exchangeChange(
            name,
            'value format',
            'needs reset',
            sides,
            'What still waits in the exchange cannot be read.',
            drain(is.topic),
          ),
    )
  }
  return changes
}

const sinkChange = changesOf('sink')

export const sinkChanges = (before: LockedTopology, after: LockedTopology, rules: Rules): Change[] =>
  pairs(before.sinks, after.sinks).flatMap(([name, was, is]) => {
    if (was && is) return keptSink(name, was, is, rules)
    return was
      ? sinkChange(name, 'removed', 'safe', [formats(was), null], 'Nothing more is written to it; what is in it stays.')
      : sinkChange(name, 'added', 'safe', [null, formats(is!)], 'It is written to from now on.')
  })

const keptSink = (name: string, was: LockedSink, is: LockedSink, rules: Rules): Change[] => {
  const changes: Change[] = []
  const moved = 'Records of one key go to other partitions than before: whoever keeps state by them needs a reset.'
  if (was.key !== is.key) changes.push(sinkChange(name, 'key format', 'safe', [was.key, is.key], moved))
  if (was.value !== is.value) {
    const says = 'The topic holds records of both formats: whoever reads it has to read both.'
    const toDo = rules.evolved(was.value ?? '', is.value ?? '')
      ? review
      : 'Write to a new topic, unless every reader knows both.'
    changes.push(sinkChange(name, 'value format', 'safe', [was.value, is.value], says, toDo))
  }
  if (differ(was.partitions, is.partitions)) {
    changes.push(sinkChange(name, 'partitions', 'safe', [was.partitions, is.partitions], moved))
  }
  return changes
}
