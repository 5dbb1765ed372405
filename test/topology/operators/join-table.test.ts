import { expect, expectTypeOf, test } from 'vitest'
import { type BareStream, type Stream, text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { emitted, joined, left, plus, right, survives, tells } from './stories.ts'
import { leftIn } from './windows.ts'

const joining = (kind: 'inner' | 'left') =>
  topology('joining', draft => {
    draft.stream(left).join(draft.table('rights', right), plus, { kind }).to(joined)
  })

const transitions = (kind: 'inner' | 'left') => `
  left  k - 1
  right k - 2
  left  k A 3  ${kind === 'left' ? '-> k=A+null@3' : ''}
  right k a 4
  left  k B 5  -> k=B+a@5
  right k b 6
  left  k - 7
  right k - 8
  left  k C 9  ${kind === 'left' ? '-> k=C+null@9' : ''}
  right k c 10
  right k - 11
  left  k - 12
  right k - 13
  right k d 14
  left  k D 15 -> k=D+d@15
`

for (const kind of ['inner', 'left'] as const) {
  test(`${kind}: every transition of a record and a row`, async () => {
    await tells(await drive(joining(kind), { partitions: 3, instances: 2 }), transitions(kind))
  })

  test(`${kind}: the same under any fault in any step of a commit`, async () => {
    await survives(joining(kind), transitions(kind), { partitions: 2 })
  })
}

test('the row of now counts, whatever its time, and a record without a key has none', async () => {
  await tells(
    await drive(joining('left')),
    `
    right a A 50
    left  a x 10 -> a=x+A@10
    right a C 5
    left  a w 60 -> a=w+C@60
    left  - z 61 -> -=z+null@61
  `,
  )
})

test('inputs that are not partitioned alike are refused in words', async () => {
  const uneven = topology('uneven', draft => {
    draft
      .stream(left)
      .join(draft.table('rights', { ...right, partitions: 3 }), plus)
      .to(joined)
  })
  await expect(drive(uneven, { partitions: 2 })).rejects.toThrow(
    'PARTITIONS_DIFFER at uneven, join 1: equal keys must meet in it, but "left" has 2 partitions, "right" has 3 ' +
      'partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  )
})

const asOf = topology('as-of', draft => {
  draft
    .stream(left)
    .join(draft.table('rights', right, { versioned: { history: 20 } }), plus, { kind: 'left' })
    .to(joined)
})

const back = `
  right k v10 10
  left  k x 9    -> k=x+null@9
  left  k x 10   -> k=x+v10@10
  right k v20 20
  left  k x 15   -> k=x+v10@15
  right k v15 15
  left  k x 17   -> k=x+v15@17
  right k - 25
  left  k x 30   -> k=x+null@30
  left  k x 24   -> k=x+v20@24
  right q v45 45
  left  k x 24   -> k=x+null@24
  left  k x 25   -> k=x+null@25
  right k v10 10
  left  q x 46   -> q=x+v45@46
  right k v90 90
  left  q x 47   -> q=x+v45@47
  left  k x 90   -> k=x+v90@90
`

test('with versions a record is joined with the row of its own time, as far back as the history goes', async () => {
  await tells(await drive(asOf, { partitions: 1 }), back)
})

test('versions outlive faults in any step of a commit', async () => {
  await survives(asOf, back, { partitions: 2, instances: 2 })
})

test('versions that have left the history leave the store and its changelog', async () => {
  const world = await drive(asOf, { partitions: 1 })
  for (let time = 0; time < 100; time++) await world.send(right, `k${time % 3}`, `v${time}`, time)
  await world.send(right, 'gone', 'v', 100)
  await world.send(right, 'gone', null, 101)
  await world.send(right, 'late', 'v', 1_000_000)
  await world.send(right, 'late', 'w', 1_000_001)
  expect(await leftIn(world, 'as-of-rights-changelog')).toEqual({ data: 5, order: 1 })
  await tells(world, 'left k0 x 1000000 -> k0=x+v99@1000000')
})

test('changes of versions come out as they come in, and what is too late is dropped and counted', async () => {
  const dropped: string[] = []
  const kept = topology('kept', draft => {
    draft
      .stream(left)
      .table('lefts', { versioned: { history: 20 } })
      .changes()
      .map(value => value ?? 'nothing')
      .to(joined)
  })
  const world = await drive(kept, {
    partitions: 1,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await tells(
    world,
    `
    left a x1 50 -> a=x1@50
    left a x2 40 -> a=x2@40
    left b x3 90 -> b=x3@90
    left a x4 69
    left a x5 70 -> a=x5@70
  `,
  )
  expect(dropped).toEqual(['toTable lefts: expired'])
})

test('tables joined, grouped and looked up keep newest rows alone: what comes out of order changes nothing in them', async () => {
  const newest = topology('newest', draft => {
    const lefts = draft.table('lefts', left, { versioned: { history: 100 } })
    const out = topic('counted', { key: text, value: text })
    lefts
      .filter(() => true)
      .join(draft.table('rights', right), plus, { kind: 'left', as: text })
      .changes()
      .to(joined)
    lefts
      .group('by-row', row => row, { key: text })
      .count('counts')
      .map(String, { as: text })
      .changes()
      .to(out)
    lefts.lookup('self', lefts, { key: row => row, with: plus, kind: 'left', as: text })
  })
  const dropped: string[] = []
  const world = await drive(newest, {
    partitions: 1,
    observer: { dropped: (operator, reason) => dropped.push(`${operator}: ${reason}`) },
  })
  await tells(
    world,
    `
    left k A 50 -> k=A+null@50
    left k B 40
    left k C 60 -> k=C+null@60
  `,
  )
  expect(
    (await world.read(topic('counted', { key: text, value: text }))).map(({ key, value }) => [key, value]),
  ).toEqual([
    ['A', '1'],
    ['A', '0'],
    ['C', '1'],
  ])
  expect(await world.look('self', 'k')).toBe('C+null')
  expect(dropped.sort()).toEqual(
    ['ask self', 'group by-row', 'joinTables 1', 'registry self'].map(operator => `${operator}: superseded`),
  )
})

const later = (kind: 'inner' | 'left', grace: number) =>
  topology('later', draft => {
    draft
      .stream(left)
      .join(draft.table('rights', right, { versioned: { history: 100 } }), plus, {
        kind,
        grace,
        buffer: 'lefts-before-rights',
      })
      .to(joined)
  })

const waits = `
  right k v10 10
  left  k a 12
  right k v11 11
  left  m b 22   -> k=a+v11@12
  left  k c 23
  left  k d 10   -> k=d+v10@10
  left  k e 13   -> k=e+v11@13
  left  a f 14
  right a v14 14
  left  a g 33   -> a=f+v14@14 m=b+null@22 k=c+v11@23
  left  k - 50
  left  a h 33
  left  b i 33
  left  - n 20   -> -=n+null@20
  left  a j 90   -> a=g+v14@33 a=h+v14@33 b=i+null@33
`

test('with grace records wait in order of time, key and arrival for rows that come later than they do', async () => {
  await tells(await drive(later('left', 10), { partitions: 1 }), waits)
  await tells(
    await drive(later('inner', 10), { partitions: 1 }),
    waits
      .replace(/[a-z-]=[a-z]\+null@\d+/g, '')
      .replaceAll('->\n', '\n')
      .replace(/-> +\n/g, '\n'),
  )
})

test('what waits outlives faults in any step of a commit', async () => {
  await survives(later('left', 10), waits, { partitions: 2, instances: 2 })
})

test('nothing waits for ever: quiet inputs let time pass', async () => {
  const quiet = topology('quiet', draft => {
    const rights = draft.table('rights', right, { versioned: { history: '1m' }, idle: '10s' })
    draft
      .stream(left, { idle: '10s' })
      .join(rights, plus, { kind: 'left', grace: '5s', buffer: 'lefts-before-rights' })
      .to(joined)
  })
  const world = await drive(quiet, { partitions: 2 })
  await tells(
    world,
    `
    left k a 5000
    left j b 5001
    advance 9s
    right k v 4000
  `,
  )
  await world.advance('30s')
  expect((await emitted(world)).sort()).toEqual(['j=b+null@5001', 'k=a+v@5000'])
})

test('a record that waited fails by itself: what set it free is not lost, and neither are those behind it', async () => {
  const dead = topic('dead', { key: text, value: text })
  const failing = topology('failing', { deadLetters: dead }, draft => {
    const merge = (value: string, row: string) => {
      if (value === 'bad') throw new Error('bad')
      return plus(value, row)
    }
    draft
      .stream(left)
      .join(draft.table('rights', right, { versioned: { history: 100 } }), merge, { grace: 10, buffer: 'waiting' })
      .to(joined)
  })
  await tells(
    await drive(failing, { partitions: 1 }),
    `
    right k v 1
    left k bad 5
    left k ok 6
    left k next 30 -> k=ok+v@6
    left k more 50 -> k=next+v@30
  `,
  )
})

test('a grace without versions, or longer than their history, is refused where it is drawn', () => {
  const drawn = (options: object, grace: `${number}s`) => () =>
    topology('refused', draft => {
      draft
        .stream(left)
        .join(draft.table('rights', right, options), plus, { grace, buffer: 'waiting' })
        .to(joined)
    })
  expect(drawn({}, '1s')).toThrow(
    'OPTION_WRONG at grace of waiting: the table keeps no versions to look back into, it needs `versioned`',
  )
  expect(drawn({ versioned: { history: '1s' } }, '2s')).toThrow(
    "OPTION_WRONG at grace of waiting: records wait for 2s, but the table's history is only 1s",
  )
})

test('types: the row may be missing where the kind says so; a grace needs a name and a format', () => {
  topology('typed', draft => {
    const lefts = draft.stream(left, { tombstones: 'keep' })
    const rights = draft.table('rights', right)
    const inner = lefts.join(rights, (value, row, key) => {
      expectTypeOf(value).toEqualTypeOf<string>()
      expectTypeOf(row).toEqualTypeOf<string>()
      expectTypeOf(key).toEqualTypeOf<string>()
      return 1
    })
    expectTypeOf(inner).toEqualTypeOf<BareStream<string, number>>()
    inner.discard()
    const outer = lefts.join(
      rights,
      (_value, row) => {
        expectTypeOf(row).toEqualTypeOf<string | undefined>()
        return 1
      },
      { kind: 'left', as: whole },
    )
    expectTypeOf(outer).toMatchTypeOf<Stream<string, number>>()
    outer.discard()
    const refused = () => {
      // @ts-expect-error a grace needs a store, and a store needs a name
      lefts.join(rights, plus, { grace: '1s' })
      // @ts-expect-error what waits is stored, and nobody knows how these values are written
      inner.join(rights, String, { grace: '1s', buffer: 'waiting' })
      // @ts-expect-error a stream is not joined with a table on the outer side
      lefts.join(rights, plus, { kind: 'outer' })
    }
    expect(refused).toThrow()
  })
})
