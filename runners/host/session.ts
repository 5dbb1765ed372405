import type { Topology } from '../../topology/index.ts'
import type { Log } from '../../topology/ports/log.ts'
import type { Observer } from '../../topology/ports/observer.ts'
import type { Registry } from '../../topology/ports/registry.ts'
import { within } from './bell.ts'
import type { Bindings, Part } from './bindings.ts'
import { hostRoutes } from './http/routes.ts'
import { type Route, type Served, serve } from './http/server.ts'
import { type Running, type RunOptions, run } from './run.ts'

/** What a signal to stop leaves for stopping: whoever sent it will not wait longer than ten seconds. */
const stopDeadlineMs = 9_000

/** Something does not end: the process has to. */
export class StoppedLate extends Error {
  override readonly name = 'StoppedLate'
}

export interface SessionOptions {
  readonly log: Log
  readonly topologies: readonly Topology[]
  readonly bindings?: Bindings
  readonly registry?: Registry | undefined
  readonly instance?: string | undefined
  readonly commitIntervalMs?: number | undefined
  readonly partitions?: RunOptions['partitions']
  /** What of each topology is run here, by its name; what is not named is not run. Else all of all. */
  readonly parts?: ReadonlyMap<string, readonly Part[]> | undefined
  readonly observer?: ((topology: string) => Observer) | undefined
  /** Where a topology ends by an error, the others: stop with it, or go on, and health says what is missing. */
  readonly onError?: 'stop all' | 'go on' | undefined
  /** One server for figures, health, stores, and whatever else has routes. */
  readonly http?: SessionHttp | undefined
}

export interface SessionHttp {
  readonly port: number
  readonly host?: string | undefined
  readonly flag?: string | undefined
  /** Come before those of the host. */
  readonly routes?: (running: readonly Running[]) => readonly Route[]
}

/** Topologies at work in one process, on one log. */
export interface Session {
  readonly running: readonly Running[]
  /** Where figures, health and stores are served, if they are. */
  readonly url: string | undefined
  /** Rejects with the first error that ends a topology, where that ends all; resolves when all have stopped. */
  readonly ended: Promise<void>
  /** Commits and leaves; rejects with StoppedLate when that takes too long. */
  stop(): Promise<void>
}

/**
 * Runs several topologies on one log, with one HTTP server for what there is to see of them.
 * @example const session = await openSession({ log, topologies: [etikett, absturz], bindings, http: { port: 0 } })
 */
export const openSession = async (options: SessionOptions): Promise<Session> => {
  const running: Running[] = []
  const served = await serving(options, running)
  try {
    for (const topology of options.topologies) {
      const only = options.parts?.get(topology.name)
      if (options.parts !== undefined && only === undefined) continue
      running.push(await run(topology, { ...options.bindings, ...runOptions(options, topology.name), only }))
    }
  } catch (error) {
    await Promise.allSettled(running.map(each => each.stop()))
    await served?.close()
    throw error
  }
  return sessionOf(options, running, served)
}

const runOptions = (options: SessionOptions, topology: string): RunOptions => {
  const { log, registry, instance, commitIntervalMs, partitions, observer } = options
  return { log, registry, instance, commitIntervalMs, partitions, observer: observer?.(topology) }
}

const serving = async (
  { http, observer }: SessionOptions,
  running: readonly Running[],
): Promise<Served | undefined> => {
  if (http === undefined) return undefined
  const { port, host, flag, routes } = http
  const isHere = host === undefined || ['127.0.0.1', '::1', 'localhost'].includes(host)
  return serve({
    ...{ port, host, flag },
    routes: [...(routes?.(running) ?? []), ...hostRoutes(running, { stores: isHere })],
    wrong: message => observer?.('http').note?.('error', message),
  })
}

const sessionOf = (
  { onError, observer }: SessionOptions,
  running: readonly Running[],
  served: Served | undefined,
): Session => {
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopAll(running, served)
    return stopping
  }
  const ends = running.map(({ name, ended }) =>
    ended.catch(error => {
      observer?.(name).note?.('error', `it has ended: ${error instanceof Error ? error.message : error}`)
      if (onError !== 'go on') throw error
    }),
  )
  const ended = Promise.all(ends).then(
    () => stop(),
    async error => {
      await stop().catch(() => {})
      throw error
    },
  )
  ended.catch(() => {})
  return { running, url: served?.url, ended, stop }
}

const stopAll = async (running: readonly Running[], served: Served | undefined): Promise<void> => {
  // What ended a topology was told when it did.
  const stopped = Promise.all(running.map(each => each.stop().catch(() => {})))
  const inTime = await within(stopped, stopDeadlineMs)
  await served?.close()
  if (inTime) return
  const late = running.map(({ name }) => name).join(', ')
  throw new StoppedLate(`${late} did not stop within ${stopDeadlineMs / 1_000} s; what was committed is there`)
}
