import { expect, test } from 'vitest'
import { text, topic, topology } from '../../../topology/index.ts'
import { type Drive, drive } from '../../../topology/testing.ts'
import { emitted, joined, left, right, survives } from './stories.ts'
import { toJoined } from './windows.ts'

/** Writes all of these before anybody takes a turn, so that they are of one commit. */
const together = async (world: Drive, ...records: readonly (readonly [key: string, value: string, time: number])[]) => {
  for (const [key, value, time] of records) await world.append(left, key, value, time)
  await world.settle()
}

const texts = topology('texts', draft => {
  draft
    .stream(left)
    .group()
    .aggregate('texts', {
      init: () => '',
      add: (so, one) => (one === 'stop' ? null : so + one),
      as: text,
      emit: 'perCommit',
    })
    .changes()
    .to(joined)
})

test('the updates of one commit are one for each key, in the order in which the keys first changed', async () => {
  const world = await drive(texts, { partitions: 1 })
  await together(world, ['b', 'A', 10], ['a', 'B', 11], ['b', 'C', 8], ['b', 'D', 12], ['a', 'E', 9])
  expect(await emitted(world)).toEqual(['b=ACD@12', 'a=BE@11'])
  await together(world, ['b', 'F', 5])
  expect(await emitted(world)).toEqual(['b=ACDF@12'])
})

test('what came and went within a commit was never there; what went is said', async () => {
  const world = await drive(texts, { partitions: 1 })
  await together(world, ['a', 'A', 10], ['a', 'stop', 11], ['b', 'B', 12])
  expect(await emitted(world)).toEqual(['b=B@12'])
  await together(world, ['b', 'C', 13], ['b', 'stop', 14])
  expect(await emitted(world)).toEqual(['b=-@14'])
})

const chain = topology('chain', draft => {
  const counts = draft.stream(left).group().count('counts', { emit: 'perCommit' })
  const lists = counts
    .changes()
    .filter(count => count !== null)
    .map(count => `${count}`, { as: text })
    .group()
    .reduce('lists', (so, count) => `${so},${count}`, { emit: 'perCommit' })
  lists.changes().to(joined)
})

test('a chain of them is said in one commit: each gathers what the one before it has said', async () => {
  const world = await drive(chain, { partitions: 1 })
  await together(world, ['a', 'x', 1], ['b', 'x', 2], ['a', 'x', 3], ['a', 'x', 4])
  expect(await emitted(world)).toEqual(['a=3@4', 'b=1@2'])
  await together(world, ['a', 'x', 5], ['a', 'x', 6], ['b', 'x', 7])
  expect(await emitted(world)).toEqual(['a=3,5@6', 'b=1,2@7'])
  expect((await world.readBytes('chain-lists-changelog')).length).toBe(4)
})

test('those downstream learn what they knew before, not what was in between', async () => {
  const grouped = topology('grouped', draft => {
    const counts = draft.stream(left).group().count('counts', { emit: 'perCommit' })
    const byInitial = counts.group('by-initial', (_count, key) => key[0]!, { key: text })
    byInitial.reduce('sums', { add: (sum, count) => sum + count, subtract: (sum, count) => sum - count })
  })
  const world = await drive(grouped, { partitions: 1 })
  await together(world, ['aa', 'x', 1], ['ab', 'x', 2], ['aa', 'x', 3], ['aa', 'x', 4])
  await together(world, ['aa', 'x', 5], ['aa', 'x', 6], ['ab', 'x', 7])
  expect(await world.look('sums', 'a')).toBe(7)
})

test('windows and sessions are said once per commit, too, and a session that was merged away at once is not', async () => {
  const windows = topology('windows', draft => {
    const group = draft.stream(left).group()
    toJoined(group.session({ gap: 10, grace: 5 }).count('sessions', { emit: 'perCommit' }).changes())
  })
  const world = await drive(windows, { partitions: 1 })
  await together(world, ['a', 'x', 100], ['a', 'x', 105], ['a', 'x', 109])
  expect(await emitted(world)).toEqual(['a@100-109=3@109'])
  await together(world, ['a', 'x', 112], ['b', 'x', 120], ['a', 'x', 115])
  expect(await emitted(world)).toEqual(['a@100-109=-@109', 'b@120-120=1@120', 'a@100-115=5@115'])
})

test('held back until windows close, they still come out in the commit that closes them', async () => {
  const finals = topology('finals', draft => {
    const windows = draft.stream(left).group().tumbling({ size: 10, grace: 0 })
    toJoined(windows.count('counts', { emit: 'perCommit' }).suppress('until-closed').changes())
  })
  const world = await drive(finals, { partitions: 1 })
  await together(world, ['a', 'x', 1], ['a', 'x', 2], ['a', 'x', 11])
  expect(await emitted(world)).toEqual(['a@0-10=2@2'])
})

test('a record that fails takes back its part, and a result that fails downstream is lost alone', async () => {
  const picky = topology('picky', { deadLetters: right }, draft => {
    const sums = draft.stream(left).group()
    const table = sums.reduce('texts', (so, one) => so + one, { emit: 'perCommit' })
    table
      .changes()
      .filter(all => {
        if (all?.endsWith('!')) throw new Error('too loud')
        return true
      })
      .to(joined)
    draft
      .stream(topic('never', { key: text, value: text }))
      .join(table, () => '')
      .peek(() => {})
  })
  const world = await drive(picky, { partitions: 1 })
  await together(world, ['a', 'A', 1], ['b', 'B', 2], ['b', 'C!', 3], ['c', 'D', 4])
  expect(await emitted(world)).toEqual(['a=A@1', 'c=D@4'])
  expect((await world.read(right)).map(({ key, value }) => `${key} ${value}`)).toEqual(['b C!'])
  expect(await world.look('texts', 'b')).toBe('BC!')
})

test('an update whose record failed further on is not said', async () => {
  const failing = topology('failing', { deadLetters: right }, draft => {
    const stream = draft.stream(left)
    stream
      .group()
      .reduce('texts', (so, one) => so + one, { emit: 'perCommit' })
      .changes()
      .to(joined)
    stream
      .map(one => {
        if (one === 'bad') throw new Error('bad')
        return one
      })
      .peek(() => {})
  })
  const world = await drive(failing, { partitions: 1 })
  await together(world, ['a', 'A', 1], ['a', 'bad', 2], ['b', 'bad', 3])
  expect(await emitted(world)).toEqual(['a=A@1'])
  expect((await world.read(right)).length).toBe(2)
})

test('faults at every step of every commit change nothing of what comes out', async () => {
  const story = 'left a A 10\n left d B 11\n left a C 8\n left a stop 12\n left a E 9'
  await survives(texts, story, { partitions: 2 })
  await survives(chain, story, { partitions: 2 })
})
