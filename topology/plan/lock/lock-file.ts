import type { DeliveryFacts, TopicSpec } from '../../graph/graph.ts'
import { knownCounts, type Partitions } from '../describe/build.ts'
import { exchangeTopic, type Plan } from '../plan.ts'
import { declaredTopics } from '../topics.ts'

/**
 * Plans as they are deployed, checked in beside their code: all that outlives a process, by name. One file may hold
 * several topologies. `formatVersion` is raised when older versions of the library could not read it.
 * @example
 * const deployed: LockFile = parseLock(readFileSync('desk.lock.json', 'utf8'), 'desk.lock.json')
 * Object.keys(deployed.topologies)
 */
export interface LockFile {
  readonly formatVersion: 1
  readonly topologies: Readonly<Record<string, LockedTopology>>
}

export interface LockedTopology {
  readonly sources: Readonly<Record<string, LockedSource>>
  readonly exchanges: Readonly<Record<string, LockedExchange>>
  readonly stores: Readonly<Record<string, LockedStore>>
  readonly calls: Readonly<Record<string, LockedCall>>
  readonly sinks: Readonly<Record<string, LockedSink>>
  /** Missing where no connector takes anything, as in files of older versions. */
  readonly deliveries?: Readonly<Record<string, LockedDelivery>>
}

/** What every locked topic has; a count is missing where nobody knew it. */
interface Locked {
  readonly key: string
  readonly value: string
  readonly partitions?: number
}

export interface LockedSource extends Locked {
  /** Global tables: every instance reads all of it. */
  readonly reads?: 'all'
  readonly connector?: string
}

export interface LockedExchange extends Locked {
  readonly topic: string
}

export interface LockedStore extends Locked {
  readonly layout: string
  readonly version: number
  readonly window?: string
  readonly retentionMs?: number
  /** Where its changes go; a store that is rebuilt from its own source has none. */
  readonly changelog?: string
  readonly rebuiltFrom?: string
  readonly fedBy: readonly string[]
}

export interface LockedCall {
  readonly version: number
}

/** Formats are missing where only dead letters go: bytes as they came. */
export interface LockedSink extends Partial<Locked> {}

/** What a connector takes outside: topics, and the formats of each. */
export interface LockedDelivery {
  readonly topics: readonly string[]
  readonly formats: readonly string[]
}

const lockFormatVersion = 1

/**
 * Locks a plan. Sections of other topologies in `others` stay; its own is replaced.
 * @example lock(plan(wordCount.graph), { lines: 4 }, deployed)
 */
export const lock = (plan: Plan, partitions?: Partitions, others?: LockFile): LockFile => ({
  formatVersion: lockFormatVersion,
  topologies: sorted([...Object.entries(others?.topologies ?? {}), [plan.name, lockedTopology(plan, partitions)]]),
})

/** Without a prototype: a store may well be called `constructor`. */
export const dictionary = <T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> =>
  Object.setPrototypeOf(Object.fromEntries(entries), null)

/** By name, the later of two of one name. */
const sorted = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  dictionary([...new Map(entries)].sort(([one], [other]) => (one < other ? -1 : 1)))

/** Leaves out what is undefined: the file says only what is. */
const said = <T extends object>(entry: { readonly [Name in keyof T]: T[Name] | undefined }): T =>
  Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined)) as T

export const lockedTopology = (plan: Plan, partitions?: Partitions): LockedTopology => {
  const { graph, name } = plan
  const counts = knownCounts(plan, partitions)
  const formats = ({ key, value }: Pick<TopicSpec, 'key' | 'value'>) => ({ key: key.name, value: value.name })
  const read = new Set(graph.nodes.flatMap(({ facts }) => facts.source?.topic.name ?? []))
  const written = new Set(graph.nodes.flatMap(({ facts }) => facts.sink?.topic.name ?? []))
  const taken = new Set(graph.nodes.flatMap(({ facts }) => (facts.delivers?.topics ?? []).map(topic => topic.name)))
  const meant = new Set([graph.errors.deadLetters?.name, graph.errors.reports?.name])
  const deliveries = graph.nodes.flatMap(({ facts: { delivers } }): [string, LockedDelivery][] =>
    delivers === undefined ? [] : [[delivers.connector, lockedDelivery(delivers)]],
  )
  return said<LockedTopology>({
    sources: sorted(
      graph.nodes.flatMap(({ facts: { source } }): [string, LockedSource][] => {
        if (source === undefined) return []
        const { topic, connector } = source
        const reads = source.reads === 'all' ? source.reads : undefined
        return [[topic.name, said({ ...formats(topic), reads, partitions: counts.get(topic.name), connector })]]
      }),
    ),
    exchanges: sorted(
      graph.nodes.flatMap(({ facts: { exchange } }): [string, LockedExchange][] => {
        if (exchange === undefined) return []
        const topic = exchangeTopic(name, exchange.name)
        return [[exchange.name, said({ topic, ...formats(exchange), partitions: counts.get(topic) })]]
      }),
    ),
    stores: sorted(plan.parts.flatMap(part => part.stores.map(store => lockedStore(store, counts)))),
    calls: sorted(
      graph.nodes.flatMap(({ facts: { call } }): [string, LockedCall][] =>
        call === undefined ? [] : [[call.name, { version: call.version }]],
      ),
    ),
    sinks: sorted(
      declaredTopics(graph).flatMap(({ name, spec }): [string, LockedSink][] => {
        if ((read.has(name) || (taken.has(name) && !meant.has(name))) && !written.has(name)) return []
        const entry = { ...(spec && formats(spec)), partitions: counts.get(name) }
        return [[name, said<LockedSink>({ key: undefined, value: undefined, ...entry })]]
      }),
    ),
    deliveries: deliveries.length === 0 ? undefined : sorted(deliveries),
  })
}

const lockedDelivery = ({ topics }: DeliveryFacts): LockedDelivery => ({
  topics: topics.map(({ name }) => name),
  formats: topics.map(({ key, value }) => `${key.name} -> ${value.name}`),
})

const lockedStore = (
  { facts, changelog, fedBy }: Plan['parts'][number]['stores'][number],
  counts: ReadonlyMap<string, number>,
): [string, LockedStore] => {
  const rebuiltFrom = facts.sourceTopic
  const entry = {
    layout: facts.layout,
    key: facts.key.name,
    value: facts.value.name,
    version: facts.version,
    window: facts.window,
    retentionMs: facts.retentionMs,
    changelog: rebuiltFrom === undefined ? changelog : undefined,
    rebuiltFrom,
    partitions: rebuiltFrom === undefined ? counts.get(changelog) : undefined,
    fedBy,
  }
  return [facts.name, said<LockedStore>(entry)]
}
