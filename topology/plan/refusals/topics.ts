import { TopologyError } from '../../errors.ts'
import type { Graph, TopicSpec } from '../../graph/graph.ts'
import type { Plan } from '../plan.ts'
import { declaredTopics, topicsOf } from '../topics.ts'

/** What Kafka takes: letters, digits, dots, underscores and dashes, but no path such as `..`. */
const topicPattern = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/

export const refuseTopics = (graph: Graph): void => {
  if (!graph.nodes.some(({ facts }) => facts.source ?? facts.delivers)) {
    throw new TopologyError('EMPTY', graph.name, 'it reads no topic')
  }
  namesAndCounts(graph)
  readOnce(graph)
  oneFormat(graph)
  noDeadLetterLoop(graph)
}

const namesAndCounts = (graph: Graph): void => {
  for (const { name } of declaredTopics(graph)) {
    if (!topicPattern.test(name)) throw new TopologyError('TOPIC_NAME_WRONG', graph.name, `a topic is called "${name}"`)
  }
  for (const { name, partitions } of [
    ...declaredTopics(graph),
    ...graph.nodes.flatMap(({ facts }) => facts.exchange ?? []),
  ]) {
    if (partitions === undefined || (Number.isSafeInteger(partitions) && partitions > 0)) continue
    throw new TopologyError('OPTION_WRONG', `${graph.name}, ${name}`, `it has ${partitions} partitions, not 1 or more`)
  }
}

const readOnce = (graph: Graph): void => {
  const read = new Set<string>()
  for (const { facts } of graph.nodes) {
    const name = facts.source?.topic.name
    if (name === undefined) continue
    if (read.has(name)) throw new TopologyError('TOPIC_TWICE', graph.name, `the topic "${name}" is read twice`)
    read.add(name)
  }
  for (const { id, facts } of graph.nodes) {
    const names = (facts.delivers?.topics ?? []).map(topic => topic.name)
    const twice = names.find((name, at) => names.indexOf(name) !== at)
    if (twice !== undefined) throw new TopologyError('TOPIC_TWICE', `${graph.name}, ${id}`, `it takes "${twice}" twice`)
  }
}

const formatsOf = ({ key, value }: TopicSpec) => `${key.name} -> ${value.name}`

const oneFormat = (graph: Graph): void => {
  const known = new Map<string, TopicSpec>()
  const specs = graph.nodes.flatMap(({ facts }) => topicsOf(facts))
  for (const topic of [...specs, graph.errors.deadLetters, graph.errors.reports]) {
    if (topic === undefined) continue
    const before = known.get(topic.name) ?? topic
    if (formatsOf(before) !== formatsOf(topic)) {
      const both = `both ${formatsOf(before)} and ${formatsOf(topic)}`
      throw new TopologyError('FORMATS_DIFFER', graph.name, `"${topic.name}" is ${both}`)
    }
    known.set(topic.name, topic)
  }
}

/** A dead letter that its own source reads is a dead letter again, and again. */
const noDeadLetterLoop = (graph: Graph): void => {
  for (const { facts, id } of graph.nodes) {
    const policy = facts.source?.onError ?? graph.errors.policy
    if (typeof policy !== 'object' || policy.deadLetter !== facts.source?.topic.name) continue
    const detail = `its dead letters go to "${policy.deadLetter}", the topic that it reads`
    throw new TopologyError('DEAD_LETTER_LOOP', `${graph.name}, ${id}`, detail)
  }
}

/** Topics of the topology's own are written by its tasks alone. */
export const refuseInternalNames = ({ name, graph, topics }: Plan): void => {
  const declared = new Set(declaredTopics(graph).map(topic => topic.name))
  for (const topic of topics) {
    if (!declared.has(topic.name)) continue
    const detail = `the topic "${topic.name}" is declared, and one of its ${topic.purpose}s is called the same`
    throw new TopologyError('NAME_TAKEN', name, detail)
  }
}

/**
 * Refuses topologies that cannot share one log: two of one name, topics of their own that collide, a topic that two of
 * them write or read in different formats, or one that meddles with what belongs to another.
 * @example refuseTogether([plan(wordCount.graph), plan(copy.graph)])
 */
export const refuseTogether = (plans: readonly Plan[]): void => {
  const names = new Set<string>()
  const owners = new Map<string, Plan>()
  for (const plan of plans) {
    if (names.has(plan.name)) throw new TopologyError('NAME_TAKEN', plan.name, 'two topologies are called so')
    names.add(plan.name)
    for (const topic of plan.topics) {
      const owner = owners.get(topic.name)
      if (owner) {
        throw new TopologyError(
          'NAME_TAKEN',
          plan.name,
          `"${topic.name}" is the ${topic.purpose} of "${owner.name}" too`,
        )
      }
      owners.set(topic.name, plan)
    }
  }
  const known = new Map<string, { plan: Plan; spec: TopicSpec }>()
  for (const plan of plans) {
    for (const { name, spec } of declaredTopics(plan.graph)) {
      const owner = owners.get(name)
      if (owner) throw new TopologyError('NAME_TAKEN', plan.name, `"${name}" belongs to the topology "${owner.name}"`)
      if (spec === undefined) continue
      const before = known.get(name)
      if (before && formatsOf(before.spec) !== formatsOf(spec)) {
        const detail = `"${name}" is ${formatsOf(spec)} here, and ${formatsOf(before.spec)} in "${before.plan.name}"`
        throw new TopologyError('FORMATS_DIFFER', plan.name, detail)
      }
      known.set(name, { plan, spec })
    }
  }
}
