import { expect, test } from 'vitest'
import { call, type Stream, text, topic, topology, whole } from '../../../topology/index.ts'
import { drive, type VirtualAttempt } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })
const rung = topic('rung', { key: text, value: text })

const asking = call({ question: text, answer: text })

const answered = (stream: Stream<string, string>) =>
  stream.enrich('ask', asking, {
    ask: line => line,
    merge: (_line, answer) => answer,
    as: text,
    inFlight: 8,
    timeout: '1d',
    retry: { attempts: 1, backoff: 0 },
    remember: 0,
  })

const closed = (stream: Stream<string, string>) =>
  stream
    .group()
    .tumbling({ size: 10, grace: 0 })
    .count('counted')
    .suppress('closed')
    .changes()
    .filter(count => count !== null)
    .toKeyed(counts, (_count, { key, start }) => `${key}@${start}`)

/** In one task. */
const direct = topology('direct', draft => draft.stream(lines).use(answered).use(closed))
/** The windows stand behind a topic of their own. */
const distant = topology('distant', draft => {
  draft
    .stream(lines)
    .use(answered)
    .rekey('again', (_line, key) => key, { key: text })
    .use(closed)
})

/** Lines that start with `slow` are answered when they are let go. */
const gate = () => {
  let letGo = () => {}
  const gone = new Promise<void>(resolve => {
    letGo = resolve
  })
  let open = false
  const ask = async (line: string, { sleep }: VirtualAttempt) => {
    if (line.startsWith('slow') && !open) await Promise.race([gone, sleep('1d')])
    return line
  }
  return {
    calls: { ask },
    open() {
      open = true
      letGo()
    },
  }
}

for (const [where, drawn] of [
  ['in one task', direct],
  ['across an exchange', distant],
] as const) {
  test(`a slow answer delays windows and loses nothing, ${where}`, async () => {
    const late: string[] = []
    const { calls, open } = gate()
    const observer = { dropped: (_operator: string, reason: string) => late.push(reason) }
    const world = await drive(drawn, { calls, partitions: 1, observer })
    await world.send(lines, 'a', 'slow', 1)
    await world.send(lines, 'b', 'quick', 12)
    await world.send(lines, 'b', 'quick', 25)
    await world.send(lines, 'c', 'quick', 5)
    expect(await world.read(counts)).toEqual([])
    open()
    // The answer comes by itself: a moment of the event loop, then the world goes on.
    await new Promise(setImmediate)
    await world.settle()
    expect((await world.read(counts)).map(({ key, value }) => `${key}=${value}`)).toEqual(['a@0=1', 'c@0=1', 'b@10=1'])
    expect(late).toEqual([])
    // From now on nothing is held back.
    await world.send(lines, 'd', 'quick', 30)
    expect((await world.read(counts)).map(({ key, value }) => `${key}=${value}`)).toEqual(['b@20=1'])
    await world.send(lines, 'd', 'quick', 29)
    expect(late).toEqual(['late'])
  })

  test(`what holds time back outlives a crash, ${where}`, async () => {
    const late: string[] = []
    const { calls, open } = gate()
    const observer = { dropped: (_operator: string, reason: string) => late.push(reason) }
    const world = await drive(drawn, { calls, partitions: 1, observer })
    await world.send(lines, 'a', 'slow', 1)
    await world.send(lines, 'b', 'quick', 25)
    await world.crash('instance-0', 'lost')
    await world.settle()
    await world.send(lines, 'b', 'quick', 26)
    expect(await world.read(counts)).toEqual([])
    open()
    await new Promise(setImmediate)
    await world.settle()
    expect((await world.read(counts)).map(({ key, value }) => `${key}=${value}`)).toEqual(['a@0=1'])
    expect(late).toEqual([])
  })
}

test('a timer in stream time behind a call waits for the oldest record that waits for its answer', async () => {
  const timed = topology('timed', draft => {
    draft
      .stream(lines)
      .use(answered)
      .process('timer', {
        timers: { soon: 'stream' },
        as: text,
        record: (_line, key, { timers, timestamp }) => timers.soon.at(timestamp + 5, key),
        due: { soon: (_key, time, { emit }) => emit(`at ${time}`) },
      })
      .to(rung)
  })
  const { calls, open } = gate()
  const world = await drive(timed, { calls, partitions: 1 })
  await world.send(lines, 'a', 'slow', 1)
  await world.send(lines, 'b', 'quick', 10)
  await world.send(lines, 'c', 'quick', 100)
  expect(await world.read(rung)).toEqual([])
  open()
  await new Promise(setImmediate)
  await world.settle()
  expect((await world.read(rung)).map(({ key, value }) => `${key} ${value}`)).toEqual(['a at 6', 'b at 15'])
})

test('a record that comes late anyway does not turn time back', async () => {
  const { calls } = gate()
  const world = await drive(direct, { calls, partitions: 1 })
  await world.send(lines, 'b', 'quick', 25)
  await world.send(lines, 'b', 'quick', 35)
  await world.send(lines, 'a', 'slow', 1)
  await world.send(lines, 'b', 'quick', 55)
  // 35 had been reached before the slow one came; 55 waits for it.
  expect((await world.read(counts)).map(({ key }) => key)).toEqual(['b@20'])
})

/** Small numbers in an order that a seed decides. */
const dice = (seed: number) => {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

/** Readers in several partitions, of which each has to be told. */
const spread = topology('spread', draft => {
  draft
    .stream(lines)
    .use(answered)
    .rekey('again', (_line, key) => key, { key: text, partitions: 3 })
    .use(closed)
})

/** Two exchanges behind the call: what time has come to is handed on from one to the next. */
const chained = topology('chained', draft => {
  draft
    .stream(lines)
    .use(answered)
    .rekey('first', (_line, key) => `${key}${key}`, { key: text, partitions: 1 })
    .rekey('second', (_line, key) => key.slice(0, 1), { key: text, partitions: 4 })
    .use(closed)
})

test('windows that close behind slow calls say what they say behind quick ones, whatever the seed', async () => {
  const told = async (drawn: typeof distant, seed: number, slow: boolean) => {
    const late: string[] = []
    const roll = dice(seed)
    const calls = {
      ask: async (line: string, { sleep }: VirtualAttempt) => {
        if (slow) await sleep(1 + (line.charCodeAt(line.length - 1) % 7) * 1_000)
        return line
      },
    }
    const observer = { dropped: (_operator: string, reason: string) => late.push(reason) }
    const world = await drive(drawn, { calls, partitions: 1, observer })
    for (let at = 0; at < 40; at++) {
      await world.send(lines, 'abcdefgh'[roll(8)]!, `line ${roll(100)}`, at * 3 + roll(3))
      if (roll(3) === 0) await world.advance(roll(3_000))
    }
    for (let at = 0; at < 60; at++) await world.advance('1s')
    for (const key of 'abcdefgh') await world.send(lines, key, 'last 0', 1_000)
    for (let at = 0; at < 10; at++) await world.advance('1s')
    const found = (await world.read(counts)).map(({ key, value }) => `${key}=${value}`)
    return { found: found.sort(), late }
  }
  for (let seed = 1; seed <= 2; seed++) {
    for (const drawn of [direct, spread, chained]) {
      const quick = await told(drawn, seed, false)
      expect(quick.late).toEqual([])
      expect(quick.found.length).toBeGreaterThan(15)
      expect(await told(drawn, seed, true), `${drawn.name}, seed ${seed}`).toEqual(quick)
    }
  }
})
