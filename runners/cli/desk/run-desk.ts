// The desk at work. Owns: which of its parts run here, what they are bound to, and the order of start and stop.
// Does not own: the log and the registry (whoever starts it), what a topology does (the host).

import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { File } from '../../../pipelines/desk/akte.ts'
import { desk } from '../../../pipelines/desk/desk.ts'
import type { ApiMessage } from '../../../schemas/desk/generated/desk.ts'
import { discordChannels, ticketsUnnumbered } from '../../../schemas/desk/topics.ts'
import type { OpenRegistry } from '../../../schemas/index.ts'
import type { Topology } from '../../../topology/index.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { declaredTopics } from '../../../topology/plan/topics.ts'
import type { Note } from '../../../topology/ports/connectors.ts'
import type { Observer } from '../../../topology/ports/observer.ts'
import { type OpenDatabase, openDatabase } from '../../connectors/postgres/index.ts'
import { type Bindings, type Part, partitionsDefault, partsOf, type Running, run } from '../../host/index.ts'
import { CommandError, nearest } from '../command.ts'
import type { OpenedLog } from '../open-log.ts'
import { deskBindings, keptForAWhile } from './bindings.ts'
import type { DemoOptions } from './demo.ts'
import type { DeskSettings } from './settings.ts'

export interface DeskOptions {
  readonly opened: OpenedLog
  readonly registry: OpenRegistry
  readonly settings: DeskSettings
  /** Where PGlite keeps its files, where there is no other database. */
  readonly data: string
  /** Topologies or connectors, by name; all that are bound unless told. */
  readonly only?: readonly string[] | undefined
  readonly demo?: DemoOptions | undefined
  readonly note: Note
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
  const { opened, registry, settings, note } = options
  const topologies = desk(settings.taxonomy)
  await makeTopics(opened, topologies)
  const database = openDatabase({ url: settings.databaseUrl, folder: join(options.data, 'postgres'), note })
  const running: Running[] = []
  const failedMs = new Map<string, number>()
  const fileOf = (ticketId: string) => ask<File>(running, 'akte', 'akte', ticketId)
  const bindings = deskBindings(settings, {
    ...{ database, demo: options.demo },
    numberOf: (ticketId, signal) => numberOf(() => fileOf(ticketId), signal),
  })
  const stop = async (): Promise<void> => {
    // The last started is where tickets come in.
    for (const each of [...running].reverse()) await each.stop().catch(error => note('error', String(error)))
    await database.close()
  }
  try {
    for (const [topology, only] of chosen(topologies, bindings, options.only)) {
      const { log, partitionsDefault: partitions = 'refuse' } = opened
      const { commitIntervalMs } = options
      const observer = observerOf(topology.name, note, failedMs)
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
  only: readonly string[] | undefined,
): (readonly [Topology, readonly Part[]])[] => {
  const nameOf = (part: Part): string => (part === 'tasks' ? '' : 'source' in part ? part.source : part.sink)
  const isBound = (part: Part): boolean =>
    part === 'tasks' ||
    ('source' in part ? bindings.sources?.[part.source] !== undefined : bindings.sinks?.[part.sink] !== undefined)
  const known = topologies.map(topology => [topology, partsOf(plan(topology.graph))] as const)
  const names = known.flatMap(([{ name }, parts]) => [name, ...parts.map(nameOf)]).filter(name => name !== '')
  for (const name of only ?? []) {
    if (!names.includes(name)) {
      const near = nearest(name, names)
      const hint = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${near}"?`
      throw new CommandError('usage', `--only ${name}: the desk has no such service. ${hint}`)
    }
    const part = known.flatMap(([, parts]) => parts).find(part => nameOf(part) === name)
    if (part !== undefined && !isBound(part))
      throw new CommandError('usage', `--only ${name}: nothing says where that is. \`franz start\` tells what to set.`)
  }
  return known
    .map(([topology, parts]) => {
      const wanted = parts.filter(
        part => only === undefined || only.includes(topology.name) || only.includes(nameOf(part)),
      )
      return [topology, wanted.filter(isBound)] as const
    })
    .filter(([, parts]) => parts.length > 0)
    .reverse()
}

/** Topics are made before anything runs, with how long they are kept. */
const makeTopics = async (
  { log, partitionsDefault: partitions }: OpenedLog,
  topologies: readonly Topology[],
): Promise<void> => {
  if (partitions === undefined) return
  const known = new Map(topologies.flatMap(({ graph }) => declaredTopics(graph)).map(topic => [topic.name, topic]))
  const whileKept: readonly string[] = [...keptForAWhile.topics, ticketsUnnumbered.name]
  await log.create([
    ...[...known.values()].map(({ name, partitions: own }) => ({
      ...{ name, partitions: own ?? partitionsDefault, cleanup: 'delete' as const },
      retentionMs: whileKept.includes(name) ? keptForAWhile.retentionMs : undefined,
    })),
    { name: discordChannels.name, partitions: partitionsDefault, cleanup: 'compact' as const },
  ])
}

const observerOf = (topology: string, note: Note, failedMs: Map<string, number>): Observer => ({
  note(level, message, fields) {
    if (level !== 'info') failedMs.set(topology, performance.now())
    note(level, message, fields)
  },
  delivered: () => void failedMs.delete(topology),
  brought: () => void failedMs.delete(topology),
})

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
