import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Served, serve } from '../../dashboards/api/index.ts'
import { openWithinMs, TestDesk } from './desk.ts'
import { uuidOf } from './tables.ts'

/** An answer as a test looks into it. */
interface Loose {
  readonly [name: string]: Loose
  readonly [index: number]: Loose
}
interface Page {
  readonly total: number
  readonly tickets: readonly { readonly number: number }[]
  readonly next: string | null
}

let desk: TestDesk
let served: Served

beforeAll(async () => {
  desk = await TestDesk.open()
  await desk.database.insert(
    { id: 1, origin: 'Discord', category: 'FRONT', priority: 'HIGH', confidence: 0.9, department: 'HR' },
    { id: 2, origin: 'Email', subject: '100% broken', contact: 'bob@example.com', status: 'resolved' },
    { id: 3, origin: 'Email', type: 'FEATURE_REQUEST', answer: '{"category":"BACK"}' },
  )
  served = await serve(desk, { port: 0 })
}, openWithinMs)
afterAll(async () => {
  await served.close()
  await desk.close()
})

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.url}${path}`, { headers })
const read = async (answer: Response) => (await answer.json()) as Loose
const json = async (path: string) => read(await get(path))
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${served.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('tickets come newest first with their total', async () => {
  const { total, tickets, next } = (await json('/api/tickets')) as unknown as Page
  expect(total).toBe(3)
  expect(tickets.map(({ number }: { number: number }) => number)).toEqual([3, 2, 1])
  expect(tickets[2]).toMatchObject({ id: uuidOf(1), confidence_score: 90, origin: 'Discord' })
  expect(next).toBe(null)
})

test('tickets are filtered by their columns, by time and by words', async () => {
  const numbers = async (query: string) =>
    ((await json(`/api/tickets?${query}`)) as unknown as Page).tickets.map(({ number }) => number)
  expect(await numbers('origin=Email')).toEqual([3, 2])
  expect(await numbers('origin=Email,Discord&sort=number')).toEqual([1, 2, 3])
  expect(await numbers('type=FEATURE_REQUEST')).toEqual([3])
  expect(await numbers('q=100%25')).toEqual([2])
  expect(await numbers('q=%25')).toEqual([2])
  expect(await numbers('q=BOB%40')).toEqual([2])
  expect(await numbers('q=%231')).toEqual([1])
  expect(await numbers('from=2026-01-01T00:00:02Z&to=2026-01-01T00:00:03Z')).toEqual([2])
})

test('cursors walk through every ticket once, in any order', async () => {
  for (const sort of ['-date', 'date', 'number', '-number', 'updated_at']) {
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${cursor}`
      const page = (await json(`/api/tickets?limit=1&sort=${sort}${after}`)) as unknown as Page
      seen.push(...page.tickets.map(({ number }) => number))
      cursor = page.next
    } while (cursor !== null)
    expect([...seen].sort()).toEqual([1, 2, 3])
  }
})

test('fields that were asked for come alone', async () => {
  expect((await json('/api/tickets?fields=number,origin&limit=1')).tickets).toEqual([{ number: 3, origin: 'Email' }])
})

test('a ticket is found by number and by id, with its story and what the model said', async () => {
  desk.tell({ ticketId: uuidOf(3), at: '2026-01-01T00:00:03.000Z', event: 'created', details: { origin: 'Email' } })
  const ticket = await json('/api/tickets/3')
  expect(await json(`/api/tickets/${uuidOf(3)}`)).toEqual(ticket)
  expect(ticket).toMatchObject({
    title: 'Ticket 3',
    user_name: 'Ada',
    user_email: null,
    answer: '{"category":"BACK"}',
    history: [{ event: 'created', details: { origin: 'Email' } }],
  })
})

test('figures count what is there', async () => {
  expect(await json('/api/kpis')).toEqual({
    total_tickets: 3,
    by_origin: [
      { name: 'Email', value: 2 },
      { name: 'Discord', value: 1 },
    ],
    by_category: [
      { name: 'BACK', value: 2 },
      { name: 'FRONT', value: 1 },
    ],
    by_priority: [
      { name: 'LOW', value: 2 },
      { name: 'HIGH', value: 1 },
    ],
    by_type: [
      { name: 'BUG', value: 2 },
      { name: 'FEATURE_REQUEST', value: 1 },
    ],
  })
  expect(await json('/api/dashboard/summary')).toEqual({
    total_tickets: 3,
    by_department: { none: 2, HR: 1 },
    by_status: { pending: 2, resolved: 1 },
    average_confidence: 90,
    recent_tickets_24h: 3,
  })
  expect(await json('/api/dashboard/routing')).toEqual({
    department_distribution: { none: 2, HR: 1 },
    department_percentages: { none: 66.7, HR: 33.3 },
    average_confidence_by_department: { none: null, HR: 90 },
  })
  expect(await json('/api/analytics/performance')).toMatchObject({ resolved_tickets: 1, resolution_rate: 33.3 })
  const days = (await json('/api/analytics/trends?days=7')).daily_ticket_creation as unknown as { date: string }[]
  expect(days).toHaveLength(7)
  expect(days.at(-1)!.date).toBe(new Date().toISOString().slice(0, 10))
})

test('a filed ticket is answered once it is in the log, with its labels where they are there', async () => {
  const first = await post('/api/tickets?wait_ms=0', { title: 'Help', description: 'It hangs.', user_name: 'Eve' })
  expect(first.status).toBe(201)
  const made = await read(first)
  expect(made).toMatchObject({ title: 'Help', user_name: 'Eve', department: null, status: 'pending', number: null })
  expect(desk.tickets.at(-1)).toMatchObject({ ticketId: made.id, title: 'Help', description: 'It hangs.' })
  expect(first.headers.get('location')).toBe(`/api/tickets/${made.id}`)
  // It is found there at once, before the database has it.
  expect(await json(`/api/tickets/${made.id}`)).toMatchObject({ ...made, history: [{ event: 'created' }] })
  const second = await post('/api/tickets?wait_ms=0', { contact: 'eve@example.com', body: 'It hangs again.' })
  expect(await second.json()).toMatchObject({ user_email: 'eve@example.com', subject: '', body: 'It hangs again.' })
})

test('the same key and body have the same answer, another body is refused', async () => {
  const ticket = { title: 'Once', description: 'Only once.', user_name: 'Eve' }
  const key = { 'idempotency-key': 'my-key-1' }
  const before = desk.tickets.length
  const both = await Promise.all([
    post('/api/tickets?wait_ms=0', ticket, key),
    post('/api/tickets?wait_ms=0', ticket, key),
  ])
  const [one, other] = await Promise.all(both.map(answer => answer.json()))
  expect(one).toEqual(other)
  expect(desk.tickets.length).toBe(before + 1)
  const again = await post('/api/tickets?wait_ms=0', ticket, key)
  expect(await again.json()).toEqual(one)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  const strange = await post('/api/tickets?wait_ms=0', { ...ticket, title: 'Twice' }, key)
  expect(strange.status).toBe(422)
  expect(strange.headers.get('content-type')).toContain('application/problem+json')
  expect(desk.tickets.length).toBe(before + 1)
})

test('what is wrong in a request is told by field, and nothing of it is filed', async () => {
  const problem = async (answer: Promise<Response>) => {
    const { status, errors } = (await (await answer).json()) as { status: number; errors?: { field: string }[] }
    return [status, errors?.map(({ field }) => field)]
  }
  const before = desk.tickets.length
  expect(await problem(get('/api/tickets?limit=-1'))).toEqual([400, ['limit']])
  expect(await problem(get('/api/tickets?offset=-5&nonsense=1'))).toEqual([400, ['nonsense', 'offset']])
  expect(await problem(get('/api/tickets?from=2026-02-30T00:00:00Z'))).toEqual([400, ['from']])
  expect(await problem(get('/api/tickets?fields=id,secret'))).toEqual([400, ['fields']])
  expect(await problem(get('/api/tickets/none'))).toEqual([400, ['id']])
  expect(await problem(get('/api/tickets?cursor=abc'))).toEqual([400, ['cursor']])
  expect(await problem(get('/api/tickets?q=%00'))).toEqual([400, ['q']])
  expect(await problem(get('/api/analytics/trends?days=many'))).toEqual([400, ['days']])
  expect(await problem(post('/api/tickets', { title: 5, description: 'x', user_name: 'y' }))).toEqual([400, ['title']])
  for (const title of ['a\0b', '\0', ' \t'])
    expect(await problem(post('/api/tickets', { title, description: 'x', user_name: 'y' }))).toEqual([400, ['title']])
  for (const body of ['a\0b', '\0', ' \n'])
    expect(await problem(post('/api/tickets', { contact: 'a', body }))).toEqual([400, ['body']])
  expect(await problem(post('/api/tickets', { title: 'only' }))).toEqual([400, ['body']])
  expect(await problem(post('/api/tickets', { contact: 'a', body: 'b', admin: true }))).toEqual([400, ['admin']])
  expect(await problem(post('/api/tickets', { contact: 'a', body: 'b', title: 'c' }))).toEqual([400, ['contact']])
  expect(await problem(post('/api/tickets', { contact: 'a', body: 'x'.repeat(900_000) }))).toEqual([400, ['body']])
  expect((await post('/api/tickets', { contact: 'a', body: 'x'.repeat(1_100_000) })).status).toBe(413)
  expect(desk.tickets.length).toBe(before)
})

test('an answer that has not changed is not sent twice', async () => {
  const first = await get('/api/tickets/1')
  const tag = first.headers.get('etag')!
  expect(tag).toMatch(/^"/)
  const second = await get('/api/tickets/1', { 'if-none-match': tag })
  expect(second.status).toBe(304)
  expect(await second.text()).toBe('')
})

test('while the database is away reads are told when to try again, tickets are taken, and all is well afterwards', async () => {
  desk.database.isAway = true
  const list = await get('/api/tickets')
  expect([list.status, list.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await (await get('/health')).json()).toEqual({
    status: 'degraded',
    services: { database: 'unreachable', etikett: 'healthy' },
  })
  const filed = await post('/api/tickets?wait_ms=0', { contact: 'Ada', body: 'filed while the database is away' })
  expect(filed.status).toBe(201)
  desk.database.isAway = false
  expect((await get('/api/tickets')).status).toBe(200)
  expect((await get('/health')).status).toBe(200)
})

test('events are told as they happen, and from any position on', async () => {
  const stream = await get('/api/events?from=start')
  expect(stream.headers.get('content-type')).toContain('text/event-stream')
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const until = async (words: string) => {
    while (!text.includes(words)) text += (await reader.read()).value ?? ''
  }
  await until('"created"')
  desk.tell({ ticketId: uuidOf(1), at: '2026-01-02T00:00:00.000Z', event: 'labelled', details: {} })
  await until('"labelled"')
  await reader.cancel()
  const positions = [...text.matchAll(/^id: (.+)$/gm)].map(([, id]) => id!)
  const resumed = await get('/api/events', { 'last-event-id': positions.at(-2)! })
  const again = resumed.body!.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  while (!rest.includes('data: {"')) rest += (await again.read()).value
  await again.cancel()
  expect(rest).toContain('"labelled"')
  expect(rest).not.toContain('"created"')
  const strange = await get('/api/events?from=other:1')
  expect((await read(strange)).errors![0]!.field).toBe('from')
})

test('dead letters are browsed, shown and sent again, as they were or edited', async () => {
  const { id } = desk.deadLetter(1)
  desk.deadLetter(2)
  const { topics, dead_letters } = await json('/api/dead-letters')
  const letters = dead_letters as unknown as { offset: number }[]
  expect(topics).toEqual([{ name: 'tickets-labeled-dlq', records: 2 }])
  expect(letters.map(({ offset }) => offset)).toEqual([2, 1])
  expect(await json(`/api/dead-letters/${id}`)).toMatchObject({ id, error: { exception: null } })
  const edited = await post(`/api/dead-letters/${id}/redrive`, { value: '{"body":"help me, please"}' })
  expect(await edited.json()).toEqual({ topic: 'tickets-formatted', partition: 0 })
  expect(desk.redriven).toEqual([{ id, value: '{"body":"help me, please"}' }])
  expect((await post(`/api/dead-letters/${id}/redrive`, { value: 'nonsense' })).status).toBe(422)
  const many = await post('/api/dead-letters/redrive', { ids: ['tickets-labeled-dlq-0-2', 'tickets-labeled-dlq-0-99'] })
  expect((await read(many)).results).toMatchObject([{ redriven: true }, { redriven: false }])
  expect((await get('/api/dead-letters/tickets-labeled-dlq-0-99')).status).toBe(404)
})

test('the API is described as OpenAPI 3.1, every route with its answers', async () => {
  const described = await json('/docs/json')
  expect(described.openapi).toBe('3.1.0')
  expect(Object.keys(described.paths!)).toEqual(
    expect.arrayContaining(['/api/tickets', '/api/tickets/{id}', '/api/kpis', '/api/events', '/metrics', '/health']),
  )
  expect(described.components!.schemas).toHaveProperty('Ticket')
  expect(described.paths!['/api/kpis']!.get!.parameters).toBe(undefined)
  expect((await get('/docs')).status).toBe(200)
})

test('what is not there is a 404, and another method a 405 that says which', async () => {
  expect((await get('/nothing')).status).toBe(404)
  const wrong = await fetch(`${served.url}/api/kpis`, { method: 'DELETE' })
  expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  // Not taken for the id of a dead letter.
  const many = await get('/api/dead-letters/redrive')
  expect([many.status, many.headers.get('allow')]).toEqual([405, 'POST'])
})
