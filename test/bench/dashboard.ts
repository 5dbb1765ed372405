import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { type Database, openPool, serve } from '../../dashboards/api/index.ts'
import { migrate, openDatabase } from '../../runners/connectors/postgres/index.ts'
import { buildPage, openBrowser, openPage } from '../browser/browser.ts'
import { TestDesk } from '../dashboards/desk.ts'
import { startPostgres } from '../parts/postgres.ts'
import { type Figure, figure } from './figure.ts'

// The dashboard on a PostgreSQL with a million tickets: each question over HTTP beside the same SQL without it, in turn.

const ticketsInAll = 1_000_000
const rounds = 60
const atOnce = 4
const liveMs = 60_000
const perSecond = 100

const insertSql = (from: number, count: number) => `
  insert into tickets (id, ticket_id, date, contact, origin, subject, body, category, priority, type, confidence)
  select n, gen_random_uuid(), now() - (${ticketsInAll} - n) * interval '30 seconds', 'user' || n % 5000,
  (array['Discord','Email','API'])[n % 3 + 1], 'Ticket ' || n, 'Something does not work: ' || md5(n::text),
  (array['FRONT','BACK','INFRA','MOBILE'])[n % 4 + 1], (array['NULL','LOW','MEDIUM','HIGH'])[n % 7 % 4 + 1],
  (array['BUG','FEATURE_REQUEST'])[n % 2 + 1], (n % 100) / 100.0 from generate_series(${from}, ${from + count - 1}) n`

const p99 = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * 0.99) - 1)]!
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Both in turn, several at once, so that whatever else the machine does slows both. */
const sideBySide = async (one: () => Promise<unknown>, other: () => Promise<unknown>) => {
  const [ones, others]: [number[], number[]] = [[], []]
  const worker = async () => {
    for (let round = 0; round < rounds / atOnce; round++) {
      ones.push(await timed(one))
      others.push(await timed(other))
    }
  }
  await Promise.all([one(), other()])
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { one: p99(ones), other: p99(others) }
}

const page = `select id, ticket_id, date, contact, origin, subject, body, category, priority, type, department, confidence,
  confidence_source, label_source, model, prompt_version, review_reason, status, created_at, updated_at from tickets`
const order = 'order by date desc, id desc limit 51'
const filter = `where category = any('{BACK}') and priority = any('{HIGH}')`

const questions: readonly (readonly [name: string, path: string, sql: readonly string[]])[] = [
  ['list', '/api/tickets', [`${page} ${order}`, 'select count(*)::int from tickets']],
  [
    'filtered list',
    '/api/tickets?category=BACK&priority=HIGH',
    [`${page} ${filter} ${order}`, `select count(*)::int from tickets ${filter}`],
  ],
  [
    'counts by origin, category, priority, type',
    '/api/kpis',
    ['select origin, category, priority, type, count(*) from tickets group by grouping sets ((1), (2), (3), (4))'],
  ],
]

const databaseFigures = async (url: string, database: Database): Promise<Figure[]> => {
  const get = async (path: string) => {
    const answer = await fetch(`${url}${path}`)
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}`)
    return (await answer.json()) as { next: string | null; tickets: { date: string }[] }
  }
  const found: Figure[] = []
  for (const [name, path, statements] of questions) {
    const bare = () => Promise.all(statements.map(sql => database.read(sql, [])))
    const { one, other } = await sideBySide(() => get(path), bare)
    found.push(figure(`p99 of ${name} over HTTP / the bare SQL`, one / other, 'x', { most: 1.5 }))
  }
  // A cursor as the list gives it, in the middle of all tickets.
  const { next } = await get(
    `/api/tickets?limit=1&to=${new Date(Date.now() - (ticketsInAll / 2) * 30_000).toISOString()}`,
  )
  const { one, other } = await sideBySide(
    () => get(`/api/tickets?cursor=${next}`),
    () => get('/api/tickets'),
  )
  found.push(figure('p99 of the 10,000th page by cursor / the first', one / other, 'x', { most: 1.5 }))
  return found
}

const bundleFigure = (): Figure => {
  const folder = fileURLToPath(new URL('../../dashboards/ui/built/assets/', import.meta.url))
  const scripts = readdirSync(folder).filter(name => name.endsWith('.js'))
  const bytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(folder + name)).length, 0)
  return figure('JavaScript of the page, gzipped', bytes / 1_000, 'kB', { most: 300 })
}

const gaps = `globalThis.longest = 0
  let before = performance.now()
  const frame = now => { globalThis.longest = Math.max(globalThis.longest, now - before); before = now; requestAnimationFrame(frame) }
  requestAnimationFrame(frame)`

/** What the page holds, once all that nobody holds is gone. */
const heapOf = async (page: Page): Promise<() => Promise<number>> => {
  const session = await page.context().newCDPSession(page)
  return async () => {
    await session.send('HeapProfiler.collectGarbage')
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
}

const browserFigures = async (url: string, desk: TestDesk, owner: pg.Client): Promise<Figure[]> => {
  const browser = await openBrowser()
  try {
    const { page: shown, close } = await openPage(browser, `${url}/new`)
    const first = await timed(async () => {
      await shown.goto(`${url}/tickets`)
      await shown.locator('.tickets tbody tr').first().waitFor()
    })
    await shown.goto(url)
    await shown.locator('.panel canvas').first().waitFor()
    const heap = await heapOf(shown)
    const begun = await heap()
    await shown.evaluate(gaps)
    let filed = ticketsInAll
    for (let second = 0; second < liveMs / 1_000; second++) {
      await owner.query(insertSql(filed + 1, perSecond))
      filed += perSecond
      for (let at = 0; at < perSecond; at++)
        desk.tell({ ticketId: String(at), at: new Date().toISOString(), event: 'exported', details: {} })
      await new Promise(done => setTimeout(done, 1_000))
    }
    const longest = (await shown.evaluate('globalThis.longest')) as number
    const ended = await heap()
    await close()
    return [
      figure('from the address to the first ticket', first, 'ms', { most: 1_000 }),
      figure('longest frame in 60 s at 100 tickets/s', longest, 'ms', { most: 100 }),
      figure('memory after 60 s / at the beginning', ended / begun, 'x', { most: 1.5 }),
    ]
  } finally {
    await browser.close()
  }
}

export const figures = async (): Promise<Figure[]> => {
  buildPage()
  const postgres = await startPostgres()
  const desk = await TestDesk.open()
  const written = openDatabase({ url: postgres.url, folder: '', note: () => {} })
  await migrate(written.db)
  await written.close()
  const owner = new pg.Client(postgres.url)
  await owner.connect()
  await owner.query(insertSql(1, ticketsInAll))
  await owner.query('vacuum analyze tickets')
  const database = openPool({ url: postgres.url })
  const { intake, story, pipeline, deadLetters, health, metrics } = desk
  const parts = { intake, story, pipeline, deadLetters, health, metrics }
  const served = await serve({ ...parts, database }, { port: 0, readsPerMinuteMax: 1e9 })
  try {
    return [
      ...(await databaseFigures(served.url, database)),
      bundleFigure(),
      ...(await browserFigures(served.url, desk, owner)),
    ]
  } finally {
    await served.close()
    await database.close()
    await owner.end()
    await desk.close()
    await postgres.stop()
  }
}
