import { expect, test } from 'vitest'
import { hostRoutes, serve } from '../../../runners/host/index.ts'
import { json, keyed, text, topic, topology, whole } from '../../../topology/index.ts'
import { openLog, started, until } from './world.ts'

const hour = 3_600_000

interface Body {
  readonly value?: unknown
  readonly error?: string
  readonly entries: readonly unknown[]
  readonly windows: readonly unknown[]
  readonly stores: readonly { readonly store: string }[]
}

const sales = topic('sales', { key: text, value: whole, partitions: 2 })
const marks = topic('marks', { key: whole, value: text, partitions: 2 })
const shop = topology('shop', draft => {
  const records = draft.stream(sales)
  records.group().count('sold')
  records.group().tumbling({ size: '1h', grace: '5m' }).count('per-hour')
  records.group().sliding({ within: '1h', grace: '5m' }).count('lately')
  records.group().session({ gap: '30m', grace: '2h' }).count('visits')
  draft.table('marks-by-number', marks)
  records.process('notes', {
    stores: { notes: keyed(text, json<{ readonly last: number }>('Note')) },
    record: (sale, key, { stores }) => stores.notes.put(key, { last: sale }),
  })
})

const opened = async () => {
  const log = openLog()
  const running = await started(shop, { log })
  const wholeBytes = (value: number) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(value))
    return bytes
  }
  const codec = whole.open({ topic: 'sales', part: 'value' }, undefined) as { encode(value: number): Uint8Array }
  const sell = (key: string, ...times: readonly number[]) =>
    log.append([
      {
        to: { topic: 'sales', partition: key === 'tea' ? 0 : 1 },
        records: times.map((timestamp, at) => ({
          key: Buffer.from(key),
          value: codec.encode(at + 1),
          timestamp,
          headers: [],
        })),
      },
    ])
  return { log, running, sell, wholeBytes }
}

const url = async (running: Parameters<typeof hostRoutes>[0]) => {
  const served = await serve({ port: 0, routes: hostRoutes(running) })
  return {
    served,
    get: async (path: string) => {
      const response = await fetch(`${served.url}${path}`)
      return { status: response.status, body: (await response.json()) as Body }
    },
  }
}

test('a store is asked by key and by range while its topology runs, in code and over HTTP', async () => {
  const { running, sell } = await opened()
  // "tea" belongs to partition 0 of 2 and "cake" to 1, by the hash that Kafka's clients use.
  sell('tea', hour, 2 * hour, 2 * hour + 60_000)
  sell('cake', hour)
  const sold = running.query('sold')
  await until(() => sold.range().length === 2, 'both keys counted')
  expect([sold.get('tea'), sold.get('cake'), sold.get('soup')]).toEqual([3, 1, undefined])
  expect(sold.range({ limit: 1 })).toHaveLength(1)
  expect(running.query('notes').get('tea')).toEqual({ last: 3 })
  expect(running.query('per-hour').windows('tea')).toMatchObject([
    { key: 'tea', start: hour, end: 2 * hour, value: 1 },
    { key: 'tea', start: 2 * hour, end: 3 * hour, value: 2 },
  ])
  expect(running.query('per-hour').windows('tea', { from: 2 * hour })).toHaveLength(1)
  expect(
    running
      .query('visits')
      .windows('tea')
      .map(({ start, end, value }) => [start, end, value]),
  ).toEqual([
    [hour, hour, 1],
    [2 * hour, 2 * hour + 60_000, 2],
  ])
  expect(running.query('lately').windows('tea').length).toBeGreaterThan(2)

  const { served, get } = await url([running])
  expect(await get('/stores/shop/sold/tea')).toEqual({ status: 200, body: { value: 3 } })
  expect((await get('/stores/shop/sold/soup')).status).toBe(404)
  expect((await get('/stores/shop/sold?limit=1')).body.entries).toHaveLength(1)
  expect((await get('/stores/shop/per-hour/tea?from=7200000')).body.windows).toMatchObject([{ value: 2 }])
  expect((await get('/stores/shop/per-hour/tea?from=1970-01-01T02:00:00Z')).body.windows).toMatchObject([{ value: 2 }])
  expect((await get('/stores')).body.stores.map(({ store }: { store: string }) => store).sort()).toEqual(
    running.stores().toSorted(),
  )
  await served.close()
})

test('what cannot be answered is said, with what to ask instead', async () => {
  const { running } = await opened()
  expect(() => running.query('sould')).toThrow('shop has no store "sould". Stores to ask are: sold, per-hour')
  expect(() => running.query('per-hour').get('tea')).toThrow(
    '"per-hour" is windowed: ask it by windows(key, { from, to }).',
  )
  expect(() => running.query('sold').windows('tea')).toThrow('"sold" is not windowed: ask it by get(key).')
  expect(() => running.query('sold').range({ limit: 5_000 })).toThrow(
    'a limit is a whole number from 1 to 1000, not 5000.',
  )
  expect(() => running.query('marks-by-number').get('one')).toThrow('the store has no such keys')
  const { served, get } = await url([running])
  for (const [path, status] of [
    ['/stores/shop/sould', 404],
    ['/stores/shop/sold?limit=0', 400],
    ['/stores/shop/sold?limit=x', 400],
    ['/stores/nowhere/sold', 404],
    ['/stores/shop/per-hour/tea?from=noon', 400],
    ['/stores/shop/sold/%ff', 400],
    ['/stores/shop/sold/a/b', 404],
    ['/../etc/passwd', 404],
  ] as const)
    expect([path, (await get(path)).status]).toEqual([path, status])
  await served.close()
})

test('keys that are not texts are asked as JSON', async () => {
  const { log, running, wholeBytes } = await opened()
  const codec = whole.open({ topic: 'marks', part: 'key' }, undefined) as { encode(value: number): Uint8Array }
  expect(Buffer.from(codec.encode(7))).toEqual(wholeBytes(7))
  const record = { key: codec.encode(7), value: Buffer.from('seven'), timestamp: hour, headers: [] }
  // Wherever it belongs: one of the two partitions is right, and the other is never asked.
  log.append([0, 1].map(partition => ({ to: { topic: 'marks', partition }, records: [record] })))
  await until(() => running.query('marks-by-number').range().length === 2, 'the marks')
  const { served, get } = await url([running])
  expect(await get('/stores/shop/marks-by-number/7')).toEqual({ status: 200, body: { value: 'seven' } })
  await served.close()
})

test('what is asked is what was committed: a value that is staged is not seen', async () => {
  const log = openLog()
  const commit = log.commit.bind(log)
  let held = true
  log.commit = (group, epoch, changes) => {
    if (held && group === 'shop') throw new Error('not now')
    return commit(group, epoch, changes)
  }
  const running = await started(shop, { log })
  const codec = whole.open({ topic: 'sales', part: 'value' }, undefined) as { encode(value: number): Uint8Array }
  log.append([
    {
      to: { topic: 'sales', partition: 0 },
      records: [{ key: Buffer.from('tea'), value: codec.encode(1), timestamp: hour, headers: [] }],
    },
  ])
  await expect(running.ended).rejects.toThrow('not now')
  held = false
  const again = await started(shop, { log })
  await until(() => again.query('sold').range().length > 0, 'a count')
  expect(again.query('sold').get('tea')).toBe(1)
})
