import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPool, type PooledDatabase, type Served, serve } from '../../dashboards/api/index.ts'
import { texts } from '../../dashboards/grafana/generate.ts'
import { migrate, openDatabase } from '../../runners/connectors/postgres/index.ts'
import { type Postgres, startPostgres } from '../parts/postgres.ts'
import { openWithinMs, TestDesk } from './desk.ts'

const readerSql = readFileSync(fileURLToPath(new URL('../../dashboards/grafana/reader.sql', import.meta.url)), 'utf8')

interface Board {
  readonly uid: string
  readonly panels: readonly { readonly id: number; readonly title: string }[]
}
const boards = Object.values(texts).map(text => JSON.parse(text) as Board)

let postgres: Postgres
let database: PooledDatabase
let desk: TestDesk
let served: Served
let reader: string

beforeAll(async () => {
  postgres = await startPostgres()
  const written = openDatabase({ url: postgres.url, folder: '', note: () => {} })
  await migrate(written.db)
  await written.close()
  const owner = new pg.Client(postgres.url)
  await owner.connect()
  await owner.query(readerSql.replace(':password', "'of its own'"))
  await owner.query(`insert into tickets (id, ticket_id, date, contact, origin, body, category, priority, type, confidence)
    select n, gen_random_uuid(), now() - n * interval '1 minute', 'Ada', 'Email', 'body', 'BACK', 'HIGH', 'BUG', 0.5
    from generate_series(1, 100) n`)
  await owner.end()
  const address = new URL(postgres.url)
  address.username = 'franz_reader'
  address.password = 'of its own'
  reader = address.href
  database = openPool({ url: reader })
  desk = await TestDesk.open()
  served = await serve({ ...portsOf(desk), database }, { port: 0 })
}, openWithinMs)
afterAll(async () => {
  await served?.close()
  await database?.close()
  await desk?.close()
  await postgres?.stop()
})

const portsOf = ({ intake, story, pipeline, deadLetters, health, metrics }: TestDesk) => ({
  ...{ intake, story, pipeline, deadLetters, health, metrics },
})

const ask = async (path: string) => {
  const answer = await fetch(`${served.url}${path}`)
  return { status: answer.status, body: (await answer.json()) as { rows: unknown[][] } & Record<string, unknown> }
}

describe('on a real PostgreSQL, read by the role that Grafana reads with', () => {
  test.each(boards.flatMap(({ uid, panels }) => panels.map(({ id, title }) => [uid, title, id] as const)))(
    '%s: the panel "%s" has an answer',
    async (uid, _title, id) => {
      expect((await ask(`/api/dashboards/${uid}/panels/${id}`)).status).toBe(200)
    },
  )

  test('figures and lists are the same as on PGlite', async () => {
    expect((await ask('/api/dashboards/franz-desk/panels/1')).body.rows).toEqual([[100]])
    expect((await ask('/api/kpis')).body).toMatchObject({ total_tickets: 100, by_type: [{ name: 'BUG', value: 100 }] })
    expect((await ask('/api/dashboard/summary')).body).toMatchObject({ average_confidence: 50 })
    expect((await ask('/api/analytics/trends?days=3')).body.daily_ticket_creation).toHaveLength(3)
    const { next } = (await ask('/api/tickets?limit=99')).body
    expect((await ask(`/api/tickets?limit=99&cursor=${next}`)).body).toMatchObject({ total: 100, next: null })
  })

  test('the role can only select', async () => {
    const client = new pg.Client(reader)
    await client.connect()
    await client.query('set default_transaction_read_only = off')
    for (const sql of [
      'delete from tickets',
      'update tickets set body = 1',
      'create table mine (a int)',
      'drop table tickets',
    ])
      await expect(client.query(sql)).rejects.toThrow(/permission denied|must be owner/)
    await client.end()
  })

  test('a statement over its time is ended, and the database has been asked no longer than that', async () => {
    await expect(database.read('select pg_sleep(60)', [])).rejects.toThrow('over its time')
  })

  test('while PostgreSQL is away the answer is 503 with Retry-After; when it is back, all is well by itself', async () => {
    await postgres.kill()
    const away = await fetch(`${served.url}/api/tickets?limit=3`)
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '2'])
    await postgres.start()
    await expect.poll(async () => (await ask('/api/tickets?limit=3')).status, { timeout: openWithinMs }).toBe(200)
  })
})
