import { expect, expectTypeOf, test } from 'vitest'
import { type Table, text, topology } from '../../../topology/index.ts'
import { type Drive, drive } from '../../../topology/testing.ts'
import { joined, left, plus, right, survives, tells } from './stories.ts'

/** A row refers to the row of its first letter. */
const reference = (row: string) => row[0]

const looking = (kind: 'inner' | 'left') =>
  topology('looking', draft => {
    draft
      .table('lefts', left)
      .lookup('both', draft.table('rights', right), { key: reference, with: plus, kind, as: text })
      .changes()
      .to(joined)
  })

const inner = `
  left  1 ax 1
  left  2 ay 2
  right a A 3   -> 1=ax+A@3 2=ay+A@3
  left  1 bx 4  -> 1=-@4
  right b B 5   -> 1=bx+B@5
  left  1 bz 6  -> 1=bz+B@6
  left  1 bz 4  -> 1=bz+B@5
  left  1 az 7  -> 1=az+A@7
  right a - 9   -> 1=-@9 2=-@9
  right a - 9   -> 1=-@9 2=-@9
  left  2 - 10  -> 2=-@10
  left  2 - 11
  left  3 c 12
  left  3 cc 12
  left  3 - 13  -> 3=-@13
  right a A2 3  -> 1=az+A2@3
  left  4 ax 20 -> 4=ax+A2@20
  right a A3 10 -> 1=az+A3@10 4=ax+A3@10
  right c C 14
`

const outer = `
  left  1 ax 1  -> 1=ax+null@1
  left  2 ay 2  -> 2=ay+null@2
  right a A 3   -> 1=ax+A@3 2=ay+A@3
  left  1 bx 4  -> 1=bx+null@4
  right b B 5   -> 1=bx+B@5
  left  1 az 7  -> 1=az+A@7
  right a - 9   -> 1=az+null@9 2=ay+null@9
  right a - 9   -> 1=az+null@9 2=ay+null@9
  left  2 - 10  -> 2=-@10
  left  2 - 11
  right a A2 3  -> 1=az+A2@3
  left  1 cz 8  -> 1=cz+null@8
  right a A3 12
`

test('inner: rows find the row that they refer to, and follow it and their own changes', async () => {
  await tells(await drive(looking('inner'), { partitions: 1 }), inner)
})

test('left: a row without the other one is joined with nothing', async () => {
  await tells(await drive(looking('left'), { partitions: 1 }), outer)
})

test('a row that refers to nothing is left out, or joined with nothing', async () => {
  const blank = async (kind: 'inner' | 'left') => {
    const dropped: string[] = []
    const world = await drive(looking(kind), {
      partitions: 3,
      observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
    })
    const says: (string | null)[] = []
    for (const row of ['', '', 'ax', '', null, null]) {
      await world.send(left, '1', row, 1)
      says.push((await world.read(joined)).map(({ value }) => String(value)).join())
    }
    return { says, dropped }
  }
  expect(await blank('inner')).toEqual({
    says: ['', '', '', 'null', '', ''],
    dropped: ['ask both: null key', 'ask both: null key', 'ask both: null key'],
  })
  expect(await blank('left')).toEqual({
    says: ['+null', '+null', 'ax+null', '+null', 'null', ''],
    dropped: [],
  })
})

/** The two tables need not be partitioned alike. */
const unlike = topology('unlike', draft => {
  draft
    .table('lefts', { ...left, partitions: 2 })
    .lookup('both', draft.table('rights', { ...right, partitions: 3 }), {
      key: reference,
      with: plus,
      kind: 'left',
      as: text,
    })
    .changes()
    .to(joined)
})

test('the two tables may have different numbers of partitions, and any fault may happen in any step of a commit', async () => {
  await survives(unlike, outer, { instances: 2 })
})

test('its questions, answers and stores carry its name', async () => {
  const world = await drive(unlike)
  const made = world.log.topics.names().filter(name => name.startsWith('unlike'))
  expect(made.map(name => [name, world.log.topics.topic(name)?.partitions]).sort()).toEqual([
    ['unlike-both-answers-repartition', 2],
    ['unlike-both-changelog', 2],
    ['unlike-both-questions-repartition', 3],
    ['unlike-both-subscribers-changelog', 3],
    ['unlike-lefts-changelog', 2],
    ['unlike-rights-changelog', 3],
  ])
})

test('an answer about a row that refers to another key by now is passed over, whichever answer comes first', async () => {
  for (const [first, second] of ['ab', 'ba', 'ac', 'ca', 'bc', 'cb']) {
    const world = await drive(unlike, { instances: 3 })
    for (const key of ['a', 'b', 'c']) await world.send(right, key, key.toUpperCase(), 1)
    await world.append(left, '1', `${first}1`, 2)
    await world.append(left, '1', `${second}2`, 3)
    await world.settle()
    expect(await world.look('both', '1')).toBe(`${second}2+${second!.toUpperCase()}`)
    await world.append(left, '1', `${first}3`, 4)
    await world.append(left, '1', null, 5)
    await world.settle()
    expect(await world.look('both', '1')).toBeUndefined()
  }
})

/** A seeded order of things, the same on every machine. */
const dice = (seed: number) => {
  let state = seed
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const randomly = async (world: Drive, roll: (sides: number) => number) => {
  const lefts = new Map<string, string>()
  const rights = new Map<string, string>()
  for (let time = 0; time < 120; time++) {
    const side = roll(3) === 0 ? right : left
    const key = side === left ? String(roll(4)) : 'abc'[roll(3)]!
    const value = roll(5) === 0 ? null : `${side === left ? 'abc'[roll(3)] : key}${time}`
    const table = side === left ? lefts : rights
    if (value === null) table.delete(key)
    else table.set(key, value)
    await world.append(side, key, value, time)
    for (let turns = roll(4); turns > 0; turns--) await world.turn()
    if (roll(15) === 0) await world.move(roll(3), `instance-${roll(2)}`)
  }
  await world.settle()
  return [...lefts].map(([key, row]) => [key, plus(row, rights.get(row[0]!))]).sort()
}

test('whatever overtakes whatever, in the end every row is joined with the row that it refers to', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const roll = dice(seed)
    const fault = dice(seed + 1000)
    const faults = ['crash', 'abort', 'lose answer'] as const
    const world = await drive(unlike, { instances: 2, faults: () => faults[fault(90)] })
    const expected = await randomly(world, roll)
    const emitted = new Map((await world.read(joined)).map(({ key, value }) => [key, value]))
    expect([...emitted].filter(([, value]) => value !== null).sort(), `seed ${seed}`).toEqual(expected)
    for (const [key, value] of expected) expect(await world.look('both', key), `seed ${seed}`).toBe(value)
  }
})

test('rows may refer to rows of their own table', async () => {
  const chain = topology('chain', draft => {
    const people = draft.table('people', left)
    people
      .lookup('with-superior', people, { key: person => person[0], with: plus, kind: 'left', as: text })
      .changes()
      .to(joined)
  })
  await tells(
    await drive(chain, { partitions: 1 }),
    `
    left a a1 1 -> a=a1+a1@1
    left b a2 2 -> b=a2+a1@2
    left a a3 3 -> a=a3+a3@3 b=a2+a3@3 a=a3+a3@3
  `,
  )
})

test('the missing side is undefined exactly where it can be missing', () => {
  topology('typed', draft => {
    const lefts = draft.table('lefts', left)
    const rights = draft.table('rights', right)
    const both = lefts.lookup('both', rights, {
      key: reference,
      with: (row, other) => {
        expectTypeOf(row).toEqualTypeOf<string>()
        expectTypeOf(other).toEqualTypeOf<string>()
        return row + other
      },
      as: text,
    })
    expectTypeOf(both).toEqualTypeOf<Table<string, string>>()
    lefts.lookup('more', rights, {
      key: reference,
      kind: 'left',
      with: (row, other) => {
        expectTypeOf(other).toEqualTypeOf<string | undefined>()
        return row
      },
      as: text,
    })
  })
})

test('keys too long to stand side by side in a store are refused in words', async () => {
  const byValue = topology('by-value', draft => {
    draft
      .table('lefts', left)
      .lookup('both', draft.table('rights', right), { key: row => row, with: plus, as: text })
      .changes()
      .to(joined)
  })
  const world = await drive(byValue)
  await expect(world.send(left, 'k'.repeat(1000), 'r'.repeat(1000), 1)).rejects.toThrow(
    'a key and the key that it refers to have 2003 bytes, stores take 1900',
  )
})

test('two lookups of one name are refused', async () => {
  const twice = topology('twice', draft => {
    const lefts = draft.table('lefts', left)
    const how = { key: reference, with: plus, as: text }
    lefts.lookup('both', lefts, how)
    lefts.lookup('both', lefts, how)
  })
  await expect(drive(twice)).rejects.toThrow('NAME_TAKEN at twice: two of its exchanges are called "both-questions"')
})
