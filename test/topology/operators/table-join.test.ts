import { expect, test } from 'vitest'
import { text, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { joined, left, plus, right, survives, tells, third } from './stories.ts'

const kinds = ['inner', 'left', 'outer'] as const

const joining = (kind: (typeof kinds)[number]) =>
  topology('joining', draft => {
    draft.table('lefts', left).join(draft.table('rights', right), plus, { kind, as: text }).changes().to(joined)
  })

const stories = {
  inner: `
    left  k - 1
    right k - 2
    left  k A 3
    right k a 4  -> k=A+a@4
    left  k B 5  -> k=B+a@5
    right k b 6  -> k=B+b@6
    left  k - 7  -> k=-@7
    right k - 8
    left  k C 9
    right k c 10 -> k=C+c@10
    right k - 11 -> k=-@11
    left  k - 12
    right k - 13
    right k d 14
    left  k D 15 -> k=D+d@15
  `,
  left: `
    left  k - 1
    right k - 2
    left  k A 3  -> k=A+null@3
    right k a 4  -> k=A+a@4
    left  k B 5  -> k=B+a@5
    right k b 6  -> k=B+b@6
    left  k - 7  -> k=-@7
    right k - 8
    left  k C 9  -> k=C+null@9
    right k c 10 -> k=C+c@10
    right k - 11 -> k=C+null@11
    left  k - 12 -> k=-@12
    right k - 13
    right k d 14
    left  k D 15 -> k=D+d@15
  `,
  outer: `
    left  k - 1
    right k - 2
    left  k A 3  -> k=A+null@3
    right k a 4  -> k=A+a@4
    left  k B 5  -> k=B+a@5
    right k b 6  -> k=B+b@6
    left  k - 7  -> k=null+b@7
    right k - 8  -> k=-@8
    left  k C 9  -> k=C+null@9
    right k c 10 -> k=C+c@10
    right k - 11 -> k=C+null@11
    left  k - 12 -> k=-@12
    right k - 13
    right k d 14 -> k=null+d@14
    left  k D 15 -> k=D+d@15
  `,
}

for (const kind of kinds) {
  test(`${kind}: every transition of two rows`, async () => {
    await tells(await drive(joining(kind), { partitions: 3, instances: 2 }), stories[kind])
  })

  test(`${kind}: the same under any fault in any step of a commit`, async () => {
    await survives(joining(kind), stories[kind], { partitions: 2 })
  })
}

test('a result is as new as the newer of its rows, whichever came last', async () => {
  const world = await drive(joining('left'))
  await tells(
    world,
    `
    left  k A 30 -> k=A+null@30
    right k a 10 -> k=A+a@30
    right k b 50 -> k=A+b@50
    left  k B 40 -> k=B+b@50
    right k - 20 -> k=B+null@40
    right k - 60 -> k=B+null@60
  `,
  )
})

test('a deletion of what never was says nothing while the other side is missing, and says it again where it is there', async () => {
  await tells(
    await drive(joining('inner')),
    `
    left  k - 1
    right k a 2
    left  k - 3 -> k=-@3
    left  k - 4 -> k=-@4
  `,
  )
})

test('what stands behind a join learns the joined row of before, so that nothing is deleted that was not there', async () => {
  const filtered = topology('filtered', draft => {
    draft
      .table('lefts', left)
      .join(draft.table('rights', right), plus, { kind: 'outer', as: text })
      .filter(row => !row.includes('B'))
      .changes()
      .to(joined)
  })
  await tells(
    await drive(filtered),
    `
    left  k B 1
    right k b 2
    left  k A 3 -> k=A+b@3
    left  k B 4 -> k=-@4
    left  k - 5 -> k=null+b@5
    right k - 6 -> k=-@6
  `,
  )
})

test('a joined table is looked into by the next join, through both its tables', async () => {
  const chained = topology('chained', draft => {
    const pair = draft.table('lefts', left).join(draft.table('rights', right), plus, { kind: 'outer', as: text })
    pair.join(draft.table('thirds', third), plus, { as: text }).changes().to(joined)
  })
  await tells(
    await drive(chained, { partitions: 2 }),
    `
    third k T 9
    left  k A 1  -> k=A+null+T@9
    right k a 2  -> k=A+a+T@9
    left  k - 3  -> k=null+a+T@9
    third k U 10 -> k=null+a+U@10
    right k - 11 -> k=-@11
    third k V 12
  `,
  )
})

test('null from merge leaves the row out', async () => {
  const even = topology('even', draft => {
    draft
      .table('lefts', left)
      .join(draft.table('rights', right), (one, other) => (one === other ? null : plus(one, other)), { as: text })
      .changes()
      .to(joined)
  })
  await tells(
    await drive(even),
    `
    left  k A 1
    right k a 2 -> k=A+a@2
    right k A 3 -> k=-@3
    right k b 4 -> k=A+b@4
  `,
  )
})

test('a table may be joined with itself', async () => {
  const doubled = topology('doubled', draft => {
    const lefts = draft.table('lefts', left)
    lefts.join(lefts, plus, { kind: 'outer', as: text }).changes().to(joined)
  })
  await tells(
    await drive(doubled),
    `
    left k A 1 -> k=A+A@1 k=A+A@1
    left k B 2 -> k=B+B@2 k=B+B@2
    left k - 3 -> k=-@3   k=-@3
  `,
  )
})

test('it moves with its task to another instance', async () => {
  const world = await drive(joining('outer'), { partitions: 2, instances: 2 })
  await tells(world, 'left k A 1 -> k=A+null@1')
  for (const partition of [0, 1]) await world.move(partition, 'instance-1')
  await tells(world, 'right k a 2 -> k=A+a@2')
  for (const partition of [0, 1]) await world.move(partition, 'instance-0')
  await tells(world, 'left k - 3 -> k=null+a@3')
})

test('tables that are not partitioned alike are refused in words', async () => {
  const wider = { ...right, partitions: 3 }
  const uneven = topology('uneven', draft => {
    draft.table('lefts', left).join(draft.table('rights', wider), plus, { as: text }).changes().to(joined)
  })
  await expect(drive(uneven, { partitions: 2 })).rejects.toThrow(
    'PARTITIONS_DIFFER at uneven, joinTables 1: equal keys must meet in it, but "left" has 2 partitions, "right" has 3 ' +
      'partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  )
})
