import { expect, test } from 'vitest'
import { call, type Duration, type Stream, text, topic, topology, whole } from '../../topology/index.ts'
import { type CommitStep, commitSteps, type DriveOptions, drive, type VirtualAttempt } from '../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const other = topic('other', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })
const rung = topic('rung', { key: text, value: text })

const minutes = (stream: Stream<string, string>) =>
  stream
    .group()
    .tumbling({ size: '1m', grace: '10s' })
    .count('counted')
    .suppress('closed')
    .changes()
    .filter(count => count !== null)
    .toKeyed(counts, (_count, { key }) => key)

const direct = (options: { readonly idle?: Duration }) =>
  topology('direct', draft => draft.stream(lines, options).use(minutes))
const distant = (options: { readonly idle?: Duration }) =>
  topology('distant', draft =>
    draft
      .stream(lines, options)
      .rekey('again', (_line, key) => key, { key: text })
      .use(minutes),
  )

/** The wall clock and the records agree on the time, as they mostly do. */
const now = 1_000 * 60_000
type World = Awaited<ReturnType<typeof drive>>
const at = async (drawn: ReturnType<typeof direct>, options: DriveOptions = {}) => {
  const dropped: string[] = []
  const observer = { dropped: (_operator: string, reason: string) => dropped.push(reason) }
  const world = await drive(drawn, { partitions: 1, now, observer, ...options })
  return { world, dropped }
}
const closed = async (world: World) => (await world.read(counts)).map(({ key, value }) => `${key}=${value}`).sort()

for (const [where, drawn] of [
  ['at its source', direct],
  ['behind an exchange', distant],
] as const) {
  test(`the last window closes ${where} once nothing comes any more`, async () => {
    const { world, dropped } = await at(drawn({ idle: '30s' }), { partitions: 2 })
    await world.send(lines, 'a', '', now)
    await world.send(lines, 'd', '', now + 1_000)
    await world.send(lines, 'a', '', now + 5_000)
    for (const seconds of [30, 60]) {
      await world.advance('30s')
      expect(await closed(world), `${seconds} s`).toEqual([])
    }
    // Time goes on with the wall clock: 5 s + 90 s are more than the window and its grace.
    await world.advance('30s')
    expect(await closed(world)).toEqual(['a=2', 'd=1'])
    await world.send(lines, 'a', 'too late', now + 6_000)
    await world.send(lines, 'a', 'in time', now + 60_000)
    expect(dropped).toEqual(['late'])
    await world.advance('5m')
    expect(await closed(world)).toEqual(['a=1'])
  })

  test(`without \`idle\` nothing closes ${where}`, async () => {
    const { world } = await at(drawn({}))
    await world.send(lines, 'a', '', now)
    await world.advance('1d')
    expect(await closed(world)).toEqual([])
  })

  test(`a restart admits no record for which it is too late ${where}`, async () => {
    const { world, dropped } = await at(drawn({ idle: '30s' }))
    await world.send(lines, 'a', '', now)
    await world.advance('2m')
    expect(await closed(world)).toEqual(['a=1'])
    await world.crash('instance-0', 'lost')
    await world.send(lines, 'a', 'too late', now + 1_000)
    await world.advance('10m')
    expect(await closed(world)).toEqual([])
    expect(dropped).toEqual(['late'])
  })

  test(`a crash while it is quiet only makes the quiet longer ${where}`, async () => {
    const { world } = await at(drawn({ idle: '30s' }))
    await world.send(lines, 'a', '', now)
    await world.advance('60s')
    await world.crash('instance-0')
    await world.settle()
    await world.advance('30s')
    await world.advance('30s')
    expect(await closed(world)).toEqual(['a=1'])
  })

  test(`faults at every step of every commit close each window once ${where}`, async () => {
    const story = async (options: DriveOptions) => {
      const { world } = await at(drawn({ idle: '30s' }), { partitions: 2, ...options })
      for (let round = 0; round < 3; round++) {
        for (const key of ['a', 'd', 'e']) await world.send(lines, key, '', now + round * 600_000)
        for (let step = 0; step < 10; step++) await world.advance('1m')
      }
      return closed(world)
    }
    const calm = await story({})
    expect(calm).toEqual(['a=1', 'a=1', 'a=1', 'd=1', 'd=1', 'd=1', 'e=1', 'e=1', 'e=1'])
    for (const fault of ['crash', 'abort', 'lose answer'] as const) {
      for (const step of commitSteps) {
        let seen = 0
        const faults = (found: CommitStep) => (found === step && ++seen % 4 === 1 ? fault : undefined)
        expect(await story({ faults }), `${fault} at ${step}`).toEqual(calm)
      }
    }
  })
}

test('records that still come in one place are waited for in another', async () => {
  const { world, dropped } = await at(distant({ idle: '30s' }), { partitions: 2 })
  await world.send(lines, 'a', '', now)
  // Key d goes through the other task, which has work: what it writes might have been for this window.
  for (let step = 1; step <= 20; step++) {
    await world.advance('15s')
    await world.send(lines, 'd', '', now + step * 15_000)
  }
  expect((await closed(world)).filter(line => line.startsWith('a'))).toEqual([])
  await world.advance('2m')
  await world.advance('2m')
  expect((await closed(world)).filter(line => line.startsWith('a'))).toEqual(['a=1'])
  expect(dropped).toEqual([])
})

test('time passes only where every source of a task may be idle', async () => {
  const joined = (options: { readonly idle?: Duration }) =>
    topology('joined', draft =>
      draft
        .stream(lines, { idle: '30s' })
        .merge(draft.stream(other, options))
        .use(stream => minutes(stream as Stream<string, string>)),
    )
  for (const [options, expected] of [
    [{}, []],
    [{ idle: '1m' }, ['a=1']],
  ] as const) {
    const { world } = await at(joined(options))
    await world.send(lines, 'a', '', now)
    for (let step = 0; step < 4; step++) await world.advance('59s')
    expect(await closed(world)).toEqual(expected)
  }
})

test('timers in stream time ring in the quiet', async () => {
  const timed = topology('timed', draft => {
    draft
      .stream(lines, { idle: '10s' })
      .process('timer', {
        timers: { soon: 'stream' },
        as: text,
        record: (_line, key, { timers, timestamp }) => timers.soon.at(timestamp + 25_000, key),
        due: { soon: (_key, time, { emit }) => emit(`at ${time - now}`) },
        every: {
          tick: { clock: 'stream', interval: '1m', run: (time, { emit }) => emit(`tick ${time - now}`, { key: '' }) },
        },
      })
      .to(rung)
  })
  const { world } = await at(timed)
  await world.send(lines, 'a', '', now)
  for (let step = 0; step < 7; step++) await world.advance('10s')
  expect((await world.read(rung)).map(({ value }) => value)).toEqual(['tick 0', 'at 25000', 'tick 60000'])
})

test('while a record waits for an answer time does not pass, here or behind an exchange', async () => {
  const asked = topology('asked', draft => {
    draft
      .stream(lines, { idle: '30s' })
      .enrich('ask', call({ question: text, answer: text }), {
        ask: line => line,
        merge: (_line, answer) => answer,
        as: text,
        inFlight: 1,
        timeout: '1h',
        retry: { attempts: 1, backoff: 0 },
        remember: 0,
      })
      .rekey('again', (_line, key) => key, { key: text })
      .use(minutes)
  })
  const calls = {
    ask: async (line: string, { sleep }: VirtualAttempt) => {
      if (line === 'slow') await sleep('10m')
      return line
    },
  }
  const { world, dropped } = await at(asked, { calls })
  await world.send(lines, 'a', 'quick', now)
  await world.send(lines, 'a', 'slow', now + 1_000)
  for (let step = 0; step < 19; step++) await world.advance('30s')
  expect(await closed(world)).toEqual([])
  await world.advance('30s')
  for (let step = 0; step < 4; step++) await world.advance('30s')
  expect(await closed(world)).toEqual(['a=2'])
  expect(dropped).toEqual([])
})

test('long quiet costs few commits', async () => {
  let commits = 0
  const { world } = await at(direct({ idle: '1s' }), { observer: { committed: () => commits++ } })
  await world.send(lines, 'a', '', now)
  for (let second = 0; second < 1_000; second++) await world.advance('1s')
  expect(commits).toBeLessThan(350)
  expect(await closed(world)).toEqual(['a=1'])
})
