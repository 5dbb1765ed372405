import { TopologyError } from '../../errors.ts'
import type { Graph, Node } from '../../graph/graph.ts'
import { sameCounts } from '../counts.ts'
import { exchangeTopic, type Meeting, type Part, type Plan } from '../plan.ts'
import { declaredTopics } from '../topics.ts'

/** Where equal keys must meet, their topics need equal partition counts and one way of writing keys. */
export const refuseMeetings = (plan: Plan): void => {
  const declared = [...declaredTopics(plan.graph), ...plan.topics]
  const counts = new Map(declared.flatMap(({ name, partitions }) => (partitions ? [[name, partitions]] : [])))
  const keys = keyFormats(plan.graph)
  for (const meeting of plan.parts.flatMap(part => part.meetings)) {
    sameKeys(plan, meeting, keys)
    sameCounts(plan, meeting, counts)
  }
}

/** How that part of the keys is written that decides their partition, for each topic that is read. */
const keyFormats = (graph: Graph): Map<string, string> => {
  const formats = new Map<string, string>()
  for (const { source, exchange } of graph.nodes.map(node => node.facts)) {
    if (source) formats.set(source.topic.name, placed(source.topic.key))
    if (exchange) formats.set(exchangeTopic(graph.name, exchange.name), placed(exchange.key))
  }
  return formats
}

const placed = ({ name, placedAs }: { readonly name: string; readonly placedAs?: string | undefined }): string =>
  placedAs ?? name

const sameKeys = (plan: Plan, { node, topics }: Meeting, keys: ReadonlyMap<string, string>): void => {
  if (new Set(topics.map(topic => keys.get(topic))).size < 2) return
  const each = topics.map(topic => `"${topic}" are written as ${keys.get(topic)}`).join(', those of ')
  throw new TopologyError('KEYS_DIFFER', `${plan.name}, ${node}`, `equal keys must meet in it, but keys of ${each}`)
}

/** Every instance keeps the whole of a global table and works its records off by itself: what they did would be done by each. */
export const refuseGlobals = (plan: Plan): void => {
  const globals = new Set<string>()
  for (const { facts } of plan.graph.nodes) {
    if (facts.source?.reads === 'all') for (const { name } of facts.stores ?? []) globals.add(name)
  }
  for (const { id, facts } of plan.graph.nodes) {
    const missing = (facts.globals ?? []).find(name => !globals.has(name))
    if (missing === undefined) continue
    throw new TopologyError(
      'GLOBAL_MISUSED',
      `${plan.name}, ${id}`,
      `there is no global table "${missing}" to look into`,
    )
  }
  for (const part of plan.parts) if (part.sources.some(({ reads }) => reads === 'all')) onlyKept(plan, part)
}

const acts = ({ facts }: Node): boolean =>
  facts.source?.reads !== 'all' &&
  Boolean(
    facts.source ??
      facts.sink ??
      facts.exchange ??
      facts.call ??
      facts.effect ??
      facts.together ??
      facts.stores?.length,
  )

const onlyKept = (plan: Plan, { nodes, sources }: Part): void => {
  const culprit = nodes.find(({ node }) => acts(node))
  if (culprit === undefined) return
  const global = sources.find(({ reads }) => reads === 'all')!
  const detail = `it stands behind the global table of "${global.topic}", so each instance would do its work again`
  throw new TopologyError('GLOBAL_MISUSED', `${plan.name}, ${culprit.node.id}`, detail)
}
