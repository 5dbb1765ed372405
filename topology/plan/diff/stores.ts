import { durationText } from '../../graph/span.ts'
import type { LockedStore, LockedTopology } from '../lock/lock-file.ts'
import { type Change, changesOf, differ, pairs, type Rules, renames } from './change.ts'

const change = changesOf('store')

const formats = ({ key, value }: LockedStore): string => ` ${key} -> ${value}`

/** The layout without the formats that end it: they are compared by themselves. */
const shape = (store: LockedStore): string =>
  store.layout.endsWith(formats(store)) ? store.layout.slice(0, -formats(store).length) : store.layout

const lineOf = (store: LockedStore): string =>
  store.window === undefined ? store.layout : `${store.layout}, ${store.window}`

const emptied = (store: LockedStore): string =>
  store.changelog === undefined
    ? 'Nothing: it is rebuilt at the next start.'
    : `Delete "${store.changelog}" and the store before the next start, or reset the topology.`

export const storeChanges = (before: LockedTopology, after: LockedTopology, rules: Rules): Change[] => {
  const renamed = renames(before.stores, after.stores, alike)
  const fresh = new Set(renamed.values())
  return pairs(before.stores, after.stores).flatMap(([name, was, is]) => {
    if (was && is) return kept(name, was, is, before, after, rules)
    if (was) {
      const to = renamed.get(name)
      return to === undefined ? removed(name, was) : moved(name, was, to, after.stores[to]!)
    }
    return fresh.has(name) ? [] : added(name, is!, before)
  })
}

const alike = (one: LockedStore, other: LockedStore): number =>
  lineOf(one) !== lineOf(other) ? 0 : one.fedBy.join() === other.fedBy.join() ? 2 : 1

const removed = (name: string, was: LockedStore): Change =>
  was.rebuiltFrom === undefined
    ? change(
        name,
        'removed',
        'loses store',
        [lineOf(was), null],
        'Nothing keeps it up to date any more, and should it come back it would not know what passed meanwhile.',
        `Delete "${was.changelog}" once nobody wants to go back.`,
      )
    : change(name, 'removed', 'safe', [lineOf(was), null], `It was rebuilt from "${was.rebuiltFrom}" at each start.`)

const moved = (name: string, was: LockedStore, to: string, is: LockedStore): Change =>
  was.rebuiltFrom === undefined
    ? change(
        name,
        'renamed',
        'loses store',
        [`${name}: ${lineOf(was)}`, `${to}: ${lineOf(is)}`],
        `It is called "${to}" now: the old content is lost unless the old name stays, and "${to}" begins empty.`,
        `Keep the name "${name}"; or let it go, and delete "${was.changelog}" once nobody wants to go back.`,
      )
    : change(name, 'renamed', 'safe', [name, to], `It is rebuilt from "${is.rebuiltFrom}" at each start.`)

const added = (name: string, is: LockedStore, before: LockedTopology): Change => {
  if (is.rebuiltFrom !== undefined) {
    return change(name, 'added', 'safe', [null, lineOf(is)], `It is built from "${is.rebuiltFrom}" at each start.`)
  }
  const old = is.fedBy.filter(topic => topic in before.sources || exchangeOf(before, topic) !== undefined)
  return change(
    name,
    'added',
    'new changelog',
    [null, lineOf(is)],
    old.length === 0
      ? `It begins empty and fills from the first record of ${quoted(is.fedBy)}.`
      : `It begins empty: what this topology has already read of ${quoted(old)} is not in it.`,
    old.length === 0 ? null : 'Nothing, or reset the topology to read everything again.',
  )
}

const quoted = (names: readonly string[]): string => names.map(name => `"${name}"`).join(', ')

const exchangeOf = ({ exchanges }: LockedTopology, topic: string) =>
  Object.values(exchanges).find(exchange => exchange.topic === topic)

const kept = (
  name: string,
  was: LockedStore,
  is: LockedStore,
  before: LockedTopology,
  after: LockedTopology,
  rules: Rules,
): Change[] => [
  ...layoutChanges(name, was, is, rules),
  ...timeChanges(name, was, is),
  ...(was.version === is.version ? [] : [versionChange(name, was, is)]),
  ...(was.rebuiltFrom === is.rebuiltFrom ? [] : [homeChange(name, was, is)]),
  ...placeChanges(name, was, is, before, after),
]

const layoutChanges = (name: string, was: LockedStore, is: LockedStore, rules: Rules): Change[] => {
  const unread = (what: string, sides: readonly [unknown, unknown]) =>
    change(name, what, 'loses store', sides, 'What it holds cannot be read in this way.', emptied(was))
  if (shape(was) !== shape(is)) return [unread('layout', [was.layout, is.layout])]
  // The size of a window is part of how its keys are written: what changed then is the window.
  const key = was.key === is.key || !sameSize(was, is) ? [] : [unread('key format', [was.key, is.key])]
  if (was.value === is.value) return key
  const sides = [was.value, is.value] as const
  if (!rules.evolved(was.value, is.value)) return [...key, unread('value format', sides)]
  const says = 'Each value is read in the schema that it was written in, and written in the new one when it changes.'
  return [
    ...key,
    change(name, 'value format', 'safe', sides, says, 'See what `franz schemas review` says of the schema.'),
  ]
}

/** Parts of a window's line that say for how long something is kept, not how it is written. */
const span = /^(?:grace|history) /

const windowParts = ({ window }: LockedStore) => {
  const parts = (window ?? '').split(', ')
  return {
    kept: parts.filter(part => !span.test(part)).join(', '),
    spans: parts.filter(part => span.test(part)).join(', '),
  }
}

const sameSize = (was: LockedStore, is: LockedStore): boolean => windowParts(was).kept === windowParts(is).kept

const timeChanges = (name: string, was: LockedStore, is: LockedStore): Change[] => {
  const sides = [was.window ?? 'no window', is.window ?? 'no window'] as const
  if (!sameSize(was, is)) {
    const says = 'Windows of the one kind or size cannot be made into windows of the other.'
    return [change(name, 'window', 'loses store', sides, says, emptied(was))]
  }
  if (windowParts(was).spans !== windowParts(is).spans) {
    const says =
      'What is stored stays as it is. Where it is kept for longer now, what was deleted already does not come back: a window that takes late records again begins anew.'
    return [change(name, 'time', 'safe', sides, says)]
  }
  if (was.retentionMs === is.retentionMs) return []
  const [from, to] = [was.retentionMs, is.retentionMs].map(ms => (ms === undefined ? 'for ever' : durationText(ms)))
  const shorter = (is.retentionMs ?? Number.POSITIVE_INFINITY) < (was.retentionMs ?? Number.POSITIVE_INFINITY)
  const says = shorter
    ? `What is older than ${to} in stream time is deleted with the first commits.`
    : 'What has expired already does not come back; the rest is kept for longer.'
  return [change(name, 'retention', 'safe', [from, to], says)]
}

const versionChange = (name: string, was: LockedStore, is: LockedStore): Change =>
  change(
    name,
    'version',
    'loses store',
    [was.version, is.version],
    'By its version, what it holds means something else than the code will take it for.',
    emptied(was),
  )

const homeChange = (name: string, was: LockedStore, is: LockedStore): Change => {
  const [before, after] = [was, is].map(({ changelog, rebuiltFrom }) => rebuiltFrom ?? changelog)
  return is.rebuiltFrom === undefined
    ? change(
        name,
        'home',
        'new changelog',
        [before, after],
        'Each task keeps its own share of it now, and it begins empty.',
      )
    : change(
        name,
        'home',
        'safe',
        [before, after],
        `Every instance rebuilds the whole of it from "${is.rebuiltFrom}" at each start.`,
        `Delete "${was.changelog}" once nobody wants to go back.`,
      )
}

/**
 * Tasks find a store by its name and their own number, and its changelog too: which sub-topology it belongs to is kept
 * nowhere. So it may move, as long as its keys stay in the partitions that they are in.
 */
const placeChanges = (
  name: string,
  was: LockedStore,
  is: LockedStore,
  before: LockedTopology,
  after: LockedTopology,
): Change[] => {
  const [from, to] = [was.fedBy, is.fedBy].map(topics => topics.join(', '))
  const recounted = is.fedBy.filter(topic => differ(countOf(before, topic), countOf(after, topic)))
  const moves = from !== to
  if (differ(was.partitions, is.partitions)) {
    const sides = [was.partitions, is.partitions]
    if (moves || recounted.length > 0) {
      const says = `Equal keys come to other tasks than before, which do not have what the store holds for them.`
      return [
        change(
          name,
          'partitions',
          'needs reset',
          [sides[0], sides[1]],
          says,
          'Go back to the old count, or reset the topology.',
        ),
      ]
    }
    return [tasksChange(name, was, is)]
  }
  if (!moves || was.rebuiltFrom !== is.rebuiltFrom) return []
  const known = was.partitions !== undefined && is.partitions !== undefined
  const says = [
    'It stays with its content, for tasks find it by its name and their number. What it holds came from the old input.',
    ...(known ? [] : ['But if the new input has another partition count, keys move: then it needs a reset.']),
  ]
  return [
    change(name, 'input', 'safe', [from, to], says.join(' '), 'Raise its version if keys mean something else now.'),
  ]
}

const countOf = (topology: LockedTopology, topic: string): number | undefined =>
  (topology.sources[topic] ?? exchangeOf(topology, topic))?.partitions

/** More or fewer tasks because of another input of the same sub-topology; keys stay where they are. */
const tasksChange = (name: string, was: LockedStore, is: LockedStore): Change =>
  was.partitions! < is.partitions!
    ? change(
        name,
        'partitions',
        'new changelog',
        [was.partitions, is.partitions],
        'There are more tasks now. Keys stay where they are, but each task needs a partition of the changelog.',
        `Add partitions to "${is.changelog}" before the next start.`,
      )
    : change(
        name,
        'partitions',
        'loses store',
        [was.partitions, is.partitions],
        'There are fewer tasks now, and a topic cannot lose partitions: the changelog has to be made anew.',
        emptied(was),
      )
