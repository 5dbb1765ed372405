import { request } from 'node:http'
import { expect, test } from 'vitest'
import { hostRoutes, type Running, serve } from '../../../runners/host/index.ts'
import { call, type SourceConnector, text, topic, topology } from '../../../topology/index.ts'
import { samplesOf } from './samples.ts'
import { openLog, started, textsOf, until } from './world.ts'

const words = topic('words', { key: text, value: text, partitions: 1 })
const loud = topic('loud', { key: text, value: text, partitions: 1 })
const letters = topic('letters', { key: text, value: text, partitions: 1 })
const shout = call({ question: text, answer: text })
const desk = topology('desk', { deadLetters: letters }, draft => {
  draft
    .source('inbox', words)
    .filter(word => {
      if (word === 'bad') throw new Error('a bad word')
      return true
    })
    .enrich('shout', shout, {
      ask: word => word,
      merge: (_word, answer) => answer,
      as: text,
      inFlight: 2,
      timeout: '5s',
      retry: { attempts: 1, backoff: '1s' },
      otherwise: word => word,
      remember: '1d',
    })
    .to(loud)
  draft.sink('outbox', loud)
})

const metricsOf = async (running: Running): Promise<string> => {
  const served = await serve({ port: 0, routes: hostRoutes([running]) })
  try {
    return await (await fetch(`${served.url}/metrics`)).text()
  } finally {
    await served.close()
  }
}

const inbox: SourceConnector<string, string> = {
  async open(feed) {
    await feed.append(['a', 'bad', 'b'].map(value => ({ key: value, value })))
    return { close: async () => {} }
  },
}

test('the figures of a topology are there as Prometheus reads them', async () => {
  const log = openLog()
  const taken: (string | null)[] = []
  const running = await started(desk, {
    log,
    calls: { shout: (word: string) => word.toUpperCase() },
    sources: { inbox },
    sinks: {
      outbox: {
        open: async () => ({
          deliver: async records => void taken.push(...records.map(({ value }) => value as string | null)) as undefined,
          close: async () => {},
        }),
      },
    },
  })
  await until(() => taken.length === 2, 'two words')
  const samples = samplesOf(await metricsOf(running))
  const value = (name: string) => samples.get(name)
  expect(value('franz_records_in_total{topology="desk"}')).toBe(3)
  expect(value('franz_source_records_total{topology="desk",source="desk.inbox"}')).toBe(3)
  expect(value('franz_sink_records_total{topology="desk",sink="desk.outbox"}')).toBe(2)
  expect(value('franz_calls_total{topology="desk",call="shout",outcome="answered"}')).toBe(2)
  expect(value('franz_call_seconds_count{topology="desk",call="shout"}')).toBe(2)
  expect([...samples].filter(([name]) => name.startsWith('franz_failures_total'))).toEqual([
    [expect.stringContaining('policy="dead letter"'), 1],
  ])
  expect(value('franz_lag_records{group="desk",topic="words",partition="0"}')).toBe(0)
  expect(value('franz_lag_records{group="desk.outbox",topic="loud",partition="0"}')).toBe(0)
  expect(value('franz_up{topology="desk"}')).toBe(1)
  expect(value('franz_commit_seconds_bucket{topology="desk",le="+Inf"}')).toBe(
    value('franz_commit_seconds_count{topology="desk"}'),
  )
  expect(
    [...samples.keys()].filter(name => name.startsWith('franz_store_entries{topology="desk",store="shout"')),
  ).toHaveLength(1)
  expect(value('franz_rebalances_total{topology="desk",group="desk",change="assigned"}')).toBe(1)
  expect(value('franz_partitions_owned{topology="desk",group="desk"}')).toBe(1)
  expect(value('franz_store_open_seconds_count{topology="desk"}')).toBeGreaterThan(0)
  expect(value('franz_stores_opening{topology="desk"}')).toBe(0)
  expect(value('franz_calls_waiting{topology="desk",call="shout"}')).toBe(0)
  expect(value('franz_store_bytes{topology="desk",store="shout",partition="0"}')).toBeGreaterThan(0)
  expect(await textsOf(log, 'letters')).toEqual(['bad'])
})

test('what waits for an answer is counted while it waits, and no longer', async () => {
  const log = openLog()
  const answers: ((answer: string) => void)[] = []
  const running = await started(desk, {
    log,
    calls: { shout: () => new Promise<string>(answer => answers.push(answer)) },
    sources: { inbox },
    sinks: { outbox: { open: async () => ({ deliver: async () => undefined, close: async () => {} }) } },
  })
  const waiting = async () => {
    return samplesOf(await metricsOf(running)).get('franz_calls_waiting{topology="desk",call="shout"}')
  }
  await until(async () => (await waiting()) === 2, 'two that wait')
  for (const answer of answers) answer('x')
  await until(async () => (await waiting()) === 0, 'none that waits')
  expect(await textsOf(log, 'loud')).toEqual(['x', 'x'])
})

test('health says what is wrong once a topology has ended', async () => {
  const log = openLog()
  const strict = topology('strict', draft =>
    draft
      .stream(words)
      .filter(() => {
        throw new Error('never')
      })
      .to(loud),
  )
  const running = await started(strict, { log })
  const served = await serve({ port: 0, routes: hostRoutes([running]) })
  const health = async () => {
    const response = await fetch(`${served.url}/health`)
    return [response.status, await response.json()]
  }
  expect(await health()).toEqual([200, { status: 'ok', topologies: [{ name: 'strict', trouble: null }] }])
  log.append([
    {
      to: { topic: 'words', partition: 0 },
      records: [{ key: null, value: Buffer.from('x'), timestamp: 1, headers: [] }],
    },
  ])
  await running.ended.catch(() => {})
  expect(await health()).toEqual([
    503,
    { status: 'trouble', topologies: [{ name: 'strict', trouble: expect.stringContaining('never') }] },
  ])
  await served.close()
})

test('other names than those of this machine are refused, and so is whatever does not read', async () => {
  const served = await serve({ port: 0, routes: hostRoutes([]) })
  const { port } = new URL(served.url)
  const status = (headers: Readonly<Record<string, string>>, method = 'GET') =>
    new Promise(resolve =>
      request({ port, path: '/health', headers, method }, response => resolve(response.resume().statusCode)).end(),
    )
  expect(await status({ host: 'evil.example' })).toBe(403)
  expect(await status({ host: `localhost:${port}` })).toBe(200)
  expect(await status({ host: 'localhost' }, 'POST')).toBe(405)
  await served.close()
})

test('a port that is taken is refused with the process that has it and the flag', async () => {
  const first = await serve({ port: 0, routes: [] })
  const { port } = new URL(first.url)
  const taken = serve({ port: Number(port), routes: [], flag: '--metrics-port' })
  await expect(taken).rejects.toThrow(
    new RegExp(
      `^port ${port} is taken by process ${process.pid} \\(.+\\)\\. Choose another with --metrics-port, or 0 for a free one\\.$`,
    ),
  )
  await first.close()
})
