import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { type OpenDatabase, openDatabase, postgresSink } from '../../../../runners/connectors/postgres/index.ts'
import { freshDatabase, sharedPostgres, startPostgres } from '../../../parts/postgres.ts'
import { contextOf, countAt, eventAt, partitionsOf, ticketAt, topics } from './records.ts'

/** A guard against hanging: PGlite takes seconds to make its files on a busy machine. */
const openDeadlineMs = 120_000
const note = () => {}
const newFolder = (): string => mkdtempSync(join(tmpdir(), 'franz-postgres-sink-'))
const opened: OpenDatabase[] = []
afterAll(() => Promise.all(opened.map(each => each.close())))

const kinds = {
  PGlite: async (): Promise<OpenDatabase> => openDatabase({ folder: newFolder(), note }),
  PostgreSQL: async (): Promise<OpenDatabase> =>
    openDatabase({ url: await freshDatabase(await sharedPostgres(), 'sink'), folder: '', note }),
}

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('%s', kind => {
  let database: OpenDatabase
  const open = async (logId = 'log-1') => {
    const sink = await postgresSink({ database, topics }).open(contextOf(logId))
    return { sink, positions: await sink.assigned!(partitionsOf()) }
  }
  const ticketRows = () => database.db.selectFrom('tickets').selectAll().orderBy('id').execute()

  beforeAll(async () => {
    database = await kinds[kind]()
    await sql`select 1`.execute(database.db)
    opened.push(database)
  }, openDeadlineMs)

  beforeEach(async () => {
    await sql`drop schema public cascade`.execute(database.db)
    await sql`create schema public`.execute(database.db)
  }, openDeadlineMs)

  test('tickets, events and counts become rows, each once however often it comes', async () => {
    const { sink, positions } = await open()
    expect(new Set(positions.map(({ offset }) => offset))).toEqual(new Set([0]))
    const batch = [ticketAt(0), ticketAt(1), eventAt(0), countAt(0, 1), countAt(1, 2)]
    for (const _ of [1, 2]) expect((await sink.deliver(batch))!.refused).toEqual([])
    expect(await ticketRows()).toMatchObject([
      { id: 1, contact: 'ada', date: new Date(1_000), category: 'BACK', confidence: 0.5, offset: 0, log_id: 'log-1' },
      { id: 2, status: 'pending' },
    ])
    expect(await database.db.selectFrom('ticket_events').selectAll().execute()).toMatchObject([
      { event: 'created', details: { contact: 'ada', number: 7 } },
    ])
    expect(await database.db.selectFrom('ticket_counts').selectAll().execute()).toMatchObject([
      { dimension: 'category', value: 'BACK', count: 2, window_ms: 3_600_000 },
    ])
    const { positions: after } = await open()
    expect(after.map(({ topic, offset }) => [topic, offset]).sort()).toEqual([
      ['ticket-counts', 2],
      ['ticket-events', 1],
      ['tickets-labeled', 2],
    ])
  })

  test('a ticket that comes again changes its row, and an older state of it does not', async () => {
    const { sink } = await open()
    const relabelled = ticketAt(0, { category: 'FRONT' })
    await sink.deliver([ticketAt(0), { ...relabelled, offset: 9 }])
    await sink.deliver([ticketAt(0)])
    expect(await ticketRows()).toMatchObject([{ id: 1, category: 'FRONT', offset: 9 }])
  })

  test('whoever took the partition before can write no more, and leaves nothing half done', async () => {
    const { sink: zombie } = await open()
    const { sink } = await open()
    await expect(zombie.deliver([ticketAt(0)])).rejects.toThrow('another process has taken tickets-labeled/0')
    await expect(zombie.ended).rejects.toThrow('another process')
    expect(await ticketRows()).toEqual([])
    await sink.deliver([ticketAt(0)])
    expect(await ticketRows()).toHaveLength(1)
  })

  test('a database that was set back to an older state is noticed, and what it has lost is written again', async () => {
    const { sink } = await open()
    await sink.deliver([ticketAt(0)])
    await sink.deliver([ticketAt(1)])
    await database.db.deleteFrom('tickets').where('id', '=', 2).execute()
    await database.db
      .updateTable('franz_positions')
      .set({ next_offset: 1 })
      .where('topic', '=', topics.tickets)
      .execute()
    await expect(sink.deliver([ticketAt(2)])).rejects.toThrow('the database was set back')
    const { sink: again, positions } = await open()
    expect(positions.find(({ topic }) => topic === topics.tickets)!.offset).toBe(1)
    await again.deliver([ticketAt(1), ticketAt(2)])
    expect((await ticketRows()).map(({ id }) => id)).toEqual([1, 2, 3])
  })

  test('another log begins at its beginning, and its numbers go on behind those that are taken', async () => {
    const { sink } = await open()
    await sink.deliver([ticketAt(0), ticketAt(1)])
    const { sink: other, positions } = await open('log-2')
    expect(positions.every(({ offset }) => offset === 0)).toBe(true)
    const id = '00000000-0000-5000-8000-000000000001'
    await other.deliver([ticketAt(0, { id }), ticketAt(1)])
    expect((await ticketRows()).map(row => [row.id, row.ticket_id === id, row.log_id])).toEqual([
      [1, false, 'log-1'],
      [2, false, 'log-2'],
      [3, true, 'log-2'],
    ])
  })

  test('a record that cannot be a row is refused by itself, with the reason', async () => {
    const { sink } = await open()
    const delivery = await sink.deliver([
      ticketAt(0),
      ticketAt(1, { number: null }),
      ticketAt(2, { number: 3_000_000_000n }),
      ticketAt(3, { date: 1e17 }),
      ticketAt(4, { id: 'no uuid' }),
      ticketAt(5),
    ])
    expect(delivery!.refused!.map(({ record, reason }) => [record.offset, reason])).toEqual([
      [1, 'it has no number'],
      [2, 'its number 3000000000 is no id of the table'],
      [3, 'its date is 100000000000000000, which is no time that Postgres takes'],
      [4, expect.stringContaining('invalid input syntax for type uuid')],
    ])
    expect((await ticketRows()).map(({ id }) => id)).toEqual([1, 6])
  })

  test('null bytes, halves of emoji, quotes and right-to-left text are written', async () => {
    const { sink } = await open()
    const body = `a\u0000b \ud83d "q" 'q' \\ ; drop table tickets; -- \u{1f525} שלום`
    expect((await sink.deliver([ticketAt(0, { body }), eventAt(0, body)]))!.refused).toEqual([])
    expect((await ticketRows())[0]!.body).toBe(`a\ufffdb \ufffd "q" 'q' \\ ; drop table tickets; -- \u{1f525} שלום`)
  })

  test("a table that the seeds' exporter made keeps its rows and gets the columns that it lacks", async () => {
    await sql`create table tickets (id serial primary key, date timestamptz not null, contact text not null,
      origin text not null, body text not null, category text not null, priority text not null, type text not null)`.execute(
      database.db,
    )
    await sql`insert into tickets (date, contact, origin, body, category, priority, type)
      values (now(), 'old', 'Email', 'b', 'BACK', 'LOW', 'BUG')`.execute(database.db)
    const { sink } = await open()
    await sink.deliver([ticketAt(0)])
    expect((await ticketRows()).map(({ id, contact }) => [id, contact])).toEqual([
      [1, 'old'],
      [2, 'ada'],
    ])
  })

  test('what is told of each ticket comes with its delivery, and again with a delivery that is repeated', async () => {
    const topic = { name: 'ticket-events' } as never
    const told = postgresSink({
      database,
      topics,
      exported: ({ ticketId, id }) => ({ topic, key: ticketId, value: id }),
    })
    const sink = await told.open(contextOf())
    await sink.assigned!(partitionsOf())
    for (const _ of [1, 2])
      expect((await sink.deliver([ticketAt(0), ticketAt(1, { number: null }), eventAt(0)]))!.appends).toMatchObject([
        { value: '1' },
      ])
  })
})

test('PGlite files that cannot be opened are made anew, to be written again from the log', async () => {
  const folder = newFolder()
  const first = openDatabase({ folder, note })
  const sink = await postgresSink({ database: first, topics }).open(contextOf())
  await sink.assigned!(partitionsOf())
  await sink.deliver([ticketAt(0)])
  await first.close()
  for (const name of ['PG_VERSION', 'global/pg_control']) writeFileSync(join(folder, 'files', name), 'rubbish')
  const told: string[] = []
  const again = openDatabase({ folder, note: (level, message) => void told.push(`${level}: ${message}`) })
  onTestFinished(() => again.close())
  const rebuilt = await postgresSink({ database: again, topics }).open(contextOf())
  expect((await rebuilt.assigned!(partitionsOf())).every(({ offset }) => offset === 0)).toBe(true)
  expect(told).toEqual([expect.stringMatching(/^error: .* cannot be opened .*: it is written again from the log/)])
})

test('a PGlite query over its time ends with an error, and the next one works', async () => {
  const database = openDatabase({ folder: newFolder(), note, queryDeadlineMs: 4_000 })
  onTestFinished(() => database.close())
  const endless = sql`with recursive r(n) as (select 1 union all select n + 1 from r) select max(n) from r`
  await expect(endless.execute(database.db)).rejects.toThrow('a query took longer than 4 s')
  expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }])
})

test('a folder of PGlite is opened by one process, and the next one is told what to do', async () => {
  const folder = newFolder()
  const owner = openDatabase({ folder, note })
  await sql`select 1`.execute(owner.db)
  const other = openDatabase({ folder, note })
  await expect(sql`select 1`.execute(other.db)).rejects.toThrow('To fix: stop it, or set DATABASE_URL')
  await owner.close()
  expect((await sql`select 2 as two`.execute(other.db)).rows).toEqual([{ two: 2 }])
  await other.close()
  expect(existsSync(folder)).toBe(true)
})

test('a PostgreSQL that is away is waited for: the delivery fails, and the same one succeeds afterwards', async () => {
  const server = await startPostgres()
  onTestFinished(() => server.stop())
  const database = openDatabase({ url: server.url, folder: '', note })
  onTestFinished(() => database.close())
  const sink = await postgresSink({ database, topics }).open(contextOf())
  await sink.assigned!(partitionsOf())
  // The server of the tests writes to its disk when it likes.
  await sql`checkpoint`.execute(database.db)
  await server.kill()
  await expect(sink.deliver([ticketAt(0)])).rejects.toThrow()
  await server.start()
  await sink.deliver([ticketAt(0)])
  expect(await database.db.selectFrom('tickets').select('id').execute()).toEqual([{ id: 1 }])
})
