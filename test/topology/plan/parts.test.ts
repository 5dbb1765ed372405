import { expect, test } from 'vitest'
import { type Draft, text, topic, topology } from '../../../topology/index.ts'
import { partitionCounts, tasksOf } from '../../../topology/plan/counts.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { drive } from '../../../topology/testing.ts'
import { declare } from './declare.ts'

const lines = topic('lines', { key: text, value: text })
const words = topic('words', { key: text, value: text })

const drawn = (draw: (draft: Draft) => void) => plan(topology('cut', draw).graph)
const counts = (planned: ReturnType<typeof drawn>, known: Record<string, number>) =>
  Object.fromEntries(partitionCounts(planned, new Map(Object.entries(known))))

test('what a topic lies between is two parts, what a handle joins is one', () => {
  const { parts } = drawn(draft => {
    const stream = draft.stream(lines)
    stream.rekey('by-word', line => line, { key: text }).to(words)
    stream.rekey('by-line', line => line, { key: text }).discard()
  })
  expect(parts.map(part => part.nodes.map(({ node, role }) => `${node.id} (${role})`))).toEqual([
    ['source lines (whole)', 'rekey by-word (writer)', 'rekey by-line (writer)'],
    ['rekey by-word (reader)', 'sink words (whole)'],
    ['rekey by-line (reader)', 'discard 1 (whole)'],
  ])
})

test('an exchange has as many partitions as the part that writes it has tasks', () => {
  const planned = drawn(draft =>
    draft
      .stream(lines)
      .merge(draft.stream(topic('more', lines)))
      .rekey('by-word', line => line, { key: text })
      .group()
      .count('tally'),
  )
  expect(counts(planned, { lines: 3, more: 5 })).toMatchObject({
    'cut-by-word-repartition': 5,
    'cut-tally-changelog': 5,
  })
})

test('an exchange has as many partitions as the table it meets', () => {
  const planned = drawn(draft =>
    draft
      .stream(lines)
      .rekey('by-word', line => line, { key: text })
      .join(draft.table('rows', topic('rows', lines)), line => line)
      .discard(),
  )
  expect(counts(planned, { lines: 3, rows: 7 })).toMatchObject({ 'cut-by-word-repartition': 7 })
})

test('exchanges that meet have the partitions of the widest part that writes one of them', () => {
  const planned = drawn(draft => {
    const keyed = [topic('left', lines), topic('right', lines)].map(side =>
      draft.stream(side).rekey(`by-${side.name}`, line => line, { key: text }),
    )
    keyed[0]!.join(keyed[1]!.table('rows'), line => line).discard()
  })
  const widths = { left: 2, right: 6 }
  expect(counts(planned, widths)).toMatchObject({ 'cut-by-left-repartition': 6, 'cut-by-right-repartition': 6 })
})

test('a count of its own stands', () => {
  const planned = drawn(draft =>
    draft
      .stream(lines)
      .rekey('by-word', line => line, { key: text, partitions: 9 })
      .discard(),
  )
  expect(counts(planned, { lines: 2 })).toMatchObject({ 'cut-by-word-repartition': 9 })
  expect(planned.parts.map(part => tasksOf(part, partitionCounts(planned, new Map([['lines', 2]]))))).toEqual([2, 9])
})

test('without the counts of its topics a part has no tasks yet', () => {
  const planned = drawn(draft => draft.stream(lines).group().count('tally'))
  expect(counts(planned, {})).toEqual({})
  expect(tasksOf(planned.parts[0]!, new Map())).toBeUndefined()
})

test('a part that reads what it writes takes its count from what else it reads', async () => {
  const again = topology('again', draft => {
    const stream = draft.stream(lines)
    stream.merge(stream.rekey('by-word', line => line, { key: text }).filter(line => line.length > 1)).to(words)
  })
  const planned = plan(again.graph)
  expect(planned.parts).toHaveLength(1)
  expect(counts(planned, { lines: 3 })).toMatchObject({ 'again-by-word-repartition': 3 })
  const world = await drive(again, { partitions: 3 })
  await world.send(lines, 'a', 'to')
  await world.send(lines, 'a', 'x')
  expect((await world.read(words)).map(({ value }) => value).sort()).toEqual(['to', 'to', 'x'])
})

test('changelogs are compacted; those of windows close their segments; exchanges are purged', () => {
  const day = 86_400_000
  const store = (name: string, retentionMs?: number) =>
    ['fold', { store: name, ...(retentionMs && { retentionMs }) }, 0] as const
  const { topics } = plan(
    declare('all', [
      ['source', { source: { topic: 'lines' } }],
      store('for-ever'),
      store('a-minute', 60_000),
      store('a-day', day),
      store('a-year', 365 * day),
    ]),
  )
  const settings = { purpose: 'changelog', cleanup: 'compact', tombstonesMs: 7 * day, purged: false }
  expect(topics).toMatchObject([undefined, 3_600_000, day, day].map(segmentMs => ({ ...settings, segmentMs })))
  const [exchange] = drawn(draft =>
    draft
      .stream(lines)
      .rekey('by-word', line => line, { key: text })
      .discard(),
  ).topics
  expect(exchange).toMatchObject({ purpose: 'exchange', cleanup: 'delete', purged: true, segmentBytes: 52_428_800 })
})
