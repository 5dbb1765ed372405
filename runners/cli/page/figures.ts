import { exchangeTopic } from '../../../topology/plan/plan.ts'
import type { Running } from '../../host/index.ts'
import { partitionsOf } from '../topic.ts'

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
export class PipelineFigures {
  readonly nodes: readonly NodeFigures[]
  readonly #running: Running
  readonly #samples = new Map<string, { readonly timeMs: number; readonly records: number }[]>()

  constructor(running: Running) {
    this.#running = running
    const { plan } = running
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

  async topics(): Promise<TopicFigures[]> {
    const { plan, watch } = this.#running
    const read = new Set(plan.parts.flatMap(part => part.sources.map(({ topic }) => topic)))
    const lags = await watch.lags()
    const figures: TopicFigures[] = []
    for (const name of new Set(this.nodes.flatMap(({ topic }) => topic ?? []))) {
      const topic = await watch.log.topic(name)
      if (topic === undefined) continue
      const ends = await Promise.all(
        partitionsOf({ name, partitions: topic.partitions }).map(partition => watch.log.ends(partition)),
      )
      const records = ends.reduce((sum, { next }) => sum + next, 0)
      const waiting = lags.filter(lag => lag.topic === name && lag.group === plan.name)
      const lag = read.has(name) ? waiting.reduce((sum, { lag }) => sum + lag, 0) : undefined
      figures.push({ name, records, perSecond: this.#rate(name, records), lag })
    }
    return figures
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
