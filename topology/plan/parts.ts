import { TopologyError } from '../errors.ts'
import type { Graph, Node } from '../graph/graph.ts'
import { changelogTopic, exchangeTopic, type InternalTopic, type Part, type PartNode, type Plan } from './plan.ts'
import { refuse } from './refusals.ts'

/** Cuts the graph at its exchanges and lists what each part reads, keeps and writes. */
export const plan = (graph: Graph): Plan => {
  refuse(graph)
  const groups = grouped(graph)
  const parts = [...new Set(groups.values())].map((group, id) => partOf(graph, groups, group, id))
  return { name: graph.name, graph, parts, topics: internalTopics(graph, parts) }
}

/** The exchange a node is read through belongs to the reader's part; so each node but an exchange has one part. */
const reader = (node: string) => `${node} (read)`

/** Union of all nodes that a record can pass without going through a topic. */
const grouped = (graph: Graph): Map<string, string> => {
  const parent = new Map<string, string>()
  const find = (name: string): string => {
    const up = parent.get(name)
    if (up === undefined || up === name) return name
    const root = find(up)
    parent.set(name, root)
    return root
  }
  const exchanges = new Set(graph.nodes.filter(node => node.facts.exchange).map(node => node.id))
  for (const node of graph.nodes) {
    parent.set(node.id, node.id)
    if (exchanges.has(node.id)) parent.set(reader(node.id), reader(node.id))
  }
  for (const node of graph.nodes) {
    for (const edge of node.inputs) {
      const from = exchanges.has(edge.from) ? reader(edge.from) : edge.from
      const a = find(from)
      const b = find(node.id)
      if (a !== b) parent.set(b, a)
    }
  }
  return new Map([...parent.keys()].map(name => [name, find(name)]))
}

const partOf = (graph: Graph, groups: Map<string, string>, group: string, id: number): Part => {
  const nodes: PartNode[] = []
  for (const node of graph.nodes) {
    const exchange = node.facts.exchange !== undefined
    if (exchange && groups.get(reader(node.id)) === group) nodes.unshift({ node, role: 'reader' })
    if (groups.get(node.id) === group) nodes.push({ node, role: exchange ? 'writer' : 'whole' })
  }
  const topicOf = (node: Node) => node.facts.source?.topic.name ?? exchangeTopic(graph.name, node.facts.exchange!.name)
  const sources = nodes
    .filter(({ node, role }) => node.facts.source !== undefined || role === 'reader')
    .map(({ node }) => ({ node: node.id, topic: topicOf(node), reads: node.facts.source?.reads ?? ('own' as const) }))
  const stores = nodes
    .filter(({ role }) => role === 'whole')
    .flatMap(({ node }) =>
      (node.facts.stores ?? []).map(facts => ({
        node: node.id,
        facts,
        changelog: facts.sourceTopic ?? changelogTopic(graph.name, facts.name),
      })),
    )
  return { id, nodes, sources, stores, together: together(nodes, sources) }
}

/** Follows the inputs of each node whose keys must meet back to the topics that feed them. */
const together = (nodes: readonly PartNode[], sources: Part['sources']): string[][] => {
  const topics = new Map(sources.filter(source => source.reads === 'own').map(source => [source.node, source.topic]))
  const byId = new Map(nodes.filter(({ role }) => role !== 'writer').map(({ node }) => [node.id, node]))
  const feeding = (id: string, seen: Set<string>): Set<string> => {
    const topic = topics.get(id)
    if (topic !== undefined) return seen.add(topic)
    for (const edge of byId.get(id)?.inputs ?? []) feeding(edge.from, seen)
    return seen
  }
  return nodes
    .filter(({ node, role }) => role === 'whole' && node.facts.together)
    .map(({ node }) => [...feeding(node.id, new Set())])
    .filter(group => group.length > 1)
}

const internalTopics = (graph: Graph, parts: readonly Part[]): InternalTopic[] =>
  parts.flatMap(part => [
    ...part.nodes
      .filter(({ role }) => role === 'writer')
      .map(({ node }) => ({
        name: exchangeTopic(graph.name, node.facts.exchange!.name),
        purpose: 'exchange' as const,
        writer: part.id,
        partitions: node.facts.exchange!.partitions,
      })),
    ...part.stores
      .filter(store => store.facts.sourceTopic === undefined)
      .map(store => ({
        name: store.changelog,
        purpose: 'changelog' as const,
        writer: part.id,
        retentionMs: store.facts.retentionMs,
      })),
  ])

/** How many tasks each part has and how many partitions each internal topic, once the counts of the declared topics are known. */
export const partitionCounts = (plan: Plan, known: ReadonlyMap<string, number>): Map<string, number> => {
  const counts = new Map(known)
  for (const topic of plan.topics) if (topic.partitions !== undefined) counts.set(topic.name, topic.partitions)
  // An exchange without a count of its own takes that of the topics it meets, else that of the part that writes it.
  for (let round = 0; round <= plan.topics.length; round++) {
    for (const topic of plan.topics) {
      if (topic.purpose !== 'exchange' || counts.has(topic.name)) continue
      const meets = plan.parts.flatMap(part => part.together).filter(group => group.includes(topic.name))
      const met = meets.flat().flatMap(name => counts.get(name) ?? [])
      const count = met.length > 0 ? Math.max(...met) : tasksOf(plan.parts[topic.writer]!, counts)
      if (count !== undefined) counts.set(topic.name, count)
    }
  }
  for (const part of plan.parts) {
    for (const group of part.together) {
      const differing = group.map(name => `${name} has ${counts.get(name) ?? 'none'}`)
      if (new Set(group.map(name => counts.get(name))).size > 1) {
        throw new TopologyError(
          'PARTITIONS_DIFFER',
          plan.name,
          `keys of ${group.join(', ')} must meet, but partition counts differ: ${differing.join(', ')}`,
        )
      }
    }
    for (const store of part.stores) {
      if (store.facts.sourceTopic === undefined) counts.set(store.changelog, tasksOf(part, counts) ?? 1)
    }
  }
  return counts
}

/** One task for each partition of the widest source; undefined while a count is missing. A part of global tables alone has none. */
export const tasksOf = (part: Part, counts: ReadonlyMap<string, number>): number | undefined => {
  const own = part.sources.filter(source => source.reads === 'own').map(source => counts.get(source.topic))
  return own.includes(undefined) ? undefined : Math.max(0, ...(own as number[]))
}
