import { expect, test } from 'vitest'
import { text, topic, topology, whole, windowed } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { joined, left, right, survives, tells } from './stories.ts'
import { leftIn, toJoined } from './windows.ts'

const sessions = (grace: number) =>
  topology('sessions', draft => {
    const windows = draft.stream(left).group().session({ gap: 10, grace })
    const texts = windows.aggregate('texts', {
      init: () => '',
      add: (so, one) => (one === 'stop' ? null : so + one),
      merge: (one, other) => one + other,
      as: text,
    })
    toJoined(texts.changes())
    texts.late().to(right)
  })

test('a session goes on for as long as records follow within the gap, and replaces what it was before', async () => {
  await tells(
    await drive(sessions(50), { partitions: 1 }),
    `left a A 100 -> a@100-100=A@100
     left a B 100 -> a@100-100=AB@100
     left a C 110 -> a@100-100=-@100 a@100-110=ABC@110
     left b D 105 -> b@105-105=D@105
     left a E 121 -> a@121-121=E@121
     left a F 105 -> a@100-110=-@110 a@100-110=ABCF@110`,
  )
})

test('a late record bridges sessions: they become one, the oldest first and the record last', async () => {
  await tells(
    await drive(sessions(50), { partitions: 1 }),
    `left a A 100 -> a@100-100=A@100
     left a B 120 -> a@120-120=B@120
     left a C 140 -> a@140-140=C@140
     left a D 110 -> a@100-100=-@100 a@120-120=-@120 a@100-120=ABD@120
     left a E 130 -> a@100-120=-@120 a@140-140=-@140 a@100-140=ABDCE@140
     left a F 95  -> a@100-140=-@140 a@95-140=ABDCEF@140`,
  )
})

test('a record is late when even the session that it would join has closed; one that bridges to an open one is not', async () => {
  const world = await drive(sessions(5), { partitions: 1 })
  await tells(
    world,
    `left a A 100 -> a@100-100=A@100
     left b B 115 -> b@115-115=B@115
     left a C 100 -> a@100-100=AC@100
     left b D 116 -> b@115-115=-@115 b@115-116=BD@116
     left a E 100
     left a F 101 -> a@101-101=F@101
     left b G 125 -> b@115-116=-@116 b@115-125=BDG@125
     left b H 106 -> b@115-125=-@125 b@106-125=BDGH@125
     left a I 109`,
  )
  expect((await world.read(right)).map(({ value }) => value)).toEqual(['E', 'I'])
})

test('null as an aggregate deletes the session, and older sessions of the key are still there', async () => {
  await tells(
    await drive(sessions(50), { partitions: 1 }),
    `left a A 100    -> a@100-100=A@100
     left a B 120    -> a@120-120=B@120
     left a stop 120 -> a@120-120=-@120
     left a C 95     -> a@100-100=-@100 a@95-100=AC@100
     left a stop 95  -> a@95-100=-@100 a@95-100=-@100
     left a D 97     -> a@97-97=D@97`,
  )
})

test('counts and reduced values of merged sessions are merged, too', async () => {
  const counted = topology('counted', draft => {
    const visits = draft.stream(left).group().session({ gap: 10, grace: 50 })
    toJoined(visits.count('counts').changes())
    visits.reduce('longest', (one, other) => (one.length >= other.length ? one : other))
  })
  const world = await drive(counted, { partitions: 1 })
  await tells(
    world,
    `left a A 100  -> a@100-100=1@100
     left a BB 105 -> a@100-100=-@100 a@100-105=2@105
     left a CC 120 -> a@120-120=1@120
     left a D 112  -> a@100-105=-@105 a@120-120=-@120 a@100-120=4@120`,
  )
  expect(await world.look('longest', { key: 'a', start: 100, end: 120 })).toBe('BB')
})

test('a session’s key is written as Kafka Streams writes it, end before start, in the partition of the key', async () => {
  const counts = topic('counts', { key: windowed(text, 'session'), value: whole })
  const counting = topology('counting', draft => {
    draft.stream(left).group().session({ gap: 10, grace: 5 }).count('sessions').changes().to(counts)
  })
  const world = await drive(counting, { partitions: 4 })
  await world.send(left, 'd', 'x', 258)
  await world.send(left, 'd', 'x', 260)
  const given = (await world.readBytes('left'))[0]!.partition
  const written = await world.readBytes('counts')
  const key = (start: number, end: number) => Uint8Array.of(0x64, 0, 0, 0, 0, 0, 0, 1, end, 0, 0, 0, 0, 0, 0, 1, start)
  expect(written.map(({ key }) => key)).toEqual([key(2, 2), key(2, 2), key(2, 4)])
  expect(new Set(written.map(({ partition }) => partition))).toEqual(new Set([given]))
  const { decode } = await counts.key.open({ topic: 'counts', part: 'key' }, undefined)
  expect(decode(written.at(-1)!.key!)).toEqual({ key: 'd', start: 258, end: 260 })
})

test('in whatever order records come, the sessions are those that lie farther apart than the gap', async () => {
  let seed = 7
  const below = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * limit)
  }
  for (let round = 0; round < 40; round++) {
    const world = await drive(sessions(1_000), { partitions: 1 })
    const records = Array.from({ length: 2 + below(12) }, (_, index) => ({
      name: String.fromCharCode(65 + index),
      at: 100 + below(150),
    }))
    for (const { name, at } of records) await world.send(left, 'a', name, at)
    const rows = new Map<string, string>()
    for (const { key, value } of await world.read(joined)) {
      if (value === null) rows.delete(key)
      else rows.set(key, [...value].sort().join(''))
    }
    const expected: { start: number; end: number; names: string[] }[] = []
    for (const { name, at } of records.toSorted((one, other) => one.at - other.at)) {
      const last = expected.at(-1)
      if (last === undefined || at > last.end + 10) expected.push({ start: at, end: at, names: [name] })
      else {
        last.end = at
        last.names.push(name)
      }
    }
    const shown = expected.map(({ start, end, names }) => [`a@${start}-${end}`, names.sort().join('')])
    expect(Object.fromEntries(rows), JSON.stringify(records)).toEqual(Object.fromEntries(shown))
  }
})

test('closed sessions leave the store, also those before the newest of their key', async () => {
  const world = await drive(sessions(50), { partitions: 1 })
  for (let time = 0; time < 300; time += 11) await world.send(left, `key-${time % 2}`, 'x', time)
  await world.send(left, 'a', 'x', 300)
  // Three of the newest sessions are open to what is 60 ms late: the rest has gone, or goes with a later commit.
  await world.send(left, 'a', 'x', 40_000_000_000)
  await world.send(left, 'a', 'x', 40_000_000_011)
  expect(await leftIn(world, 'sessions-texts-changelog')).toEqual({ data: 2, order: 1 })
  expect(await world.look('texts', { key: 'a', start: 40_000_000_000, end: 40_000_000_000 })).toBe('x')
  expect(await world.look('texts', { key: 'a', start: 300, end: 300 })).toBe(undefined)
})

test('a session that goes on is one change in the changelog, however often its end moves', async () => {
  const world = await drive(sessions(50), { partitions: 1 })
  for (let time = 100; time < 200; time += 10) await world.send(left, 'a', 'x', time)
  const changelog = await world.readBytes('sessions-texts-changelog')
  expect(changelog.filter(({ key }) => key![0] === 1).length).toBe(10)
})

const story = `left a A 100
   left b B 108
   left a C 120
   left a D 110
   left b E 140
   left a F 128
   left b stop 141
   left b G 99
   left a H 135`

test('faults at every step of every commit change nothing of what comes out', async () => {
  await survives(sessions(20), story, { partitions: 2 })
})

test('sessions go on when their task moves to another instance', async () => {
  const world = await drive(sessions(50), { partitions: 1, instances: 2 })
  await tells(world, 'left a A 100 -> a@100-100=A@100\n left a B 120 -> a@120-120=B@120')
  await world.move(0, 'instance-1')
  await tells(world, 'left a C 110 -> a@100-100=-@100 a@120-120=-@120 a@100-120=ABC@120')
})
