import { expect, test } from 'vitest'
import { topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { joined, left, right, survives, tells } from './stories.ts'
import { leftIn, toJoined } from './windows.ts'

const sliding = (grace: number) =>
  topology('sliding', draft => {
    const windows = draft.stream(left).group().sliding({ within: 10, grace })
    const texts = windows.reduce('texts', (so, one) => so + one)
    toJoined(texts.changes())
    texts.late().to(right)
  })

test('a record makes the window that ends with it, and the window that begins behind the record before it', async () => {
  await tells(
    await drive(sliding(50), { partitions: 1 }),
    `left a A 100 -> a@90-100=A@100
     left a B 104 -> a@101-111=B@104 a@94-104=AB@104
     left a C 104 -> a@101-111=BC@104 a@94-104=ABC@104
     left a D 115 -> a@105-115=D@115 a@105-115=D@115`,
  )
})

test('a record that comes out of order joins the windows around it, and begins one with what lies behind it', async () => {
  await tells(
    await drive(sliding(50), { partitions: 1 }),
    `left a A 100 -> a@90-100=A@100
     left a B 108 -> a@101-111=B@108 a@98-108=AB@108
     left a C 103 -> a@101-111=BC@108 a@98-108=ABC@108 a@93-103=AC@103 a@104-114=B@108
     left a D 95  -> a@93-103=ACD@103 a@90-100=AD@100 a@85-95=D@95 a@96-106=AC@103`,
  )
})

test('nearer to time zero than a window spans, one window stands for all that would begin before it', async () => {
  await tells(
    await drive(sliding(50), { partitions: 1 }),
    `left a A 5 -> a@0-10=A@5
     left a B 3 -> a@4-14=A@5 a@0-10=AB@5
     left a C 8 -> a@4-14=AC@8 a@6-16=C@8 a@0-10=ABC@8`,
  )
})

test('a window takes records until stream time is past its last moment by more than the grace', async () => {
  const dropped: string[] = []
  const observer = { dropped: (_operator: string, reason: string) => dropped.push(reason) }
  const world = await drive(sliding(5), { partitions: 1, observer })
  await tells(
    world,
    `left a A 100 -> a@90-100=A@100
     left b B 115 -> b@105-115=B@115
     left a C 110 -> a@101-111=C@110 a@100-110=AC@110
     left a X 100 -> a@100-110=ACX@110`,
  )
  // The window that ends with it was closed, but not the one that begins with it.
  expect(dropped).toEqual(['late'])
  await tells(world, 'left a D 99')
  expect((await world.read(right)).map(({ value }) => value)).toEqual(['D'])
})

test('a record that is just in time finds all that its windows hold, though it lies two windows back', async () => {
  const texts = topology('texts', draft => {
    const windows = draft.stream(left).group().sliding({ within: 2, grace: 0 })
    toJoined(windows.reduce('texts', (so, one) => so + one).changes())
  })
  // Kafka Streams forgets the window from 70 to 72 with the record at 73, and then says that the last one is alone.
  await tells(
    await drive(texts, { partitions: 1 }),
    `left b A 72 -> b@70-72=A@72
     left a B 72 -> a@70-72=B@72
     left a C 74 -> a@73-75=C@74 a@72-74=BC@74
     left a D 73 -> a@73-75=CD@74 a@72-74=BCD@74 a@74-76=C@74
     left b E 74 -> b@73-75=E@74 b@72-74=AE@74`,
  )
})

/** Every window that records define, by the definition: for each record the one that ends with it and the one behind it. */
const byDefinition = (records: readonly { readonly name: string; readonly at: number }[], within: number) => {
  const starts = new Set(records.flatMap(({ at }) => [at - within, at + 1]))
  const windows = new Map<string, string>()
  for (const start of starts) {
    const inside = records.filter(({ at }) => at >= start && at <= start + within)
    if (inside.length > 0)
      windows.set(
        `a@${start}-${start + within}`,
        inside
          .map(({ name }) => name)
          .sort()
          .join(''),
      )
  }
  return Object.fromEntries([...windows].sort())
}

test('in whatever order records come, the windows are those of the definition', async () => {
  let seed = 42
  const below = (limit: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * limit)
  }
  for (let round = 0; round < 40; round++) {
    const world = await drive(sliding(1_000), { partitions: 1 })
    const records = Array.from({ length: 2 + below(9) }, (_, index) => ({
      name: String.fromCharCode(65 + index),
      at: 100 + below(40),
    }))
    for (const { name, at } of records) await world.send(left, 'a', name, at)
    const last = new Map<string, string>()
    for (const { key, value } of await world.read(joined)) last.set(key, [...value].sort().join(''))
    expect(Object.fromEntries([...last].sort()), JSON.stringify(records)).toEqual(byDefinition(records, 10))
  }
})

test('windows that nothing needs any more leave the store, key by key', async () => {
  const world = await drive(sliding(5), { partitions: 1 })
  for (let time = 0; time < 200; time += 7) await world.send(left, `key-${time % 3}`, 'x', time)
  await world.send(left, 'a', 'x', 40_000_000_000)
  await world.send(left, 'a', 'x', 40_000_000_100)
  await world.send(left, 'a', 'x', 40_000_000_101)
  // The last two records' windows on the left, and the one behind the first of the two.
  expect(await leftIn(world, 'sliding-texts-changelog')).toEqual({ data: 3, order: 1 })
})

const story = `left a A 100
   left a B 108
   left b C 103
   left a D 103
   left a E 140
   left b F 128
   left a G 99
   left a H 135`

test('faults at every step of every commit change nothing of what comes out', async () => {
  await survives(sliding(20), story, { partitions: 2 })
})

test('windows go on when their task moves to another instance', async () => {
  const world = await drive(sliding(50), { partitions: 1, instances: 2 })
  await tells(world, 'left a A 100 -> a@90-100=A@100')
  await world.move(0, 'instance-1')
  await tells(world, 'left a B 104 -> a@101-111=B@104 a@94-104=AB@104')
})
