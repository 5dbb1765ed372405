import { expect, test } from 'vitest'
import { text, topic, topology, whole, windowed } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { left, right, survives, tells } from './stories.ts'
import { leftIn, toJoined } from './windows.ts'

const tumbling = topology('tumbling', draft => {
  const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 }).count('per-window')
  toJoined(windows.changes())
  windows.late().to(right)
})

const hopping = topology('hopping', draft => {
  const windows = draft.stream(left, { tombstones: 'keep' }).group().hopping({ size: 10, every: 4, grace: 3 })
  const texts = windows.reduce('texts', (so, one) => so + one)
  toJoined(texts.changes())
  texts.late().to(right)
})

const forgetful = topology('forgetful', draft => {
  const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 })
  const add = (texts: string, one: string) => (one === 'stop' ? null : texts + one)
  toJoined(windows.aggregate('texts', { init: () => '', add, as: text }).changes())
})

test('records are counted by key and window, each update with the newest time in its window', async () => {
  const world = await drive(tumbling, { partitions: 1 })
  await tells(
    world,
    `left a x 12 -> a@10-20=1@12
     left a x 17 -> a@10-20=2@17
     left a x 11 -> a@10-20=3@17
     left b x 19 -> b@10-20=1@19
     left a x 20 -> a@20-30=1@20`,
  )
})

test('a window takes records until stream time is past its end by the grace, and not for one millisecond longer', async () => {
  const dropped: string[] = []
  const observer = { dropped: (operator: string, reason: string) => dropped.push(`${operator}: ${reason}`) }
  const world = await drive(tumbling, { partitions: 1, observer })
  await tells(
    world,
    `left a x 14 -> a@10-20=1@14
     left b x 24 -> b@20-30=1@24
     left a x 10 -> a@10-20=2@14
     left b x 25 -> b@20-30=2@25`,
  )
  expect(dropped).toEqual([])
  await tells(world, 'left a late 19')
  expect(dropped).toEqual(['count per-window: late'])
  expect((await world.read(right)).map(({ value, timestamp }) => [value, timestamp])).toEqual([['late', 19]])
})

test('a hopping record is in every window around it, and each of them closes by itself', async () => {
  const dropped: string[] = []
  const observer = { dropped: (_operator: string, reason: string) => dropped.push(reason) }
  const world = await drive(hopping, { partitions: 1, observer })
  await tells(
    world,
    `left a A 9   -> a@0-10=A@9 a@4-14=A@9 a@8-18=A@9
     left b B 16  -> b@8-18=B@16 b@12-22=B@16 b@16-26=B@16
     left a C 10  -> a@4-14=AC@10 a@8-18=AC@10
     left a D 9   -> a@4-14=ACD@10 a@8-18=ACD@10
     left - E 9
     left a - 99
     left a F 3`,
  )
  expect(dropped).toEqual(['late', 'null key', 'null value', 'late'])
  // One window of two took D: only F came too late for all.
  expect((await world.read(right)).map(({ value }) => value)).toEqual(['F'])
})

test('null as an aggregate deletes the window, and the next record begins it again', async () => {
  const world = await drive(forgetful, { partitions: 1 })
  await tells(
    world,
    `left a A 12    -> a@10-20=A@12
     left a stop 11 -> a@10-20=-@12
     left a stop 11 -> a@10-20=-@11
     left a B 10    -> a@10-20=B@10`,
  )
})

test('each partition has its own stream time', async () => {
  const world = await drive(tumbling, { partitions: 4 })
  // `a` and `d` lie in different partitions, so that the one does not make the other late.
  await tells(world, 'left a x 1000 -> a@1000-1010=1@1000\n left d x 3 -> d@0-10=1@3')
})

test('a windowed key is written as Kafka Streams writes it, in the partition of the key alone', async () => {
  const counts = topic('counts', { key: windowed(text, 10), value: whole })
  const counting = topology('counting', draft => {
    draft.stream(left).group().tumbling({ size: 10, grace: 5 }).count('per-window').changes().to(counts)
  })
  const world = await drive(counting, { partitions: 5 })
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await world.send(left, key, 'x', 1_700_000_000_003)
  const given = new Map((await world.readBytes('left')).map(({ key, partition }) => [String(key), partition]))
  const written = await world.readBytes('counts')
  expect(written.length).toBe(7)
  for (const { key, partition } of written) {
    expect(given.get(String(key!.subarray(0, 1)))).toBe(partition)
    expect(key!.subarray(1)).toEqual(Uint8Array.of(0, 0, 1, 0x8b, 0xcf, 0xe5, 0x68, 0))
  }
  expect(await world.look('per-window', { key: 'c', start: 1_700_000_000_000, end: 1_700_000_000_010 })).toBe(1)
})

test('windows by key can be counted on, grouped again and joined as tables are', async () => {
  const both = topology('both', draft => {
    const counts = draft.stream(left).group().tumbling({ size: 10, grace: 5 }).count('counts')
    const texts = draft
      .stream(right)
      .group()
      .tumbling({ size: 10, grace: 5 })
      .reduce('texts', (a, b) => a + b)
    toJoined(counts.join(texts, (count, all) => `${count}${all}`, { as: text }).changes())
  })
  await tells(
    await drive(both, { partitions: 3 }),
    `left a x 12
     right a A 11 -> a@10-20=1A@12
     right a B 13 -> a@10-20=1AB@13
     left a x 14  -> a@10-20=2AB@14
     left a x 20
     right a C 28 -> a@20-30=1C@28`,
  )
})

test('closed windows leave the store and its changelog, however far time jumps', async () => {
  const world = await drive(tumbling, { partitions: 1 })
  for (let time = 0; time < 100; time += 3) await world.send(left, `key-${time % 4}`, 'x', time)
  await world.send(left, 'a', 'x', 40_000_000_000)
  await world.send(left, 'b', 'x', 40_000_000_001)
  expect(await leftIn(world, 'tumbling-per-window-changelog')).toEqual({ data: 2, order: 0 })
})

test('a closed window is not found, whether or not it has been deleted, unless it was to be kept for longer', async () => {
  const keeping = topology('keeping', draft => {
    const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 })
    windows.count('short')
    windows.count('long', { retention: 100 })
  })
  const world = await drive(keeping, { partitions: 1 })
  const window = { key: 'a', start: 10, end: 20 }
  const look = async () => [await world.look('short', window), await world.look('long', window)]
  await world.send(left, 'a', 'x', 14)
  await world.send(left, 'b', 'x', 24)
  expect(await look()).toEqual([1, 1])
  await world.append(left, 'b', 'x', 25)
  await world.turn()
  expect(await look()).toEqual([undefined, 1])
  await world.send(left, 'b', 'x', 109)
  expect(await look()).toEqual([undefined, 1])
  await world.send(left, 'b', 'x', 110)
  expect(await look()).toEqual([undefined, undefined])
})

const story = `left a A 12
   left b B 3
   left c C 14
   left a D 27
   left b E 9
   left c F 26
   left a G 35
   left a H 19
   left b I 60
   left c J 52`

test('faults at every step of every commit change nothing of what comes out', async () => {
  await survives(tumbling, story, { partitions: 2 })
  await survives(hopping, story, { partitions: 1 })
})

test('windows go on when their task moves to another instance, with or without its disk', async () => {
  const world = await drive(hopping, { partitions: 1, instances: 2 })
  await tells(world, 'left a A 9 -> a@0-10=A@9 a@4-14=A@9 a@8-18=A@9')
  await world.move(0, 'instance-1')
  await tells(world, 'left a B 14 -> a@8-18=AB@14 a@12-22=B@14')
  await world.crash('instance-1', 'lost')
  await tells(world, 'left a C 12 -> a@4-14=AC@12 a@8-18=ABC@14 a@12-22=BC@14\n left a D 1')
  expect((await world.read(right)).map(({ value }) => value)).toEqual(['D'])
})

test('what cannot be windows is refused where it is written', () => {
  const drawn = (windows: { size: number; every: number; grace: number }) => () =>
    topology('wrong', draft => void draft.stream(left).group().hopping(windows).count('counts'))
  expect(drawn({ size: 0, every: 1, grace: 0 })).toThrow('OPTION_WRONG at size: it must be longer than nothing')
  expect(drawn({ size: 4, every: 5, grace: 0 })).toThrow('records between two windows would be lost')
  expect(drawn({ size: 86_400_000, every: 1, grace: 0 })).toThrow('each record would be in 86400000 windows')
  expect(drawn({ size: 4, every: 2, grace: -1 })).toThrow('OPTION_WRONG at grace')
  const short = () =>
    topology('short', draft => {
      draft.stream(left).group().tumbling({ size: '1h', grace: '5m' }).count('counts', { retention: '1h' })
    })
  expect(short).toThrow('windows tumbling 1h, grace 5m need 65m by themselves')
})

test('the lock file sees windows, and the same ones written otherwise as the same', () => {
  const windowOf = (size: '1h' | '60m') => {
    const { graph } = topology('locked', draft => {
      draft.stream(left).group().hopping({ size, every: '15m', grace: 0 }).count('counts')
    })
    return graph.nodes.at(-1)!.facts.stores![0]!
  }
  expect(windowOf('1h').window).toBe('hopping 1h every 15m, grace 0ms')
  expect(windowOf('60m')).toMatchObject({ window: windowOf('1h').window, layout: 'count windowed 1h text -> whole' })
})
