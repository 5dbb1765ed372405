import { TopologyError } from '../errors.ts'
import type { Graph, Node, TopicSpec } from '../graph/graph.ts'

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/
const nameLengthMax = 64

/** Refuses what cannot work, with the words that say what to do. */
export const refuse = (graph: Graph): void => {
  named(graph, graph.name, 'the topology')
  uniqueNames(graph)
  topicsOnce(graph)
  noDeadEnds(graph)
  keysKnown(graph)
}

const named = (graph: Graph, name: string, what: string): void => {
  if (name.length > nameLengthMax || !namePattern.test(name)) {
    throw new TopologyError('NAME_WRONG', graph.name, `${what} is called "${name}"`)
  }
}

const uniqueNames = (graph: Graph): void => {
  const claims: [kind: string, name: string][] = graph.nodes.flatMap(node => [
    ...(node.facts.stores ?? []).map((store): [string, string] => ['store', store.name]),
    ...(node.facts.exchange ? [['exchange', node.facts.exchange.name] as [string, string]] : []),
    ...(node.facts.call ? [['call', node.facts.call.name] as [string, string]] : []),
  ])
  const taken = new Set<string>()
  for (const [kind, name] of claims) {
    named(graph, name, `a ${kind}`)
    const claim = `${kind} ${name}`
    if (taken.has(claim)) throw new TopologyError('NAME_TAKEN', graph.name, `two of its ${kind}s are called "${name}"`)
    taken.add(claim)
  }
}

const topicsOnce = (graph: Graph): void => {
  const read = new Set<string>()
  const known = new Map<string, TopicSpec>()
  for (const node of graph.nodes) {
    const source = node.facts.source
    if (source !== undefined) {
      if (read.has(source.topic.name)) {
        throw new TopologyError('TOPIC_TWICE', graph.name, `the topic "${source.topic.name}" is read twice`)
      }
      read.add(source.topic.name)
    }
    const topic = source?.topic ?? node.facts.sink?.topic
    if (topic === undefined) continue
    const before = known.get(topic.name)
    if (before && (before.key.name !== topic.key.name || before.value.name !== topic.value.name)) {
      const formats = [before, topic].map(({ key, value }) => `${key.name} -> ${value.name}`)
      throw new TopologyError('FORMATS_DIFFER', graph.name, `"${topic.name}" is both ${formats.join(' and ')}`)
    }
    known.set(topic.name, topic)
  }
}

/** Ends are sinks, exchanges and stores: whatever else nobody consumes has been forgotten. */
const noDeadEnds = (graph: Graph): void => {
  const consumed = new Set(graph.nodes.flatMap(node => node.inputs.map(edge => edge.from)))
  for (const node of graph.nodes) {
    const ends = node.facts.sink !== undefined || node.facts.effect === true || (node.facts.stores?.length ?? 0) > 0
    if (!ends && !consumed.has(node.id)) {
      throw new TopologyError('DEAD_END', `${graph.name}, ${node.id}`, 'nothing takes what comes out of it')
    }
  }
}

/** Own code may emit under another key; whatever needs equal keys in one task must not stand behind it. */
const keysKnown = (graph: Graph): void => {
  const byId = new Map(graph.nodes.map(node => [node.id, node]))
  const lost = (node: Node): Node | undefined => {
    if (node.facts.exchange || node.facts.source) return undefined
    if (node.facts.key === 'lost') return node
    for (const edge of node.inputs) {
      const found = lost(byId.get(edge.from)!)
      if (found) return found
    }
    return undefined
  }
  for (const node of graph.nodes) {
    if (!node.facts.together && !node.facts.stores?.length) continue
    for (const edge of node.inputs) {
      const culprit = lost(byId.get(edge.from)!)
      if (culprit) {
        throw new TopologyError(
          'KEY_LOST',
          `${graph.name}, ${node.id}`,
          `${culprit.id} may have changed the key, so equal keys need not meet in one task`,
        )
      }
    }
  }
}
