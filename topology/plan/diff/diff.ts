import { countIn, type Partitions } from '../describe/build.ts'
import { dictionary, type LockedTopology, type LockFile, lockedTopology } from '../lock/lock-file.ts'
import type { Plan } from '../plan.ts'
import { type Change, changesOf, pairs, type Rules, severities } from './change.ts'
import { deliveryChanges } from './deliveries.ts'
import { storeChanges } from './stores.ts'
import { exchangeChanges, sinkChanges, sourceChanges } from './topics.ts'

/**
 * What the code has otherwise than a lock file, worst first. `breaks`: something that is deployed would be lost, or work wrongly.
 * @example if (diff(deployed, plan(wordCount.graph)).breaks) console.log('not without a plan of what happens to the stores')
 */
export interface Diff {
  readonly diffVersion: 1
  readonly topology: string
  readonly breaks: boolean
  readonly changes: readonly Change[]
  /** What was not compared, in sentences. */
  readonly notCompared: readonly string[]
}

/**
 * Compares a plan with what is locked under its name. Partition counts are compared where both sides know them.
 * @example console.log(diffText(diff(deployed, plan(desk.graph))))
 */
export const diff = (lock: LockFile, plan: Plan, partitions?: Partitions): Diff => {
  const locked = lock.topologies[plan.name]
  const before = locked && counted(locked, partitions)
  const after = lockedTopology(plan, partitions)
  const changes = before ? compared(before, after, rulesOf(plan)) : [newTopology(plan.name)]
  const uncounted = before ? notCounted(before, after) : []
  return {
    diffVersion: 1,
    topology: plan.name,
    breaks: changes.some(breaks),
    changes: worstFirst(changes),
    notCompared: [
      'Function bodies are not compared: where one changes what a store or an answer means, raise its version.',
      ...(uncounted.length === 0
        ? []
        : [`The partition counts of ${uncounted.join(', ')} are not known on both sides.`]),
    ],
  }
}

/**
 * The same for every topology of a file: it also says which of them there are no plans for any more.
 * @example diffAll(deployed, [plan(wordCount.graph), plan(copy.graph)]).some(({ breaks }) => breaks)
 */
export const diffAll = (lock: LockFile, plans: readonly Plan[], partitions?: Partitions): Diff[] => {
  const gone = Object.keys(lock.topologies).filter(name => !plans.some(plan => plan.name === name))
  return [
    ...plans.map(plan => diff(lock, plan, partitions)),
    ...gone.map(name => removed(name, lock.topologies[name]!)),
  ]
}

/** Where the lock file does not know how many partitions an exchange has, those count that it has in the log. */
const counted = (locked: LockedTopology, partitions: Partitions = {}): LockedTopology => ({
  ...locked,
  exchanges: dictionary(
    Object.entries(locked.exchanges).map(([name, exchange]) => {
      const count = exchange.partitions ?? countIn(partitions, exchange.topic)
      return [name, count === undefined ? exchange : { ...exchange, partitions: count }]
    }),
  ),
})

const breaks = ({ severity }: Change): boolean => severity === 'loses store' || severity === 'needs reset'

const worstFirst = (changes: readonly Change[]): Change[] =>
  [...changes].sort((one, other) => severities.indexOf(other.severity) - severities.indexOf(one.severity))

const compared = (before: LockedTopology, after: LockedTopology, rules: Rules): Change[] => [
  ...storeChanges(before, after, rules),
  ...exchangeChanges(before, after, rules),
  ...sourceChanges(before, after, rules),
  ...callChanges(before, after),
  ...sinkChanges(before, after, rules),
  ...deliveryChanges(before, after),
]

const topologyChange = changesOf('topology')

const newTopology = (name: string): Change =>
  topologyChange(
    name,
    'added',
    'safe',
    [null, name],
    'The lock file does not know it: it begins anew, with empty stores.',
  )

const removed = (name: string, { stores }: LockedTopology): Diff => {
  const kept = Object.keys(stores).filter(store => stores[store]!.rebuiltFrom === undefined)
  const says =
    kept.length === 0 ? 'It is not run any more.' : `It is not run any more, and nobody keeps ${kept.join(', ')}.`
  const toDo = 'If it has another name now, go back to the old one: its stores, positions and topics go by it.'
  const change = topologyChange(name, 'removed', kept.length === 0 ? 'safe' : 'loses store', [name, null], says, toDo)
  return { diffVersion: 1, topology: name, breaks: breaks(change), changes: [change], notCompared: [] }
}

const callChange = changesOf('call')

const callChanges = (before: LockedTopology, after: LockedTopology): Change[] =>
  pairs(before.calls, after.calls).flatMap(([name, was, is]) => {
    if (was && is) {
      if (was.version === is.version) return []
      const says = 'Remembered answers are of another version: each question is asked again when it comes up.'
      return callChange(name, 'version', 'safe', [was.version, is.version], says)
    }
    return was
      ? callChange(name, 'removed', 'safe', [`version ${was.version}`, null], 'It is not asked any more.')
      : callChange(
          name,
          'added',
          'safe',
          [null, `version ${is!.version}`],
          'The runner needs an implementation for it.',
        )
  })

/** Which names of formats belong to which family: only the plan has formats, a lock file has names. */
const rulesOf = ({ graph, parts }: Plan): Rules => {
  const families = new Map<string, string>()
  const add = ({ name, family }: { readonly name: string; readonly family?: string | undefined }) => {
    if (family !== undefined) families.set(name, family)
  }
  for (const { facts } of graph.nodes) {
    for (const topic of [facts.source?.topic, facts.sink?.topic, facts.exchange]) if (topic) add(topic.value)
  }
  for (const { facts } of parts.flatMap(part => part.stores)) add(facts.value)
  if (graph.errors.reports) add(graph.errors.reports.value)
  return {
    evolved(before, after) {
      const family = families.get(after)
      return family !== undefined && (before === family || before.startsWith(`${family} `))
    },
  }
}

const notCounted = (before: LockedTopology, after: LockedTopology): string[] =>
  [
    ...pairs(before.sources, after.sources)
      .map(([name, was, is]) => ({ name, was, is }))
      .filter(({ is }) => is?.reads !== 'all'),
    ...pairs(before.exchanges, after.exchanges).map(([name, was, is]) => ({ name, was, is })),
  ].flatMap(({ name, was, is }) =>
    was && is && (was.partitions === undefined || is.partitions === undefined) ? [`"${name}"`] : [],
  )
