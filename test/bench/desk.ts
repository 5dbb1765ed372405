import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { madeUp } from '../../pipelines/desk/made-up.ts'
import { runDesk } from '../../runners/cli/desk/run-desk.ts'
import { deskSettings } from '../../runners/cli/desk/settings.ts'
import { type OpenedLog, openFolder } from '../../runners/cli/open-log.ts'
import type { OpenDatabase } from '../../runners/connectors/postgres/index.ts'
import { Logs } from '../../runners/host/index.ts'
import { dataRegistry, uuidOf } from '../../schemas/index.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import { startPostgres } from '../parts/postgres.ts'
import { type Figure, figure } from './figure.ts'

// The desk on the embedded engine, from a ticket filed to its row in the table, with labels that come at once. The bare
// insert beside it writes the same rows into the same database, and does nothing else.

const tickets = Number(process.env.FRANZ_BENCH_TICKETS ?? 5_000)
const perSecond = 50
const seconds = 10
/** The table is looked at this often: latencies are as exact as that. */
const lookMs = 10
const insertRows = 500

interface World {
  readonly opened: OpenedLog
  readonly database: OpenDatabase
}

const messageOf = (number: number): Buffer => {
  const { contact, subject, body } = madeUp(number + (number % 23 === 0 ? 1 : 0), Math.random)
  const timestamp = new Date().toISOString()
  return Buffer.from(
    JSON.stringify({ title: subject, description: body, userName: contact, timestamp, idempotencyKey: `t${number}` }),
  )
}

const file = async ({ opened }: World, from: number, count: number): Promise<void> => {
  const lists = [0, 1, 2, 3].map(partition => ({ topic: 'apiMSG', partition, records: [] as object[] }))
  for (let number = from; number < from + count; number++) {
    const key = Buffer.from(`t${number}`)
    lists[partitionOf(key, 4)]!.records.push({ key, value: messageOf(number), timestamp: Date.now(), headers: [] })
  }
  await opened.operations.append(lists.filter(({ records }) => records.length > 0) as never)
}

const rowsIn = async ({ database: { db } }: World): Promise<number> => {
  const { count } = await db
    .selectFrom('tickets')
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

const untilRows = async (world: World, count: number): Promise<void> => {
  while ((await rowsIn(world).catch(() => 0)) < count) await pause(lookMs)
}

const throughput = async (world: World): Promise<number> => {
  const before = await rowsIn(world)
  const startedMs = performance.now()
  for (let from = 0; from < tickets; from += 1_000) await file(world, before + from, Math.min(1_000, tickets - from))
  await untilRows(world, before + tickets)
  return (tickets * 1_000) / (performance.now() - startedMs)
}

/** The same rows copied, batch by batch, within the same database. */
const bareInsert = async ({ database: { db } }: World): Promise<number> => {
  const rows = await db.selectFrom('tickets').selectAll().limit(tickets).execute()
  const fresh = rows.map((row, at) => ({ ...row, id: 10_000_000 + at, ticket_id: null }))
  const startedMs = performance.now()
  for (let from = 0; from < fresh.length; from += insertRows)
    await db
      .insertInto('tickets')
      .values(fresh.slice(from, from + insertRows) as never)
      .execute()
  const tookMs = performance.now() - startedMs
  await db.deleteFrom('tickets').where('id', '>=', 10_000_000).execute()
  return (fresh.length * 1_000) / tookMs
}

const latencies = async (world: World): Promise<number[]> => {
  const { db } = world.database
  const before = await rowsIn(world)
  const filedMs = new Map<string, number>()
  const found: number[] = []
  const count = perSecond * seconds
  const looking = (async () => {
    while (found.length < count) {
      const rows = await db
        .selectFrom('tickets')
        .select('ticket_id')
        .where('id', '>', before + found.length)
        .execute()
      const nowMs = performance.now()
      for (const { ticket_id } of rows) found.push(nowMs - filedMs.get(ticket_id!)!)
      await pause(lookMs)
    }
  })()
  const startedMs = performance.now()
  for (let at = 0; at < count; at++) {
    await pause(Math.max(0, startedMs + (at * 1_000) / perSecond - performance.now()))
    const number = 1_000_000 + before + at
    filedMs.set(uuidOf('api', `t${number}`), performance.now())
    await file(world, number, 1)
  }
  await looking
  return found.sort((one, other) => one - other)
}

const measured = async (name: string, url: string | undefined): Promise<Figure[]> => {
  const data = mkdtempSync(join(tmpdir(), 'franz-bench-desk-'))
  const opened = await openFolder(data)
  const registry = await dataRegistry(data)
  const logs = new Logs({ level: 'error', format: 'text', secrets: [], write: line => process.stderr.write(line) })
  const settings = deskSettings({ DATABASE_URL: url })
  const desk = await runDesk({ opened, registry: registry.registry, settings, data, logs })
  const world = { opened, database: desk.database }
  try {
    await file(world, 2_000_000, 200)
    await untilRows(world, 200)
    const rate = await throughput(world)
    const bare = await bareInsert(world)
    const took = await latencies(world)
    const p99 = took[Math.floor(took.length * 0.99)]!
    return [
      figure(`tickets from intake to row, ${name}`, rate, 'tickets/s'),
      figure(`rows inserted bare, ${name}`, bare, 'rows/s'),
      figure(`the desk's share of the bare insert, ${name}`, rate / bare, 'of 1'),
      figure(`p99 from intake to row at ${perSecond} tickets/s, ${name}`, p99, 'ms'),
    ]
  } finally {
    await desk.stop()
    await registry.close()
    await opened.close()
    rmSync(data, { recursive: true, force: true })
  }
}

export const figures = async (): Promise<Figure[]> => {
  const onPglite = await measured('PGlite', undefined)
  const server = await startPostgres()
  try {
    return [...onPglite, ...(await measured('PostgreSQL', server.url))]
  } finally {
    await server.stop()
  }
}
