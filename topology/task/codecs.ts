import type { Graph } from '../graph/graph.ts'
import { plan } from '../plan/parts.ts'
import { exchangeTopic, type Plan } from '../plan/plan.ts'
import { topicsOf } from '../plan/topics.ts'
import type { Codec, Format } from '../ports/codec.ts'
import type { Registry } from '../ports/registry.ts'

export interface CodecPair {
  readonly key: Codec<unknown, unknown>
  readonly value: Codec<unknown, unknown>
}

/** The opened codecs of every topic that a plan touches, by topic: a store's stand under its changelog. */
export type Codecs = ReadonlyMap<string, CodecPair>

type AnyFormat = Format<unknown, never>

export const openCodecs = async (plan: Plan, registry: Registry | undefined): Promise<Codecs> => {
  const pairs = new Map<string, Promise<CodecPair>>()
  const written = new Set(plan.graph.nodes.map(({ facts }) => facts.sink?.topic.name))
  const read = new Set(plan.graph.nodes.map(({ facts }) => facts.source?.topic.name))
  const open = async (topic: string, key: AnyFormat, value: AnyFormat): Promise<CodecPair> => {
    const use = read.has(topic) && !written.has(topic) ? 'read' : undefined
    return {
      key: (await key.open({ topic, part: 'key', use }, registry)) as Codec<unknown, unknown>,
      value: (await value.open({ topic, part: 'value', use }, registry)) as Codec<unknown, unknown>,
    }
  }
  const add = (topic: string, key: AnyFormat, value: AnyFormat) => {
    if (!pairs.has(topic)) pairs.set(topic, open(topic, key, value))
  }
  for (const { facts } of plan.graph.nodes) {
    for (const { name, key, value } of topicsOf(facts)) add(name, key, value)
    if (facts.exchange) add(exchangeTopic(plan.name, facts.exchange.name), facts.exchange.key, facts.exchange.value)
  }
  for (const { changelog, facts } of plan.parts.flatMap(part => part.stores)) add(changelog, facts.key, facts.value)
  const { reports } = plan.graph.errors
  if (reports) add(reports.name, reports.key, reports.value)
  return new Map(await Promise.all([...pairs].map(async ([topic, pair]) => [topic, await pair] as const)))
}

/**
 * Opens every format of a topology, as a runner does at its start: what a registry does not have, and does not take, is found
 * out before anything runs.
 * @example await openFormats(wordCount, registry)
 */
export const openFormats = async (topology: { readonly graph: Graph }, registry: Registry): Promise<void> => {
  await openCodecs(plan(topology.graph), registry)
}
