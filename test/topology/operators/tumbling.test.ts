import { expect, test } from 'vitest'
import { text, topic, topology, whole, windowed } from '../../../topology/index.ts'
import { dataTag } from '../../../topology/state/keys.ts'
import { type Drive, drive } from '../../../topology/testing.ts'
import { binaryOf } from '../../../topology/text.ts'
import { sameInSpiteOfCrashes, told } from './told.ts'

const clicks = topic('clicks', { key: text, value: text })
const counts = topic('counts', { key: windowed(text, 10), value: whole })
const lates = topic('lates', { key: text, value: text })

const counting = topology('counting', draft => {
  const windows = draft.stream(clicks).group().tumbling({ size: 10, grace: 5 }).count('per-window')
  windows.changes().to(counts)
  windows.late().to(lates)
})

test('records of one key are counted by window, each update with the newest time in its window', async () => {
  const world = await drive(counting, { partitions: 1 })
  await world.send(clicks, 'a', 'x', 12)
  await world.send(clicks, 'a', 'x', 17)
  await world.send(clicks, 'a', 'x', 11)
  await world.send(clicks, 'a', 'x', 20)
  await world.send(clicks, 'b', 'x', 3)
  expect(told(await world.read(counts))).toEqual([
    'a@10-20 1 (12)',
    'a@10-20 2 (17)',
    'a@10-20 3 (17)',
    'a@20-30 1 (20)',
  ])
})

test('a window takes records until stream time has passed its end by the grace, and not one millisecond longer', async () => {
  const dropped: string[] = []
  const world = await drive(counting, {
    partitions: 1,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await world.send(clicks, 'a', 'in time', 14)
  await world.send(clicks, 'b', 'far', 24)
  await world.send(clicks, 'a', 'in time', 10)
  expect(dropped).toEqual([])
  await world.send(clicks, 'b', 'farther', 25)
  await world.send(clicks, 'a', 'late', 19)
  expect(dropped).toEqual(['count per-window: late'])
  expect(told(await world.read(counts))).toEqual([
    'a@10-20 1 (14)',
    'b@20-30 1 (24)',
    'a@10-20 2 (14)',
    'b@20-30 2 (25)',
  ])
  expect((await world.read(lates)).map(({ value }) => value)).toEqual(['late'])
})

test('a windowed key lies in the partition of its key, written as Kafka Streams writes it', async () => {
  const world = await drive(counting, { partitions: 5 })
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await world.send(clicks, key, 'x', 1_700_000_000_003)
  const given = new Map((await world.readBytes('clicks')).map(({ key, partition }) => [String(key), partition]))
  const written = await world.readBytes('counts')
  expect(written.length).toBe(7)
  for (const { key, partition } of written) {
    expect(given.get(String(key!.subarray(0, 1)))).toBe(partition)
    expect(key!.subarray(1)).toEqual(Uint8Array.of(0, 0, 1, 0x8b, 0xcf, 0xe5, 0x68, 0))
  }
  expect(await world.look('per-window', { key: 'c', start: 1_700_000_000_000, end: 1_700_000_000_010 })).toBe(1)
})

test('closed windows leave the store and its changelog, however far time jumps', async () => {
  const world = await drive(counting, { partitions: 1 })
  for (let time = 0; time < 100; time += 3) await world.send(clicks, `key-${time % 4}`, 'x', time)
  await world.send(clicks, 'a', 'x', 40_000_000_000)
  await world.send(clicks, 'b', 'x', 40_000_000_001)
  const changelog = await world.readBytes('counting-per-window-changelog')
  const left = new Map(changelog.map(({ key, value }) => [binaryOf(key!), value]))
  const rows = [...left].filter(([key, value]) => value !== null && key.startsWith(dataTag))
  expect(rows.length).toBe(2)
})

test('a window that has closed is not found, whether or not it has been deleted', async () => {
  const world = await drive(counting, { partitions: 1 })
  const window = { key: 'a', start: 10, end: 20 }
  await world.send(clicks, 'a', 'x', 14)
  await world.send(clicks, 'b', 'x', 24)
  expect(await world.look('per-window', window)).toBe(1)
  await world.append(clicks, 'b', 'x', 25)
  await world.turn()
  expect(await world.look('per-window', window)).toBe(undefined)
})

test('crashes at every step of a commit change nothing of what comes out', async () => {
  const times = [12, 3, 14, 27, 9, 26, 35, 19, 34, 60, 21, 52]
  const send = async (world: Drive) => {
    for (const [index, time] of times.entries()) await world.send(clicks, 'abc'[index % 3]!, `${index}`, time)
  }
  await sameInSpiteOfCrashes(counting, send, [counts, lates], { partitions: 2, commitsMax: times.length })
})
