import type { Health, Pipeline, PipelineFigures, TopicFigures } from '../../../../dashboards/api/index.ts'
import { serviceOf } from '../../../../pipelines/desk/reports.ts'
import { description } from '../../../../topology/index.ts'
import type { Running } from '../../../host/index.ts'
import type { OpenedLog } from '../../open-log.ts'

/** Figures are rates since the last look, where that lies at least so far back. */
const rateMs = 1_000

/** A count that grows, seen now and then. */
class Rates {
  readonly #seen = new Map<string, { atMs: number; count: number; rate: number | null }>()

  /** Null at the first look: a rate lies between two. */
  of(name: string, count: number): number | null {
    const nowMs = performance.now()
    const before = this.#seen.get(name)
    if (before !== undefined && nowMs - before.atMs < rateMs) return before.rate
    const rate = before === undefined ? null : Math.max(0, ((count - before.count) * 1_000) / (nowMs - before.atMs))
    this.#seen.set(name, { atMs: nowMs, count, rate })
    return rate
  }
}

/** What there is to see of the running topologies. */
export const pipelineOf = ({ log, operations }: OpenedLog, running: readonly Running[]): Pipeline => {
  const rates = new Rates()
  const topics = async (): Promise<TopicFigures[]> =>
    Promise.all(
      (await operations.topics()).map(async ({ name, partitions }) => {
        const ends = await Promise.all(
          Array.from({ length: partitions }, (_, partition) => log.ends({ topic: name, partition })),
        )
        const written = ends.reduce((sum, { next }) => sum + next, 0)
        const records = ends.reduce((sum, { first, next }) => sum + next - first, 0)
        return { name, records, per_second: rates.of(`topic ${name}`, written) }
      }),
    )
  const readers = async (): Promise<PipelineFigures['readers']> => {
    const found = new Map<string, { group: string; topic: string; lag: number; position: number }>()
    for (const { watch } of running)
      for (const { group, topic, lag, position } of await watch.lags()) {
        const name = `${group} ${topic}`
        const before = found.get(name) ?? { group, topic, lag: 0, position: 0 }
        found.set(name, { group, topic, lag: before.lag + lag, position: before.position + position })
      }
    return [...found].map(([name, { group, topic, lag, position }]) => ({
      group,
      topic,
      lag,
      per_second: rates.of(name, position),
    }))
  }
  return {
    topologies: running.map(({ plan }) => description(plan)),
    async figures() {
      const stores = new Map<string, PipelineFigures['stores'][number]>()
      for (const { name: topology, watch } of running)
        for (const { store: name, entries } of watch.sizes()) {
          const keys = (stores.get(`${topology}/${name}`)?.keys ?? 0) + entries
          stores.set(`${topology}/${name}`, { topology, name, keys, bytes: null })
        }
      const calls = running.flatMap(({ name: topology, watch }) =>
        watch.waiting().map(({ call: name, records: pending }) => ({ topology, name, pending })),
      )
      return { topics: await topics(), readers: await readers(), stores: [...stores.values()], calls }
    },
  }
}

/** A topology whose connector failed so lately is degraded. */
const failedLatelyMs = 60_000

/** How each service is: by whether it runs, and by what its connectors said of late. */
export const healthOf = (running: readonly Running[], failedMs: ReadonlyMap<string, number>): Health => ({
  async services() {
    return Object.fromEntries(
      running.map(({ name, watch }) => {
        if (watch.trouble() !== undefined) return [serviceOf(name), 'unreachable'] as const
        const failed = performance.now() - (failedMs.get(name) ?? Number.NEGATIVE_INFINITY) < failedLatelyMs
        return [serviceOf(name), failed ? 'degraded' : 'healthy'] as const
      }),
    )
  },
})
