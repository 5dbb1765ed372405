import { expect, test } from 'vitest'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'
import { joined, left, right, survives, tells, third } from './stories.ts'
import { toJoined } from './windows.ts'

const both = topology('both', draft => {
  draft
    .stream(left)
    .group()
    .cogroup({ init: key => `${key}:`, add: (so, one) => so + one, as: text })
    .with(draft.stream(right).group(), (so, one) => so + one.toUpperCase())
    .aggregate('texts')
    .changes()
    .to(joined)
})

test('the records of several topics are folded into one value, each by a function of its own', async () => {
  await tells(
    await drive(both, { partitions: 3 }),
    `left a x 10  -> a=a:x@10
     right a y 12 -> a=a:xY@12
     right d z 5  -> d=d:Z@5
     left a w 11  -> a=a:xYw@12`,
  )
})

test('its windows have one stream time, whichever topic moves it', async () => {
  const windows = topology('windows', draft => {
    const table = draft
      .stream(left)
      .group()
      .cogroup({ init: () => '', add: (so, one) => so + one, as: text })
      .with(draft.stream(right).group(), (so, one) => so + one.toUpperCase())
      .tumbling({ size: 10, grace: 5 })
      .aggregate('texts')
    toJoined(table.changes())
    table.late().to(third)
  })
  const world = await drive(windows, { partitions: 1 })
  await tells(
    world,
    `left a x 12  -> a@10-20=x@12
     right a y 14 -> a@10-20=xY@14
     right a z 25 -> a@20-30=Z@25
     left a w 19`,
  )
  expect((await world.read(third)).map(({ value }) => value)).toEqual(['w'])
})

test('its sessions are merged by the function that is asked for', async () => {
  const visits = topology('visits', draft => {
    const table = draft
      .stream(left)
      .group()
      .cogroup({ init: () => '', add: (so, one) => so + one, as: text })
      .with(draft.stream(right).group(), (so, one) => so + one.toUpperCase())
      .session({ gap: 10, grace: 50 })
      .aggregate('texts', { merge: (one, other) => `${one}${one && '|'}${other}` })
    toJoined(table.changes())
  })
  await tells(
    await drive(visits, { partitions: 1 }),
    `left a x 100  -> a@100-100=x@100
     right a y 120 -> a@120-120=Y@120
     left a z 110  -> a@100-100=-@100 a@120-120=-@120 a@100-120=x|Yz@120`,
  )
})

test('topics whose equal keys would not meet are refused', async () => {
  const [three, four] = [3, 4].map(partitions => topic(`of-${partitions}`, { key: text, value: whole, partitions }))
  const apart = topology('apart', draft => {
    draft
      .stream(three!)
      .group()
      .cogroup({ init: () => 0, add: (sum, one) => sum + one, as: whole })
      .with(draft.stream(four!).group(), (sum, one) => sum - one)
      .aggregate('sums')
  })
  await expect(drive(apart)).rejects.toThrow('PARTITIONS_DIFFER')
})

test('faults at every step of every commit change nothing of what comes out', async () => {
  await survives(both, 'left a x 10\n right a y 12\n right d z 5\n left a w 11\n left d v 3', { partitions: 2 })
})
