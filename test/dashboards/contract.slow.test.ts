import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serve } from '../../dashboards/api/index.ts'
import { lacks } from '../parts/parts.ts'
import { openWithinMs, TestDesk } from './desk.ts'
import { chanceFrom, type Operation, requestFor } from './requests.ts'
import { judged } from './schemathesis.ts'

/** One seed, so that the suite says the same of the same tree; `npm run contract` makes up others. */
const seed = Number(process.env.SEED ?? 707_934_868)
const requests = 3_000

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

let desk: TestDesk
let served: Served
let described: Described

beforeAll(async () => {
  desk = await TestDesk.open()
  desk.isAtWork = true
  for (let id = 1; id <= 12; id++) await desk.database.insert({ id, confidence: id / 12 })
  for (let offset = 1; offset <= 3; offset++) desk.deadLetter(offset)
  served = await serve(desk, { port: 0, readsPerMinuteMax: 1e9 })
  described = (await (await fetch(`${served.url}/docs/json`)).json()) as Described
}, openWithinMs)
afterAll(async () => {
  await served.close()
  await desk.close()
})

/** Whether an answer is as it is documented; undefined where it is. */
const judge = () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  formats.default(ajv)
  ajv.addSchema({ $id: 'api', components: described.components })
  return (operation: Operation, status: number, type: string, body: unknown): string | undefined => {
    const documented = operation.responses[String(status)]
    if (documented === undefined) return `status ${status} is not documented`
    const schema = documented.content?.[type.split(';')[0]!]?.schema
    if (schema === undefined) return `${type} is not documented for ${status}`
    if (type.startsWith('text/')) return undefined
    const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object)
    return check(body) ? undefined : `${status}: ${ajv.errorsText(check.errors)}`
  }
}

test(`${requests} made-up requests have documented answers; replay with SEED=${seed}`, async () => {
  const chance = chanceFrom(seed)
  const wrong = judge()
  const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'head' && path !== '/api/events')
      .map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const found: string[] = []
  const statuses = new Map<number, number>()
  for (let at = 0; at < requests; at++) {
    const { method, path, operation } = operations[at % operations.length]!
    const { path: address, headers, body } = requestFor(path, operation, chance)
    const answer = await fetch(`${served.url}${address}`, { method, headers, ...(body !== undefined && { body }) })
    const type = answer.headers.get('content-type') ?? ''
    const content = type.includes('json') ? await answer.json() : await answer.text()
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    const problem = answer.status >= 500 ? `status ${answer.status}` : wrong(operation, answer.status, type, content)
    if (problem !== undefined) found.push(`${problem}: ${method} ${address} ${body ?? ''}`.slice(0, 600))
  }
  expect(found).toEqual([])
  // A run that only ever failed, or never did, would have shown nothing.
  expect(statuses.get(200) ?? 0).toBeGreaterThan(requests / 10)
  expect(statuses.get(201) ?? 0).toBeGreaterThan(5)
  expect(statuses.get(400) ?? 0).toBeGreaterThan(requests / 20)
})

/** A fraction of what `npm run contract` takes: enough for each operation's edges. */
const judgedForSeconds = 20

describe.skipIf(lacks('schemathesis'))('by schemathesis', () => {
  test('every answer is as documented, whatever it is asked', async () => {
    const { isFine, cases, report } = await judged({ url: served.url, seconds: judgedForSeconds, seed })
    expect(isFine, report).toBe(true)
    expect(cases).toBeGreaterThan(0)
  })
})

const injections = (): string[] => {
  const quotes = ["'", '"', '`', "\\'", "''", '$$', '%27', '\u02bc']
  const ends = [' --', ' #', '/*', ';--', '']
  const wholes = [
    ' or 1=1',
    ' or pg_sleep(5)=1',
    ' union select null,version()',
    '; drop table tickets',
    '; update tickets set body=1',
    ') or (1=1',
    '::int',
    '||(select password from pg_shadow)',
    ' and 1=cast((select 1/0) as int)',
    "'; copy tickets to program 'id",
    ' order by 99',
    '}]})',
    ' returning *',
  ]
  return quotes.flatMap(quote => wholes.flatMap(whole => ends.map(end => `${quote}${whole}${end}`)))
}

test('five hundred injections as filters, searches and variables find nothing and change nothing', async () => {
  const texts = injections()
  expect(texts.length).toBeGreaterThanOrEqual(500)
  const stored = () => desk.database.read('select * from tickets order by id', [])
  const before = await stored()
  const filters = ['status', 'department', 'priority', 'category', 'origin', 'type', 'q'] as const
  const found: string[] = []
  for (const [at, text] of texts.entries()) {
    const filter = filters[at % filters.length]!
    const list = await fetch(`${served.url}/api/tickets?${filter}=${encodeURIComponent(text)}`)
    const { total } = (await list.json()) as { total: number }
    if (list.status !== 200 || total !== 0) found.push(`${filter}=${text}: ${list.status}, ${total}`)
    const panel = await fetch(`${served.url}/api/dashboards/franz-desk/panels/1?var-origin=${encodeURIComponent(text)}`)
    const { rows } = (await panel.json()) as { rows: unknown[][] }
    if (panel.status !== 200 || rows[0]![0] !== 0) found.push(`var-origin=${text}: ${panel.status}`)
  }
  expect(found).toEqual([])
  expect(await stored()).toEqual(before)
})
