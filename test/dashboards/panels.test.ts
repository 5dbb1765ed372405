import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Served, serve } from '../../dashboards/api/index.ts'
import { expanded } from '../../dashboards/api/panels/macros.ts'
import { rangeFrom } from '../../dashboards/api/panels/range.ts'
import { main, texts } from '../../dashboards/grafana/generate.ts'
import { openWithinMs, TestDesk } from './desk.ts'

const folder = fileURLToPath(new URL('../../dashboards/grafana/generated', import.meta.url))
const now = new Date('2026-01-02T00:00:00.000Z')
const range = rangeFrom('now-24h', 'now', undefined, now)

interface Board {
  readonly uid: string
  readonly panels: { id: number; title: string; targets: { rawSql: string }[] }[]
}
const boards = Object.values(texts).map(text => JSON.parse(text) as Board)

test('the checked-in dashboards are as they are declared', () => {
  expect(main(folder, true)).toEqual([])
})

describe('macros', () => {
  const sqlOf = (raw: string, variables: Record<string, string[]> = {}) =>
    expanded(raw, range, new Map(Object.entries(variables)))

  test('times and values become parameters, never text', () => {
    expect(
      sqlOf('$__timeFilter(date) AND origin IN ($origin)', { origin: ["x'); drop table tickets --", 'API'] }),
    ).toEqual({
      sql: 'date BETWEEN $1::timestamptz AND $2::timestamptz AND origin IN ($3::text, $4::text)',
      parameters: ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', "x'); drop table tickets --", 'API'],
      fill: undefined,
    })
  })
  test('a variable without a choice chooses nothing', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: so Grafana writes variables
    expect(sqlOf('origin IN (${origin})', { origin: [] }).sql).toBe('origin IN (NULL)')
  })
  test('time groups are as wide as they say, or as the panel asks', () => {
    expect(sqlOf("SELECT $__timeGroupAlias(at, '5m', 0)")).toMatchObject({
      sql: 'SELECT (floor(extract(epoch from at) / 300) * 300)::bigint AS "time"',
      fill: 0,
    })
    expect(sqlOf('$__timeGroup(coalesce(a, b), $__interval)').sql).toContain('coalesce(a, b)) / 1800)')
  })
  test('what is no variable stays', () => {
    expect(sqlOf('SELECT $1, $unknown, $__interval_ms').sql).toBe('SELECT $1, $unknown, 1800000')
  })
})

describe('ranges', () => {
  test.each([
    ['now-1x', 'now', 'from'],
    ['2026-02-30T00:00:00', 'now', 'from'],
    ['now', 'now-1h', 'to'],
    ['0001-01-01T00:00:00Z', 'now', 'from'],
    ['now-999999y', 'now', 'from'],
  ])('%s to %s is refused', (from, to, field) => {
    expect(() => rangeFrom(from, to, undefined, now)).toThrow(field)
  })
  test('a point is never so narrow that there are more than a thousand', () => {
    expect(rangeFrom('now-365d', 'now', 1_000, now).intervalMs).toBe(43_200_000)
  })
})

describe('on a desk', () => {
  let desk: TestDesk
  let served: Served
  let copy: string

  beforeAll(async () => {
    desk = await TestDesk.open()
    await desk.database.insert(
      { id: 1, origin: 'Discord', date: '2026-01-01T10:00:00Z', confidence: 0.5 },
      { id: 2, origin: 'Email', date: '2026-01-01T10:10:00Z', priority: 'HIGH' },
      { id: 3, origin: 'Email', date: '2026-01-01T20:00:00Z' },
    )
    copy = mkdtempSync(join(tmpdir(), 'franz-dashboards-'))
    cpSync(folder, copy, { recursive: true })
    served = await serve(desk, { port: 0, dashboards: copy })
  }, openWithinMs)
  afterAll(async () => {
    await served.close()
    await desk.close()
  })

  const day = 'from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z'
  const ask = async (path: string) => {
    const answer = await fetch(`${served.url}${path}`)
    return { status: answer.status, body: (await answer.json()) as { rows: unknown[][]; columns: { type: string }[] } }
  }
  const idOf = (uid: string, title: string) =>
    boards.find(board => board.uid === uid)!.panels.find(panel => panel.title === title)!.id

  test.each(boards.flatMap(({ uid, panels }) => panels.map(panel => [uid, panel.title, panel.id] as const)))(
    '%s: the panel "%s" has an answer',
    async (uid, _title, id) => {
      const { status, body } = await ask(`/api/dashboards/${uid}/panels/${id}?${day}`)
      expect([status, body]).toEqual([200, expect.objectContaining({ cut: false })])
    },
  )

  test('panels count what they are asked for: the time, and the values of variables', async () => {
    const path = `/api/dashboards/franz-desk/panels/${idOf('franz-desk', 'Tickets')}`
    const count = async (query: string) => (await ask(`${path}?${query}`)).body.rows[0]![0]
    expect(await count(day)).toBe(3)
    expect(await count(`${day}&var-origin=Email`)).toBe(2)
    expect(await count(`${day}&var-origin=Email,Discord&var-priority=HIGH`)).toBe(1)
    expect(await count('from=2026-01-01T12:00:00Z&to=2026-01-02T00:00:00Z')).toBe(1)
    expect((await ask(`${path}?${day}&var-nonsense=1`)).status).toBe(400)
    expect((await ask(`${path}?rawSql=select+1`)).status).toBe(400)
    expect((await ask('/api/dashboards/franz-desk/panels/999')).status).toBe(404)
  })

  test('a time series has its times, names and values', async () => {
    const id = idOf('franz-desk', 'Tickets by platform')
    const { body } = await ask(`/api/dashboards/franz-desk/panels/${id}?${day}&interval_ms=3600000`)
    expect(body.columns.map(({ type }) => type)).toEqual(['time', 'text', 'number'])
    expect(body.rows).toEqual([
      ['2026-01-01T10:00:00.000Z', 'Discord', 1],
      ['2026-01-01T10:00:00.000Z', 'Email', 1],
      ['2026-01-01T20:00:00.000Z', 'Email', 1],
    ])
  })

  test('another SQL in the file is another number, and a panel that is deleted is gone', async () => {
    const file = join(copy, '1-desk.json')
    const text = readFileSync(file, 'utf8')
    const board = JSON.parse(text) as Board
    const [first] = board.panels
    const path = `/api/dashboards/franz-desk/panels/${first!.id}?${day}`
    expect((await ask(path)).body.rows).toEqual([[3]])
    first!.targets[0]!.rawSql = 'SELECT count(*) * 100 AS value FROM tickets'
    writeFileSync(file, JSON.stringify(board))
    expect((await ask(path)).body.rows).toEqual([[300]])
    writeFileSync(file, JSON.stringify({ ...board, panels: board.panels.slice(1) }))
    expect((await ask(path)).status).toBe(404)
    writeFileSync(file, text)
  })

  test('a panel whose SQL writes is refused by the database', async () => {
    const file = join(copy, '1-desk.json')
    const text = readFileSync(file, 'utf8')
    const board = JSON.parse(text) as Board
    board.panels[0]!.targets[0]!.rawSql = 'DELETE FROM tickets RETURNING 1 AS value'
    writeFileSync(file, JSON.stringify(board))
    expect((await ask(`/api/dashboards/franz-desk/panels/${board.panels[0]!.id}?${day}`)).status).toBe(500)
    writeFileSync(file, text)
    expect((await (await fetch(`${served.url}/api/kpis`)).json()) as unknown).toMatchObject({ total_tickets: 3 })
  })
})
