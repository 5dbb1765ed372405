import { TopologyError } from '../../errors.ts'
import type { Graph, Node } from '../../graph/graph.ts'

/** What flows must come from somewhere known and end somewhere meant. */
export const refuseFlow = (graph: Graph): void => {
  noDeadEnds(graph)
  noLostArms(graph)
  keysKnown(graph)
}

/** Ends are sinks, tables and what is said to be one; a call's answer wants a consumer even where its failures have a sink. */
const noDeadEnds = (graph: Graph): void => {
  const consumed = new Set(graph.nodes.flatMap(node => node.inputs.map(edge => edge.from)))
  for (const { id, facts } of graph.nodes) {
    const ends =
      facts.effect === true || facts.delivers !== undefined || (facts.sink !== undefined && facts.call === undefined)
    // The next check names the arms of a branch, each of which is a dead end then.
    if (ends || consumed.has(id) || facts.arms !== undefined) continue
    const what = facts.source
      ? `the topic "${facts.source.topic.name}" is read, and nothing takes its records`
      : undefined
    throw new TopologyError('DEAD_END', `${graph.name}, ${id}`, what ?? 'nothing takes what comes out of it')
  }
}

const noLostArms = (graph: Graph): void => {
  const consumed = new Set(graph.nodes.flatMap(node => node.inputs.map(edge => `${edge.port} of ${edge.from}`)))
  for (const { id, facts } of graph.nodes) {
    const lost = (facts.arms ?? []).filter(arm => !consumed.has(`${arm} of ${id}`)).map(arm => `"${arm}"`)
    if (lost.length === 0) continue
    const arms = lost.length === 1 ? `its arm ${lost[0]}` : `its arms ${lost.join(' and ')}`
    throw new TopologyError('ARM_LOST', `${graph.name}, ${id}`, `nothing takes what comes out of ${arms}`)
  }
}

/** Own code may emit under another key; whatever needs equal keys in one task must not stand behind it. */
const keysKnown = (graph: Graph): void => {
  const byId = new Map(graph.nodes.map(node => [node.id, node]))
  const culprits = new Map<string, Node | undefined>()
  const lostBy = (node: Node): Node | undefined => {
    if (node.facts.exchange || node.facts.source) return undefined
    if (node.facts.key === 'lost') return node
    if (!culprits.has(node.id)) culprits.set(node.id, first(node))
    return culprits.get(node.id)
  }
  const first = (node: Node): Node | undefined => {
    for (const edge of node.inputs) {
      const found = lostBy(byId.get(edge.from)!)
      if (found) return found
    }
    return undefined
  }
  for (const node of graph.nodes) {
    if (!node.facts.together && !node.facts.stores?.length) continue
    const culprit = first(node)
    if (culprit === undefined) continue
    const detail = `${culprit.id} may have changed the key, so equal keys need not meet in one task`
    throw new TopologyError('KEY_LOST', `${graph.name}, ${node.id}`, detail)
  }
}
