import type { Description, PipelineAnswer } from '../server/types.ts'

/** What stands in the drawing: a topic, a service between topics, or something outside that a connector reaches. */
export interface FlowNode {
  readonly id: string
  readonly kind: 'topic' | 'dead' | 'service' | 'outside'
  readonly name: string
  readonly says: string
}

export interface FlowEdge {
  readonly from: string
  readonly to: string
  /** Undefined until the server has looked twice. */
  readonly perSecond: number | undefined
  /** What waits to be read; undefined where it is written. */
  readonly lag: number | undefined
}

export interface Flow {
  readonly nodes: readonly FlowNode[]
  readonly edges: readonly FlowEdge[]
}

const topicId = (name: string) => `topic ${name}`
const serviceId = (name: string) => `service ${name}`

/** The services and topics of all topologies, joined by their topics, with the figures of this moment. */
export const flowOf = (answer: PipelineAnswer, withFailures: boolean): Flow => {
  const rates = new Map(answer.topics.map(({ name, per_second }) => [name, per_second]))
  const dead = new Set(
    answer.topologies.flatMap(({ topics }) =>
      topics.flatMap(({ name, deadLettersOf }) => (deadLettersOf.length > 0 ? [name] : [])),
    ),
  )
  const nodes = new Map<string, FlowNode>()
  const edges = new Map<string, FlowEdge>()
  const add = (edge: FlowEdge) => edges.set(`${edge.from} > ${edge.to}`, edge)
  const topic = (name: string) => {
    const records = answer.topics.find(one => one.name === name)?.records
    const kind = dead.has(name) ? 'dead' : 'topic'
    nodes.set(topicId(name), { id: topicId(name), kind, name, says: records === undefined ? '' : String(records) })
    return topicId(name)
  }
  const reader = (group: string, name: string) => answer.readers.find(one => one.topic === name && one.group === group)

  for (const description of answer.topologies) {
    const own = serviceId(description.topology)
    const inside = insideOf(description)
    if (inside.isAtWork) nodes.set(own, { id: own, kind: 'service', name: description.topology, says: inside.says })
    for (const { name, purpose, readBy, writtenBy, deadLettersOf, reports } of description.topics) {
      if (purpose !== 'declared') continue
      const rate = rates.get(name) ?? undefined
      if (readBy.some(id => inside.steps.has(id))) {
        const found = reader(description.topology, name)
        add({ from: topic(name), to: own, perSecond: found?.per_second ?? rate, lag: found?.lag ?? 0 })
      }
      if (writtenBy.some(id => inside.writers.has(id)) || (withFailures && (deadLettersOf.length > 0 || reports)))
        add({ from: own, to: topic(name), perSecond: rate, lag: undefined })
    }
    for (const { name, direction, topic: of } of description.connectors) {
      const id = `outside ${description.topology} ${name}`
      nodes.set(id, { id, kind: 'outside', name, says: direction })
      const found = reader(`${description.topology}.${name}`, of)
      if (direction === 'source')
        add({ from: id, to: topic(of), perSecond: rates.get(of) ?? undefined, lag: undefined })
      else
        add({
          from: topic(of),
          to: id,
          perSecond: found?.per_second ?? rates.get(of) ?? undefined,
          lag: found?.lag ?? 0,
        })
    }
  }
  const all = [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to))
  return { nodes: [...nodes.values()], edges: all }
}

/** Steps that do something themselves: connectors are drawn as what they reach. */
const insideOf = ({ parts, connectors, stores, calls }: Description) => {
  const outside = new Set(connectors.map(({ node }) => node))
  const nodes = parts.flatMap(part => part.nodes)
  const steps = new Set(nodes.filter(({ id, reads }) => !outside.has(id) || reads !== null).map(({ id }) => id))
  const writers = new Set(nodes.filter(({ id }) => !outside.has(id)).map(({ id }) => id))
  const working = nodes.filter(({ kind }) => kind !== 'source')
  const isAtWork = working.some(({ id }) => !outside.has(id))
  const says = [
    ...(stores.length > 0 ? [`${stores.length} ⛁`] : []),
    ...(calls.length > 0 ? [calls.map(({ name }) => name).join(', ')] : []),
  ].join(' · ')
  return { steps, writers, isAtWork, says }
}
