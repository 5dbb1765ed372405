import type { CallFacts, ErrorPolicy, Graph, Node } from '../../graph/graph.ts'
import { partitionCounts, tasksOf } from '../counts.ts'
import { exchangeTopic, type InternalTopic, type Part, type PartNode, type Plan } from '../plan.ts'
import { declaredTopics } from '../topics.ts'
import type {
  DescribedCall,
  DescribedConnector,
  DescribedErrors,
  DescribedNode,
  DescribedPart,
  DescribedStore,
  DescribedTopic,
  Description,
} from './description.ts'

/** Partition counts of declared topics, by their names; what they do not have is taken from the declarations. */
export type Partitions = ReadonlyMap<string, number> | Readonly<Record<string, number>>

export const knownCounts = (plan: Plan, partitions: Partitions = {}): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  // Internal topics are what the plan makes of them, however many partitions a log has of them now.
  for (const { name, partitions: declared } of declaredTopics(plan.graph)) {
    const count = countIn(partitions, name) ?? declared
    if (count !== undefined) counts.set(name, count)
  }
  return partitionCounts(plan, counts)
}

export const countIn = (partitions: Partitions, name: string): number | undefined =>
  partitions instanceof Map ? partitions.get(name) : new Map(Object.entries(partitions)).get(name)

export const build = (plan: Plan, partitions?: Partitions): Description => {
  const { graph } = plan
  const counts = knownCounts(plan, partitions)
  const topics = topicsOf(plan, counts)
  return {
    descriptionVersion: 1,
    topology: plan.name,
    errors: errorsOf(graph),
    topics,
    stores: plan.parts.flatMap(part => storesOf(part, counts)).sort(byName),
    calls: graph.nodes.flatMap(node => (node.facts.call ? [callOf(node.facts.call, node)] : [])).sort(byName),
    connectors: graph.nodes.flatMap(connectorsOf).sort(byName),
    loops: topics.flatMap(({ name }) => (feedsItself(graph, name) ? [name] : [])),
    parts: plan.parts.map(part => partOf(plan, part, counts)),
  }
}

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0

const callOf = (call: CallFacts, { id, facts }: Node): DescribedCall => ({
  name: call.name,
  node: id,
  version: call.version,
  inFlight: call.inFlight,
  timeoutMs: call.timeoutMs,
  attempts: call.attempts,
  fallback: call.fallback,
  deadLetters: facts.sink?.topic.name ?? null,
})

const policyName = (policy: ErrorPolicy): DescribedErrors['policy'] =>
  typeof policy === 'object' ? 'dead letter' : policy

const errorsOf = ({ errors }: Graph): DescribedErrors => ({
  policy: policyName(errors.policy),
  deadLetters: errors.deadLetters?.name ?? null,
  reports: errors.reports?.name ?? null,
})

const connectorsOf = ({ id, facts: { source, delivers } }: Node): DescribedConnector[] => [
  ...(source?.connector === undefined
    ? []
    : [{ name: source.connector, direction: 'source' as const, topic: source.topic.name, node: id }]),
  ...(delivers?.topics ?? []).map(topic => ({
    name: delivers!.connector,
    direction: 'sink' as const,
    topic: topic.name,
    node: id,
  })),
]

const feedsItself = ({ nodes }: Graph, topic: string): boolean =>
  nodes.some(({ facts }) => facts.source?.topic.name === topic) &&
  nodes.some(({ facts }) => facts.sink?.topic.name === topic && !facts.sink.deadLetters)

/** The nodes whose records go to a topic when they fail: where their source says so, else the topology. */
const deadLettersOf = (graph: Graph, name: string): string[] => {
  const sources = graph.nodes.filter(({ facts: { source } }) => {
    const policy = source?.onError ?? graph.errors.policy
    return source !== undefined && typeof policy === 'object' && policy.deadLetter === name
  })
  const buried = graph.nodes.filter(({ facts }) => facts.sink?.deadLetters && facts.sink.topic.name === name)
  const refused = graph.nodes.filter(({ facts }) => facts.delivers && graph.errors.deadLetters?.name === name)
  return [...sources, ...buried, ...refused].map(({ id }) => id)
}

const topicsOf = (plan: Plan, counts: ReadonlyMap<string, number>): DescribedTopic[] => {
  const { graph } = plan
  const declared = declaredTopics(graph).map(({ name, spec }): DescribedTopic => {
    const source = graph.nodes.find(({ facts }) => facts.source?.topic.name === name)
    const sinks = graph.nodes.filter(({ facts }) => facts.sink?.topic.name === name && !facts.sink.deadLetters)
    const filled = source?.facts.source?.connector === undefined ? [] : [source]
    const deliveries = graph.nodes.filter(({ facts }) => facts.delivers?.topics.some(topic => topic.name === name))
    return {
      name,
      purpose: 'declared',
      key: spec?.key.name ?? null,
      value: spec?.value.name ?? null,
      partitions: counts.get(name) ?? null,
      readBy: [...(source ? [source] : []), ...deliveries].map(({ id }) => id),
      reads: source?.facts.source?.reads ?? (deliveries.length > 0 ? 'own' : null),
      writtenBy: [...filled, ...sinks].map(({ id }) => id),
      deadLettersOf: deadLettersOf(graph, name),
      reports: graph.errors.reports?.name === name,
      settings: null,
    }
  })
  return [...declared, ...plan.topics.map(topic => internalOf(plan, topic, counts))].sort(byName)
}

const internalOf = (plan: Plan, topic: InternalTopic, counts: ReadonlyMap<string, number>): DescribedTopic => {
  const exchange = plan.graph.nodes.find(
    ({ facts }) => facts.exchange && exchangeTopic(plan.name, facts.exchange.name) === topic.name,
  )
  const store = plan.parts.flatMap(part => part.stores).find(({ changelog }) => changelog === topic.name)
  const formats = exchange?.facts.exchange ?? store!.facts
  const { name, purpose, cleanup, purged } = topic
  return {
    name,
    purpose,
    key: formats.key.name,
    value: formats.value.name,
    partitions: counts.get(name) ?? null,
    readBy: exchange ? [exchange.id] : [],
    reads: exchange ? 'own' : null,
    writtenBy: [exchange?.id ?? store!.node],
    deadLettersOf: [],
    reports: false,
    settings: {
      cleanup,
      tombstonesMs: topic.tombstonesMs ?? null,
      segmentMs: topic.segmentMs ?? null,
      segmentBytes: topic.segmentBytes ?? null,
      purged,
    },
  }
}

const storesOf = (part: Part, counts: ReadonlyMap<string, number>): DescribedStore[] =>
  part.stores.map(({ node, facts, changelog, fedBy }) => ({
    name: facts.name,
    node,
    part: part.id,
    layout: facts.layout,
    key: facts.key.name,
    value: facts.value.name,
    version: facts.version,
    window: facts.window ?? null,
    retentionMs: facts.retentionMs ?? null,
    changelog: facts.sourceTopic === undefined ? changelog : null,
    rebuiltFrom: facts.sourceTopic ?? null,
    fedBy,
    partitions: (facts.sourceTopic === undefined ? counts.get(changelog) : undefined) ?? null,
  }))

const partOf = (plan: Plan, part: Part, counts: ReadonlyMap<string, number>): DescribedPart => ({
  id: part.id,
  tasks: tasksOf(part, counts) ?? null,
  reads: part.sources.map(({ topic }) => topic),
  meetings: part.meetings,
  nodes: part.nodes.map(node => nodeOf(plan, node)),
})

const nodeOf = (plan: Plan, { node: { id, kind, inputs, facts }, role }: PartNode): DescribedNode => {
  const exchange = facts.exchange && exchangeTopic(plan.name, facts.exchange.name)
  const notes = role === 'reader' ? [] : [facts.note, facts.arms?.join(' | ')].filter(note => note)
  return {
    id,
    kind,
    role,
    inputs: role === 'reader' ? [] : inputs,
    reads: (role === 'reader' ? exchange : facts.source?.topic.name) ?? null,
    writes: (role === 'writer' ? exchange : facts.sink?.topic.name) ?? null,
    stores: role === 'whole' ? (facts.stores ?? []).map(({ name }) => name) : [],
    globals: facts.globals ?? [],
    call: facts.call?.name ?? null,
    connector: facts.source?.connector ?? null,
    holds: facts.holds ?? false,
    note: notes.length === 0 ? null : notes.join(', '),
  }
}
