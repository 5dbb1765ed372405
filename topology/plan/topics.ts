import type { Facts, Graph, TopicSpec } from '../graph/graph.ts'
import { exchangeTopic, type InternalTopic, type Part } from './plan.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const changelogs = {
  /** A week: whoever comes back from a long weekend still finds every deletion. */
  tombstonesMs: 7 * dayMs,
  /** Windows come and go, so their changelogs close a segment at least this often to be cleaned. */
  segmentMsMin: hourMs,
  segmentMsMax: dayMs,
} as const

/** Small segments, so that what was purged soon leaves the disk. */
const exchangeSegmentBytes = 50 * 1024 * 1024

/** The topics that a part writes for the topology itself. */
export const internalTopics = (graph: Graph, parts: readonly Part[]): InternalTopic[] =>
  parts.flatMap(part => [...exchangesOf(graph, part), ...changelogsOf(part)])

const exchangesOf = (graph: Graph, { id, nodes }: Part): InternalTopic[] =>
  nodes
    .filter(({ role }) => role === 'writer')
    .map(({ node }) => ({
      name: exchangeTopic(graph.name, node.facts.exchange!.name),
      purpose: 'exchange',
      writer: id,
      partitions: node.facts.exchange!.partitions,
      cleanup: 'delete',
      segmentBytes: exchangeSegmentBytes,
      purged: true,
    }))

/** What a store lets expire, it deletes one by one: compaction alone keeps the changelog equal to the store. */
const changelogsOf = ({ id, stores }: Part): InternalTopic[] =>
  stores
    .filter(({ facts }) => facts.sourceTopic === undefined)
    .map(({ facts, changelog }) => ({
      name: changelog,
      purpose: 'changelog',
      writer: id,
      cleanup: 'compact',
      tombstonesMs: changelogs.tombstonesMs,
      segmentMs: facts.retentionMs === undefined ? undefined : segmentMs(facts.retentionMs),
      purged: false,
    }))

const segmentMs = (retentionMs: number): number =>
  Math.min(Math.max(retentionMs, changelogs.segmentMsMin), changelogs.segmentMsMax)

/** A topic that the topology reads or writes without owning it. Dead letters are bytes as they came, so they need no formats. */
export interface DeclaredTopic {
  readonly name: string
  readonly spec?: TopicSpec | undefined
  readonly partitions?: number | undefined
  /** It takes what could not be handled. */
  readonly deadLetters?: boolean | undefined
}

/** The declared topics that one node reads, writes or delivers. */
export const topicsOf = ({ source, sink, delivers }: Facts): readonly TopicSpec[] => {
  const topic = source?.topic ?? sink?.topic
  return topic ? [topic] : (delivers?.topics ?? [])
}

/** The declared topics that a graph reads or writes, dead letters and reports included. */
export const declaredTopics = (graph: Graph): DeclaredTopic[] => {
  const found = new Map<string, DeclaredTopic>()
  const add = (name: string, spec?: TopicSpec, deadLetters?: boolean) => {
    const before = found.get(name)
    const partitions = before?.partitions ?? spec?.partitions
    // Where several handles name a topic, the one that says what it keeps is heard.
    const known = before?.spec?.keeping ? before.spec : (spec?.keeping && spec) || before?.spec
    found.set(name, { name, spec: known ?? spec, partitions, deadLetters: deadLetters || before?.deadLetters })
  }
  for (const { facts } of graph.nodes) {
    for (const topic of topicsOf(facts)) add(topic.name, topic, facts.sink?.deadLetters)
    const policy = facts.source?.onError
    if (typeof policy === 'object') add(policy.deadLetter, undefined, true)
  }
  const { deadLetters, reports } = graph.errors
  if (deadLetters) add(deadLetters.name, deadLetters, true)
  if (reports) add(reports.name, reports)
  return [...found.values()]
}
