import type { Graph, Node } from '../graph/graph.ts'
import { changelogTopic, exchangeTopic, type Meeting, type Part, type PartNode, type Plan } from './plan.ts'
import { refuse, refuseParts } from './refusals.ts'
import { internalTopics } from './topics.ts'

/**
 * Cuts a graph at its exchanges and lists what each part reads, keeps and writes; refuses what cannot work.
 * @example const { parts } = plan(wordCount.graph)
 */
export const plan = (graph: Graph): Plan => {
  refuse(graph)
  const groups = grouped(graph)
  const parts = [...new Set(groups.values())].map((group, id) => partOf(graph, groups, group, id))
  const planned: Plan = { name: graph.name, graph, parts, topics: internalTopics(graph, parts) }
  refuseParts(planned)
  return planned
}

/** The exchange a node is read through belongs to the reader's part; so each node but an exchange has one part. */
const reader = (node: string) => `${node} (read)`

/** Union of all nodes that a record can pass without going through a topic. Deliveries are nobody's: no task does them. */
const grouped = (graph: Graph): Map<string, string> => {
  const parent = new Map<string, string>()
  const find = (name: string): string => {
    const up = parent.get(name)
    if (up === undefined || up === name) return name
    const root = find(up)
    parent.set(name, root)
    return root
  }
  const worked = graph.nodes.filter(node => node.facts.delivers === undefined)
  const exchanges = new Set(worked.filter(node => node.facts.exchange).map(node => node.id))
  for (const node of worked) {
    parent.set(node.id, node.id)
    if (exchanges.has(node.id)) parent.set(reader(node.id), reader(node.id))
  }
  for (const node of worked) {
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
  const fedBy = feeding(nodes, sources)
  const stores = nodes
    .filter(({ role }) => role === 'whole')
    .flatMap(({ node }) =>
      (node.facts.stores ?? []).map(facts => ({
        node: node.id,
        facts,
        changelog: facts.sourceTopic ?? changelogTopic(graph.name, facts.name),
        fedBy: fedBy(node.id),
      })),
    )
  const meetings = nodes
    .filter(({ node, role }) => role === 'whole' && node.facts.together)
    .map(({ node }): Meeting => ({ node: node.id, topics: fedBy(node.id) }))
  return { id, nodes, sources, stores, meetings: meetings.filter(({ topics }) => topics.length > 1) }
}

/** Follows the inputs of a node back to the topics that feed it. */
const feeding = (nodes: readonly PartNode[], sources: Part['sources']) => {
  const topics = new Map(sources.map(source => [source.node, source.topic]))
  const byId = new Map(nodes.filter(({ role }) => role !== 'writer').map(({ node }) => [node.id, node]))
  return (of: string): string[] => {
    const found = new Set<string>()
    const seen = new Set<string>()
    const gather = (id: string): void => {
      if (seen.has(id)) return
      seen.add(id)
      const topic = topics.get(id)
      if (topic !== undefined) found.add(topic)
      else for (const edge of byId.get(id)?.inputs ?? []) gather(edge.from)
    }
    gather(of)
    return [...found].sort()
  }
}
