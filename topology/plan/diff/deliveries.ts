import type { LockedDelivery, LockedTopology } from '../lock/lock-file.ts'
import { type Change, changesOf, pairs, renames } from './change.ts'

const deliveryChange = changesOf('delivery')

const list = ({ topics }: LockedDelivery): string => topics.join(', ')

/** Connectors by their names: a name is what a position in the log goes by. */
export const deliveryChanges = (before: LockedTopology, after: LockedTopology): Change[] => {
  const was = before.deliveries ?? {}
  const is = after.deliveries ?? {}
  const renamed = renames(was, is, (one, other) => (list(one) === list(other) ? 1 : 0))
  const fresh = new Set(renamed.values())
  return pairs(was, is).flatMap(([name, old, now]) => {
    if (old && now) return kept(name, old, now)
    if (now) return fresh.has(name) ? [] : added(name, now)
    const to = renamed.get(name)
    return to === undefined
      ? deliveryChange(
          name,
          'removed',
          'safe',
          [list(old!), null],
          'Nothing more is taken outside by it; its position stays.',
        )
      : deliveryChange(
          name,
          'renamed',
          'loses store',
          [name, to],
          'The position goes by the name: under the new one everything is taken outside again.',
          `Keep the name "${name}", unless the connector knows what it has written.`,
        )
  })
}

const added = (name: string, { topics }: LockedDelivery): Change =>
  deliveryChange(
    name,
    'added',
    'safe',
    [null, topics.join(', ')],
    'Its topics are taken outside from their first record on. The runner needs a connector for it.',
  )

const kept = (name: string, was: LockedDelivery, is: LockedDelivery): Change[] => {
  const changes: Change[] = []
  if (list(was) !== list(is)) {
    const says = 'A new topic is taken outside from its first record on; of one that is gone, the position stays.'
    changes.push(deliveryChange(name, 'topics', 'safe', [list(was), list(is)], says))
  }
  for (const [topic, [old, now]] of sameTopics(was, is)) {
    if (old === now) continue
    const says = `Records of "${topic}" that cannot be read so meet the error policy, those too that are still to be taken.`
    changes.push(deliveryChange(name, `format of ${topic}`, 'safe', [old, now], says))
  }
  return changes
}

const sameTopics = (was: LockedDelivery, is: LockedDelivery): [topic: string, formats: [string, string]][] =>
  was.topics.flatMap((topic, at): [string, [string, string]][] => {
    const now = is.topics.indexOf(topic)
    return now < 0 ? [] : [[topic, [was.formats[at]!, is.formats[now]!]]]
  })
