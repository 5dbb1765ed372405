import { exchangeTopic, type Plan } from '../../../topology/plan/plan.ts'
import type { EmbeddedLog } from '../../embedded/log.ts'

export interface NodeFigures {
  readonly id: string
  readonly kind: string
  readonly part: number
  readonly note: string | undefined
  readonly inputs: readonly string[]
  readonly stores: readonly string[]
  /** The topic that it reads or writes. */
  readonly topic: string | undefined
}

export interface TopicFigures {
  readonly name: string
  readonly records: number
  readonly perSecond: number
  /** Records that the topology has not taken yet; undefined where it only writes. */
  readonly lag: number | undefined
}

/** Rates are means over this much. */
const windowMs = 5_000

/** What the page shows: the graph as planned, and of each topic how much it holds, how fast it grows and what waits. */
export class Figures {
  readonly name: string
  readonly nodes: readonly NodeFigures[]
  readonly #log: EmbeddedLog
  readonly #plan: Plan
  readonly #samples = new Map<string, { readonly timeMs: number; readonly records: number }[]>()

  constructor(plan: Plan, log: EmbeddedLog) {
    this.name = plan.name
    this.#plan = plan
    this.#log = log
    this.nodes = plan.graph.nodes.map(({ id, kind, inputs, facts }) => ({
      id,
      kind,
      part: plan.parts.findIndex(part => part.nodes.some(({ node, role }) => node.id === id && role !== 'reader')),
      note: facts.note,
      inputs: inputs.map(({ from, port }) => (port === 'out' ? from : `${from} (${port})`)),
      stores: (facts.stores ?? []).map(({ name }) => name),
      topic:
        facts.source?.topic.name ??
        facts.sink?.topic.name ??
        (facts.exchange && exchangeTopic(plan.name, facts.exchange.name)),
    }))
  }

  topics(): TopicFigures[] {
    const read = new Set(this.#plan.parts.flatMap(part => part.sources.map(({ topic }) => topic)))
    const names = new Set(this.nodes.flatMap(({ topic }) => topic ?? []))
    return [...names].flatMap(name => {
      const partitions = this.#log.topics.get(name)?.partitions
      if (partitions === undefined) return []
      const ends = Array.from({ length: partitions }, (_, partition) =>
        this.#log.topics.end({ topic: name, partition }),
      )
      const records = ends.reduce((sum, end) => sum + end, 0)
      const taken = ends.reduce(
        (sum, _, partition) => sum + this.#log.position(this.name, { topic: name, partition }),
        0,
      )
      return [
        { name, records, perSecond: this.#rate(name, records), lag: read.has(name) ? records - taken : undefined },
      ]
    })
  }

  #rate(name: string, records: number): number {
    const timeMs = performance.now()
    const samples = [...(this.#samples.get(name) ?? []), { timeMs, records }].filter(
      sample => timeMs - sample.timeMs <= windowMs,
    )
    this.#samples.set(name, samples)
    const first = samples[0]!
    return timeMs === first.timeMs ? 0 : ((records - first.records) * 1_000) / (timeMs - first.timeMs)
  }
}
