import type { Topology } from '../../topology/index.ts'
import { plan } from '../../topology/plan/parts.ts'
import type { Plan } from '../../topology/plan/plan.ts'
import type { Log } from '../../topology/ports/log.ts'
import type { Observer } from '../../topology/ports/observer.ts'
import type { Registry } from '../../topology/ports/registry.ts'
import { BoundCalls } from '../../topology/task/bound-calls.ts'
import { type Codecs, openCodecs } from '../../topology/task/codecs.ts'
import { ensureTopics } from '../../topology/task/topics.ts'
import { Worker } from '../../topology/task/worker.ts'
import { type Bindings, type Part, partsOf, refuseUnbound } from './bindings.ts'
import { type PauseLimits, pausesDefault } from './pauses.ts'
import { Queries, type StoreQuery } from './query.ts'
import { HostedSink } from './sink/hosted-sink.ts'
import { HostedSource } from './source/hosted-source.ts'
import { steadyClock } from './steady-clock.ts'
import { type Hosted, hostTasks } from './tasks.ts'
import { counting } from './watch/figures.ts'
import { Watch } from './watch/watch.ts'
import type { World } from './world.ts'

export interface RunOptions extends Bindings {
  readonly log: Log
  readonly registry?: Registry | undefined
  readonly observer?: Observer | undefined
  /** Names this process among those that run the topology on one log. */
  readonly instance?: string | undefined
  readonly commitIntervalMs?: number | undefined
  /** Of topics that are made at first use and do not say their own count; `refuse`: none is made. */
  readonly partitions?: number | 'refuse' | undefined
  /** What of the topology is run here; all of it unless it is said. */
  readonly only?: readonly Part[] | undefined
  /** How long is waited after a connector has failed. */
  readonly pauses?: PauseLimits | undefined
}

/** Partitions of a topic that nobody said anything about. */
export const partitionsDefault = 4

/** A topology at work. */
export interface Running {
  readonly name: string
  readonly plan: Plan
  /** What there is to see of it. */
  readonly watch: Watch
  /** The stores that can be asked, by name. */
  stores(): readonly string[]
  /**
   * Looks into a store while it runs: committed values only.
   * @example running.query('words').get('be')
   */
  query(store: string): StoreQuery
  /** Settles when the topology has ended: resolves after `stop`, rejects with what stopped it. */
  readonly ended: Promise<void>
  /** Commits what has been done and leaves. */
  stop(): Promise<void>
}

/**
 * Runs a topology on a log, exactly once: its tasks, and the connectors that fill and take its topics.
 * @example
 * const running = await run(wordCount, { log: EmbeddedLog.open('./data') })
 */
export const run = async (topology: Topology, options: RunOptions): Promise<Running> => {
  const planned = plan(topology.graph)
  const parts = options.only ?? partsOf(planned)
  refuseUnbound(planned, parts, options)
  const { observer = {}, registry, partitions = partitionsDefault } = options
  const ownCount = partitions === 'refuse' ? undefined : partitions
  const watch = new Watch(planned, options.log)
  const world: World = {
    ...{ plan: planned, log: watch.log, registry, partitionsDefault: ownCount },
    observer: counting(watch.figures, observer),
    instance: options.instance ?? `process-${process.pid}`,
    counts: await ensureTopics(planned, options.log, ownCount),
    pauses: options.pauses ?? pausesDefault,
  }
  const codecs = await openCodecs(planned, registry)
  const hosted: Hosted[] = []
  try {
    for (const start of starts(world, parts, codecs, options)) hosted.push(await start())
  } catch (error) {
    await stopAll(hosted)
    throw error
  }
  return runningOf(watch, new Queries(watch, codecs, world.counts), hosted)
}

/** In the order in which records pass: whoever takes them is there before they come. */
const starts = (
  world: World,
  parts: readonly Part[],
  codecs: Codecs,
  options: RunOptions,
): (() => Promise<Hosted>)[] => {
  const { graph } = world.plan
  const has = (kind: 'source' | 'sink', name: string) =>
    parts.some(part => typeof part === 'object' && kind in part && Object.values(part)[0] === name)
  const sinks = graph.nodes.flatMap(({ facts: { delivers } }) =>
    delivers !== undefined && has('sink', delivers.connector)
      ? [
          async () =>
            HostedSink.start(
              world,
              delivers.connector,
              delivers.topics.map(({ name }) => name),
              codecs,
              options.sinks![delivers.connector]!,
            ),
        ]
      : [],
  )
  const sources = graph.nodes.flatMap(({ facts: { source } }) =>
    source?.connector !== undefined && has('source', source.connector)
      ? [
          async () =>
            HostedSource.start(
              world,
              source.connector!,
              source.topic.name,
              codecs.get(source.topic.name)!,
              options.sources![source.connector!]!,
            ),
        ]
      : [],
  )
  return [...sinks, ...(parts.includes('tasks') ? [() => startTasks(world, options)] : []), ...sources]
}

const startTasks = async (world: World, { calls, commitIntervalMs }: RunOptions): Promise<Hosted> =>
  hostTasks(
    await Worker.start({
      ...world,
      clock: steadyClock(),
      calls: calls && new BoundCalls(calls),
      ...(commitIntervalMs !== undefined && { commitIntervalMs }),
    }),
  )

/** All at once, for what one leaves undone stands in the log. Gives what went wrong. */
const stopAll = async (hosted: readonly Hosted[]): Promise<unknown[]> => {
  const stopped = await Promise.allSettled(hosted.map(each => each.stop()))
  return stopped.flatMap(each => (each.status === 'rejected' ? [each.reason] : []))
}

const runningOf = (watch: Watch, queries: Queries, hosted: readonly Hosted[]): Running => {
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopAll(hosted).then(([first]) => {
      if (first !== undefined) throw first
    })
    return stopping
  }
  // Where one part ends, the others would go on without it: they stop, and what ended it is told.
  const ended = Promise.race(hosted.map(each => each.ended)).then(stop, async error => {
    watch.ended = { error }
    await stop().catch(() => {})
    throw error
  })
  ended.catch(() => {})
  const { plan } = watch
  return {
    ...{ name: plan.name, plan, watch, ended, stop },
    stores: () => queries.names,
    query: store => queries.query(store),
  }
}
