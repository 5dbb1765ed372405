import { expect, expectTypeOf, test } from 'vitest'
import { type Table, text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { left, survives, tells } from './stories.ts'

const out = topic('out', { key: text, value: text })

const firstLetter = (row: string) => (row === '' ? null : row[0]!)

const lists = topology('lists', draft => {
  draft
    .table('lefts', left)
    .group('by-letter', firstLetter, { key: text })
    .aggregate('lists', {
      init: () => '',
      add: (list, row) => (list === '' ? row : `${list},${row}`),
      subtract: (list, row) => {
        expect(list.split(','), 'what is taken out was put in').toContain(row)
        return list
          .split(',')
          .filter(other => other !== row)
          .join(',')
      },
      as: text,
    })
    .changes()
    .to(out)
})

const moves = `
  left k ax 10 -> a=ax@10
  left j ay 5  -> a=ax,ay@10
  left k az 3  -> a=ay,az@10
  left k bz 20 -> a=ay@20   b=bz@20
  left k by 6  -> b=by@20
  left j - 7   -> a=@20
  left j - 8
  left k ax 30 -> b=@30     a=ax@30
`

test('a row that stays in its group is one change, one that moves leaves the old group before it enters the new one', async () => {
  await tells(await drive(lists, { partitions: 1 }), moves, out)
})

test('groups count the same whatever goes wrong in whichever step of a commit, with several partitions', async () => {
  await survives(lists, moves, { partitions: 2, instances: 2 }, out)
})

test('rows are counted by group; a group that lost its last row stays, with nothing', async () => {
  const counted = topology('counted', draft => {
    const table = draft.table('lefts', left).group('by-letter', firstLetter, { key: text }).count('counts')
    expectTypeOf(table).toEqualTypeOf<Table<string, number>>()
    table.map(String, { as: text }).changes().to(out)
  })
  const world = await drive(counted, { partitions: 3 })
  await world.send(left, 'k', 'ax', 1)
  await world.send(left, 'j', 'ay', 2)
  await world.send(left, 'k', 'az', 3)
  expect(await world.look('counts', 'a')).toBe(2)
  await world.send(left, 'k', 'b', 4)
  expect(await world.look('counts', 'a')).toBe(1)
  expect(await world.look('counts', 'b')).toBe(1)
  await world.send(left, 'j', null, 5)
  expect(await world.look('counts', 'a')).toBe(0)
})

test('a row without a group leaves the one it was in', async () => {
  const dropped: string[] = []
  const world = await drive(lists, {
    partitions: 1,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await tells(world, 'left k ax 1 -> a=ax@1', out)
  await world.send(left, 'k', '', 2)
  expect((await world.read(out)).map(({ key, value }) => [key, value])).toEqual([['a', '']])
  expect(dropped).toEqual(['group by-letter: null key'])
  await tells(world, 'left k b 3 -> b=b@3', out)
})

test('reduce takes the first row as it is, and null deletes the row of the group', async () => {
  const letters = topology('letters', draft => {
    draft
      .table('lefts', left)
      .group('by-letter', firstLetter, { key: text })
      .reduce('joined', {
        add: (all, row) => all + row,
        subtract: (all, row) => (all === row ? null : all.replace(row, '')),
      })
      .changes()
      .to(out)
  })
  await tells(
    await drive(letters, { partitions: 1 }),
    `
    left k ax 1 -> a=ax@1
    left j ay 2 -> a=axay@2
    left k az 3 -> a=ayaz@3
    left k b 4  -> a=ay@4 b=b@4
    left k c 5  -> b=-@5  c=c@5
    left k bb 9 -> c=-@9  b=bb@9
  `,
    out,
  )
})

test('what stands behind a grouped table learns the value of before', async () => {
  const twice = topology('twice', draft => {
    draft
      .table('lefts', left)
      .group('by-letter', firstLetter, { key: text })
      .count('counts')
      .group('by-count', count => count, { key: whole })
      .count('groups-by-count')
      .map(String, { as: text })
      .changes()
      .toKeyed(out, (_count, size) => `${size} rows`)
  })
  const world = await drive(twice, { partitions: 1 })
  await world.send(left, 'k', 'ax', 1)
  await world.send(left, 'j', 'ay', 2)
  await world.send(left, 'm', 'b', 3)
  const last = new Map((await world.read(out)).map(({ key, value }) => [key, value]))
  expect(Object.fromEntries(last)).toEqual({ '1 rows': '1', '2 rows': '1' })
})

test('a group by a promise is refused', async () => {
  const later = topology('later', draft => {
    draft
      .table('lefts', left)
      .group('by-letter', (async () => 'a') as unknown as typeof firstLetter, { key: text })
      .count('counts')
  })
  const world = await drive(later)
  await expect(world.send(left, 'k', 'ax', 1)).rejects.toThrow(
    'STEP_ASYNC at later, group by-letter (left-0, offset 0): its function returned a promise',
  )
})
