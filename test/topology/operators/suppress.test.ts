import { expect, test } from 'vitest'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { utf8 } from '../../../topology/text.ts'
import { joined, left, right, survives, tells } from './stories.ts'
import { leftIn, toJoined } from './windows.ts'

const hourly = topology('hourly', draft => {
  const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 })
  toJoined(windows.count('counts').suppress('until-closed').changes())
})

test('nothing is said of a window until it closes, then its last result, with the time of its last update', async () => {
  await tells(
    await drive(hourly, { partitions: 1 }),
    `left a x 12
     left b x 13
     left a x 19
     left a x 11
     left a x 24
     left c x 25 -> a@10-20=3@19 b@10-20=1@13
     left a x 18
     left c x 40 -> a@20-30=1@24 c@20-30=1@25`,
  )
})

test('windows close in the order of their ends, then of their keys', async () => {
  await tells(
    await drive(hourly, { partitions: 1 }),
    `left c x 12
     left b x 24
     left a x 14
     left b x 15
     left a x 23
     left z x 99 -> a@10-20=1@14 b@10-20=1@15 c@10-20=1@12 a@20-30=1@23 b@20-30=1@24`,
  )
})

test('sliding windows and sessions close when no record can change them any more, and not at the moment before', async () => {
  const both = topology('both', draft => {
    const group = draft.stream(left).group()
    toJoined(group.sliding({ within: 10, grace: 5 }).count('sliding').suppress('sliding-closed').changes())
    const visits = group.session({ gap: 10, grace: 5 }).count('visits').suppress('visits-closed')
    visits
      .changes()
      .filter(count => count !== null)
      .toKeyed(topic('visits', { key: text, value: whole }), (_count, { key, start, end }) => `${key}@${start}-${end}`)
  })
  const world = await drive(both, { partitions: 1 })
  const visits = topic('visits', { key: text, value: whole })
  const ended = async () => (await world.readBytes(visits.name)).map(({ key }) => String.fromCharCode(...key!))
  await tells(world, 'left a x 100\n left b x 105')
  await tells(world, 'left b x 106 -> a@90-100=1@100')
  await tells(world, 'left b x 115 -> b@95-105=1@105 b@96-106=2@106')
  expect(await ended()).toEqual([])
  await world.send(left, 'b', 'x', 116)
  expect(await ended()).toEqual(['a@100-100'])
})

test('a session that became part of another is never said', async () => {
  const visits = topology('visits', draft => {
    const windows = draft.stream(left).group().session({ gap: 10, grace: 5 })
    toJoined(
      windows
        .reduce('texts', (so, one) => so + one)
        .suppress('until-closed')
        .changes(),
    )
  })
  await tells(
    await drive(visits, { partitions: 1 }),
    `left a A 100
     left a B 112
     left a C 106
     left b D 200 -> a@100-112=ABC@112`,
  )
})

test('those downstream of final results saw none before: nothing is taken out again', async () => {
  const perStart = topology('per-start', draft => {
    const counts = draft.stream(left).group().tumbling({ size: 10, grace: 0 }).count('counts')
    const byStart = counts.suppress('until-closed').group('by-start', (_count, { start }) => `${start}`, { key: text })
    const lists = byStart.aggregate('lists', {
      init: () => '',
      add: (list, count) => `${list}+${count}`,
      subtract: (list, count) => `${list}-${count}`,
      as: text,
    })
    lists.changes().to(joined)
  })
  await tells(
    await drive(perStart, { partitions: 1 }),
    'left a x 12\n left a x 13\n left b x 14\n left a x 25 -> 10=+2@13 10=+2+1@14',
  )
})

test('a row of final results can be looked up once its window has closed', async () => {
  const looking = topology('looking', draft => {
    const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 })
    windows.count('counts', { retention: 1_000 }).suppress('until-closed')
  })
  const world = await drive(looking, { partitions: 1 })
  const window = { key: 'a', start: 10, end: 20 }
  await world.send(left, 'a', 'x', 12)
  expect(await world.look('until-closed', window)).toBe(undefined)
  await world.send(left, 'a', 'x', 25)
  expect(await world.look('until-closed', window)).toBe(1)
})

test('filters and maps between a window and its end keep it a window', async () => {
  const busy = topology('busy', draft => {
    const counts = draft.stream(left).group().tumbling({ size: 10, grace: 0 }).count('counts')
    toJoined(
      counts
        .filter(count => count > 1)
        .map(count => `${count} times`, { as: text })
        .suppress('until-closed')
        .changes(),
    )
  })
  // A window of one record passes no filter, and so cannot tell the time either.
  await tells(
    await drive(busy, { partitions: 1 }),
    'left a x 12\n left a x 14\n left b x 15\n left b x 20\n left b x 21 -> a@10-20=2 times@14',
  )
})

test('headers of the last update come out with the result', async () => {
  const world = await drive(hourly, { partitions: 1 })
  await world.send(left, 'a', 'x', 12, [['trace', utf8('one')]])
  await world.send(left, 'a', 'x', 13, [
    ['trace', utf8('two')],
    ['empty', null],
    ['nothing', new Uint8Array()],
  ])
  await world.send(left, 'b', 'x', 99)
  expect((await world.read(joined))[0]!.headers).toEqual([
    ['trace', utf8('two')],
    ['empty', null],
    ['nothing', new Uint8Array()],
  ])
})

test('more windows than allowed meet the error policy, and the ones before them are still said', async () => {
  const tight = topology('tight', { deadLetters: right }, draft => {
    const windows = draft.stream(left).group().tumbling({ size: 10, grace: 5 })
    toJoined(windows.count('counts').suppress('until-closed', { windowsMax: 2 }).changes())
  })
  const world = await drive(tight, { partitions: 1 })
  await tells(
    world,
    `left a x 12
     left b x 13
     left a x 14
     left c x 15
     left a x 25 -> a@10-20=2@14 b@10-20=1@13
     left c x 25
     left d x 26`,
  )
  const letters = await world.read(right)
  expect(letters.map(({ key }) => key)).toEqual(['c', 'd'])
  const message = letters[0]!.headers.find(([name]) => name === '__streams.errors.message')![1]!
  expect(String.fromCharCode(...message)).toContain('3 windows are open and held back, at most 2 may be')
})

test('a step that fails on one result loses that one alone, with the record that closed its window', async () => {
  const picky = topology('picky', { deadLetters: right }, draft => {
    const windows = draft.stream(left).group().tumbling({ size: 10, grace: 0 })
    const texts = windows.reduce('texts', (so, one) => so + one).suppress('until-closed')
    toJoined(
      texts.changes().map(
        value => {
          if (value === 'bad') throw new Error('I do not like it')
          return `${value}`
        },
        { as: text },
      ),
    )
  })
  const world = await drive(picky, { partitions: 1 })
  await tells(
    world,
    `left a fine 11
     left b bad 12
     left c good 13
     left d next 25 -> a@10-20=fine@11 c@10-20=good@13
     left d more 36 -> d@20-30=next@25`,
  )
  expect((await world.read(right)).map(({ key, value }) => `${key} ${value}`)).toEqual(['d next'])
})

test('what has been said leaves the store', async () => {
  const world = await drive(hourly, { partitions: 1 })
  for (let time = 0; time < 100; time += 3) await world.send(left, `key-${time % 4}`, 'x', time)
  await world.send(left, 'a', 'x', 40_000_000_000)
  expect(await leftIn(world, 'hourly-until-closed-changelog')).toEqual({ data: 1, order: 0 })
})

test('the planner knows that results wait', () => {
  const node = hourly.graph.nodes.find(({ kind }) => kind === 'suppress')!
  expect(node.facts).toMatchObject({ holds: true, note: 'tumbling 10ms, grace 5ms' })
})

test('faults at every step of every commit change nothing of what comes out', async () => {
  const story = `left a x 12
     left d x 3
     left a x 14
     left b x 26
     left d x 40
     left a x 35
     left a x 60`
  await survives(hourly, story, { partitions: 2 })
})
