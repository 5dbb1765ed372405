import { expect, expectTypeOf, test } from 'vitest'
import { type BareStream, type Stream, text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { joined, left, plus, right, survives, tells } from './stories.ts'

const firstLetter = (value: string) => (value === '-' ? null : value[0])

const looking = (kind: 'inner' | 'left') =>
  topology('looking', draft => {
    draft.stream(left).lookup(draft.globalTable('rights', right), { key: firstLetter, with: plus, kind }).to(joined)
  })

test('inner: a record finds any row, wherever the row came in, and its changes say nothing', async () => {
  await tells(
    await drive(looking('inner'), { partitions: 3, instances: 2 }),
    `
    left  k ax 10
    right a A 50
    left  k ay 11 -> k=ay+A@11
    left  - az 12 -> -=az+A@12
    right - B 1
    right a C 5
    left  k aw 3  -> k=aw+C@3
    right a - 60
    left  k av 4
  `,
  )
})

test('left: a record that finds nothing, or asks for nothing, is joined with nothing', async () => {
  const dropped: string[] = []
  const world = await drive(looking('left'), {
    partitions: 3,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await tells(
    world,
    `
    left  k ax 10 -> k=ax+null@10
    right a A 50
    left  k ax 11 -> k=ax+A@11
  `,
  )
  await world.send(left, 'k', '-', 12)
  expect((await world.read(joined)).map(({ value }) => value)).toEqual(['-+null'])
  expect(dropped).toEqual([])
})

test('inner: a record that asks for nothing is dropped and counted', async () => {
  const dropped: string[] = []
  const world = await drive(looking('inner'), {
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await world.send(left, 'k', '-', 1)
  expect(dropped).toEqual(['lookup 1: null key'])
})

test('any fault in any step of a commit changes nothing of what comes out', async () => {
  const story = `
    right a A 1
    left  k ax 2
    left  j b 3
    right a B 4
    left  k ay 5
  `
  await survives(looking('left'), story, { partitions: 2, instances: 2 })
})

test('the table and the stream need not be partitioned alike, and their parts stay apart', async () => {
  const wide = { ...right, partitions: 5 }
  const unlike = topology('unlike', draft => {
    draft.stream(left).lookup(draft.globalTable('rights', wide), { key: firstLetter, with: plus, as: text }).to(joined)
  })
  const world = await drive(unlike, { partitions: 2 })
  expect(world.plan.parts.map(part => part.sources.map(({ topic, reads }) => `${topic}: ${reads}`))).toEqual([
    ['left: own'],
    ['right: all'],
  ])
  expect(world.log.topics.names()).not.toContain('unlike-rights-changelog')
  for (const letter of 'abcdefgh') await world.send(wide, letter, letter.toUpperCase(), 1)
  for (const letter of 'abcdefgh') await world.send(left, letter, letter, 2)
  expect((await world.read(joined)).map(({ value }) => value).sort()).toEqual(
    [...'abcdefgh'].map(letter => `${letter}+${letter.toUpperCase()}`),
  )
})

test('the row may be missing exactly where the kind says so, and `as` says how the result is written', () => {
  topology('typed', draft => {
    const rights = draft.globalTable('rights', right)
    const bare = draft.stream(left).lookup(rights, {
      key: firstLetter,
      with: (value, row, key) => {
        expectTypeOf(value).toEqualTypeOf<string>()
        expectTypeOf(row).toEqualTypeOf<string>()
        expectTypeOf(key).toEqualTypeOf<string>()
        return value.length
      },
    })
    expectTypeOf(bare).toEqualTypeOf<BareStream<string, number>>()
    bare.discard()
    const written = draft.stream(topic('more', { key: text, value: text })).lookup(rights, {
      key: firstLetter,
      kind: 'left',
      with: (_value, row) => {
        expectTypeOf(row).toEqualTypeOf<string | undefined>()
        return row ?? ''
      },
      as: text,
    })
    expectTypeOf(written).toEqualTypeOf<Stream<string, string, string>>()
    written.discard()
  })
})

test('a global table of another drawing is refused', () => {
  let foreign: unknown
  topology('one', draft => {
    foreign = draft.globalTable('rights', right)
  })
  expect(() =>
    topology('other', draft => {
      draft.stream(left).lookup(foreign as ReturnType<typeof draft.globalTable<string, string>>, {
        key: firstLetter,
        with: plus,
      })
    }),
  ).toThrow('NOT_DRAWN_HERE at other: lookup takes handles of two topologies, "other" and "one"')
})
