// The desk at work. Owns: which of its parts run here, what they are bound to, and the order of start and stop.
// Does not own: the log and the registry (whoever starts it), what a topology does (the host).

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { File } from '../../../pipelines/desk/akte.ts'
import { desk } from '../../../pipelines/desk/desk.ts'
import type { ApiMessage } from '../../../schemas/desk/generated/desk.ts'
import type { OpenRegistry } from '../../../schemas/index.ts'
import type { Topology } from '../../../topology/index.ts'
import { plan } from '../../../topology/plan/parts.ts'
import type { Observer } from '../../../topology/ports/observer.ts'
import { type OpenDatabase, openDatabase } from '../../connectors/postgres/index.ts'
import { type Bindings, type Logs, type Part, partsOf, type Running, run } from '../../host/index.ts'
import { CommandError } from '../command.ts'
import { partsFor } from '../only.ts'
import type { OpenedLog } from '../open-log.ts'
import { deskBindings } from './bindings.ts'
import type { DemoOptions } from './demo.ts'
import type { DeskSettings } from './settings.ts'
import { makeTopics } from './topics.ts'

export interface DeskOptions {
  readonly opened: OpenedLog
  readonly registry: OpenRegistry
  readonly settings: DeskSettings
  /** Where PGlite keeps its files, where there is no other database. */
  readonly data: string
  /** Topologies or connectors, by name; all that are bound unless told. */
  readonly only?: readonly string[] | undefined
  readonly demo?: DemoOptions | undefined
  readonly logs: Logs
  readonly commitIntervalMs?: number | undefined
}

export interface RunningDesk {
  readonly running: readonly Running[]
  readonly database: OpenDatabase
  /** When a connector of a topology last failed. */
  readonly failedMs: ReadonlyMap<string, number>
  fileOf(ticketId: string): File | undefined
  filedBefore(ticketId: string): ApiMessage | undefined
  /** Rejects with what ended one of its services. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Starts the services of the desk, those whose connectors are bound. */
export const runDesk = async (options: DeskOptions): Promise<RunningDesk> => {
  const { opened, registry, settings, logs } = options
  const topologies = desk(settings.taxonomy, settings.failureTopics)
  await makeTopics(opened, topologies)
  const database = openDatabase({
    url: settings.databaseUrl,
    folder: join(options.data, 'postgres'),
    note: (level, message) => logs.say(level, message),
  })
  const running: Running[] = []
  const failedMs = new Map<string, number>()
  const fileOf = (ticketId: string) => ask<File>(running, 'akte', 'akte', ticketId)
  const bindings = deskBindings(settings, {
    ...{ database, demo: options.demo },
    numberOf: (ticketId, signal) => numberOf(() => fileOf(ticketId), signal),
  })
  const stop = async (): Promise<void> => {
    // The last started is where tickets come in.
    for (const each of [...running].reverse()) await each.stop().catch(error => logs.say('error', String(error)))
    await database.close()
  }
  try {
    for (const [topology, only] of chosen(topologies, bindings, options.only ?? [])) {
      const { log, partitionsDefault: partitions = 'refuse' } = opened
      const { commitIntervalMs } = options
      const observer = observerOf(topology.name, logs, failedMs)
      running.push(await run(topology, { ...bindings, log, registry, only, observer, partitions, commitIntervalMs }))
    }
  } catch (error) {
    await stop()
    throw error
  }
  const ended = Promise.race(running.map(each => each.ended))
  ended.catch(() => {})
  const filedBefore = (ticketId: string) => ask<ApiMessage>(running, 'api-aufbereitung', 'filed-tickets', ticketId)
  return { running, database, failedMs, fileOf, filedBefore, ended, stop }
}

/** Exporters first and intake last: whoever takes a ticket is there before it comes. */
const chosen = (
  topologies: readonly Topology[],
  bindings: Bindings,
  only: readonly string[],
): (readonly [Topology, readonly Part[]])[] => {
  const isBound = (part: Part): boolean =>
    part === 'tasks' ||
    ('source' in part ? bindings.sources?.[part.source] !== undefined : bindings.sinks?.[part.sink] !== undefined)
  const plans = topologies.map(({ graph }) => plan(graph))
  const wanted = partsFor(plans, only)
  const found = topologies.map((topology, at) => {
    const parts = wanted === undefined ? partsOf(plans[at]!) : (wanted.get(topology.name) ?? [])
    return [topology, parts.filter(isBound)] as const
  })
  const running = found.filter(([, parts]) => parts.length > 0).reverse()
  if (running.length > 0) return running
  throw new CommandError(
    'usage',
    `--only ${only.join(', ')}: nothing says where that is. \`franz start\` tells what to set.`,
  )
}

const observerOf = (topology: string, logs: Logs, failedMs: Map<string, number>): Observer => {
  const observer = logs.observer(topology)
  return {
    ...observer,
    note(level, message, fields) {
      if (level !== 'info') failedMs.set(topology, performance.now())
      observer.note?.(level, message, fields)
    },
    delivered: () => void failedMs.delete(topology),
    brought: () => void failedMs.delete(topology),
  }
}

/** A store of a running topology, asked; undefined where it does not run here or is not open yet. */
const ask = <V>(running: readonly Running[], topology: string, store: string, key: string): V | undefined => {
  const found = running.find(({ name }) => name === topology)
  if (found === undefined) return undefined
  try {
    return found.query(store).get(key) as V | undefined
  } catch {
    return undefined
  }
}

const lookMs = 25

const numberOf = async (file: () => File | undefined, signal: AbortSignal): Promise<number | undefined> => {
  while (!signal.aborted) {
    const number = file()?.number
    if (typeof number === 'number') return number
    await pause(lookMs, undefined, { signal }).catch(() => {})
  }
  return undefined
}
