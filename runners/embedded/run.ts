import { setImmediate } from 'node:timers/promises'
import type { Topology } from '../../topology/index.ts'
import { plan } from '../../topology/plan/parts.ts'
import type { Log } from '../../topology/ports/log.ts'
import type { Observer } from '../../topology/ports/observer.ts'
import type { Registry } from '../../topology/ports/registry.ts'
import { BoundCalls, type CallFunction, type VersionedCall } from '../../topology/task/bound-calls.ts'
import { Worker } from '../../topology/task/worker.ts'

export interface RunOptions {
  readonly log: Log
  /** What answers the topology's calls, by their names. */
  readonly calls?: Readonly<Record<string, CallFunction | VersionedCall>>
  readonly observer?: Observer
  readonly registry?: Registry | undefined
  readonly commitIntervalMs?: number
  /** Of topics that are made at first use and do not say their own count. */
  readonly partitions?: number
}

/** Partitions of a topic that nobody said anything about. */
export const partitionsDefault = 4
/** An idle runner looks up this often, for timers and for its end. */
const idleWaitMs = 200

/** A topology at work on a data folder. */
export interface Running {
  readonly name: string
  /** Settles when the topology has ended: resolves after `stop`, rejects with what stopped it. */
  readonly ended: Promise<void>
  /** Commits what has been done and leaves. */
  stop(): Promise<void>
}

/**
 * Runs a topology on one machine, exactly once, with nothing else installed.
 * @example
 * const running = await run(wordCount, { log: EmbeddedLog.open('./data') })
 */
export const run = async (topology: Topology, options: RunOptions): Promise<Running> => {
  const { log, calls, observer, registry, commitIntervalMs, partitions } = options
  const worker = await Worker.start({
    plan: plan(topology.graph),
    log,
    instance: `process-${process.pid}`,
    clock: { now: () => Date.now() },
    registry,
    partitionsDefault: partitions ?? partitionsDefault,
    calls: calls && new BoundCalls(calls),
    ...(observer && { observer }),
    ...(commitIntervalMs !== undefined && { commitIntervalMs }),
  })
  let stopping = false
  const ended = (async () => {
    while (!stopping) {
      const { idle } = await worker.turn(idleWaitMs)
      // Everything on LMDB is synchronous: without this pause, signals and sockets would starve under load.
      if (!idle) await setImmediate()
    }
    await worker.stop()
  })()
  ended.catch(() => {})
  return {
    name: topology.name,
    ended,
    async stop() {
      stopping = true
      await ended
    },
  }
}
