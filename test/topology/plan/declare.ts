import type {
  CallFacts,
  Facts,
  Graph,
  Node,
  SourceFacts,
  StoreFacts,
  TopicSpec,
} from '../../../topology/graph/graph.ts'
import { text } from '../../../topology/index.ts'

/** A topic by its words: `lines`, or `lines of 4` with its partition count. */
const spec = (words: string): TopicSpec => {
  const [name, count] = words.split(' of ')
  return { name: name!, key: text, value: text, partitions: count === undefined ? undefined : Number(count) }
}

interface Sketch
  extends Pick<Facts, 'together' | 'key' | 'globals' | 'effect' | 'arms' | 'holds'>,
    Partial<Pick<StoreFacts, 'window' | 'retentionMs' | 'version' | 'layout'>> {
  readonly source?: { readonly topic: string; readonly reads?: 'own' | 'all'; readonly connector?: string }
  readonly sink?: string
  /** A connector and the topics that it takes. */
  readonly delivers?: readonly [connector: string, ...topics: readonly string[]]
  readonly call?: string
  /** Where what the call fails at goes. */
  readonly unasked?: string
  readonly store?: string
}

type Sketched = readonly [kind: string, sketch: Sketch, ...inputs: readonly number[]]

const sourceFacts = ({ topic, reads = 'own', connector }: NonNullable<Sketch['source']>): SourceFacts => ({
  topic: spec(topic),
  reads,
  tombstones: 'keep',
  connector,
})

const callFacts = (name: string, version: number): CallFacts => {
  const limits = { inFlight: 1, timeoutMs: 1_000, attempts: 1, backoffMs: 0, fallback: true }
  return { name, version, ...limits }
}

const facts = ({
  source,
  sink,
  delivers,
  call,
  unasked,
  store,
  window,
  retentionMs,
  version,
  layout,
  ...others
}: Sketch): Facts => {
  const sourceTopic = source?.reads === 'all' ? source.topic : undefined
  const kept = { layout: layout ?? 'table text -> text', version: version ?? 1, window, retentionMs, sourceTopic }
  return {
    ...others,
    ...(source && { source: sourceFacts(source) }),
    ...(sink !== undefined && { sink: { topic: spec(sink) } }),
    ...(delivers && { delivers: { connector: delivers[0], topics: delivers.slice(1).map(spec) } }),
    ...(unasked !== undefined && { sink: { topic: spec(unasked), deadLetters: true } }),
    ...(call !== undefined && { call: callFacts(call, version ?? 1) }),
    ...(store !== undefined && { effect: true, stores: [{ name: store, key: text, value: text, ...kept }] }),
  }
}

/** A graph of nodes that are nothing but facts, for what no step of the library can be made to do. Inputs are places in the list. */
export const declare = (name: string, nodes: readonly Sketched[]): Graph => {
  const id = (place: number) => `${nodes[place]![0]} ${place + 1}`
  const edges = (inputs: readonly number[]) => inputs.map(input => ({ from: id(input), port: 'out' }))
  const nodeOf = ([kind, sketch, ...inputs]: Sketched, place: number): Node => ({
    id: id(place),
    kind,
    inputs: edges(inputs),
    open: undefined,
    facts: facts(sketch),
  })
  return { name, errors: { policy: 'fail' }, nodes: nodes.map(nodeOf) }
}
