import { expect, test } from 'vitest'
import { text, topic, topology } from '../../../topology/index.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { ensureTopics } from '../../../topology/task/topics.ts'
import { MemoryLog } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const tally = (partitions?: number) =>
  plan(
    topology('tally', draft =>
      draft
        .stream(lines)
        .rekey('by-word', line => line, { key: text, ...(partitions && { partitions }) })
        .group()
        .count('words'),
    ).graph,
  )

const log = (partitions?: number) => {
  const made = new MemoryLog({ now: () => 0 })
  if (partitions) made.topics.create({ name: 'lines', partitions, cleanup: 'delete' })
  return made
}

test('topics that are missing are made, internal ones with their settings', async () => {
  const made: unknown[] = []
  const watched = log(3)
  watched.create = async topics => void made.push(...topics)
  await ensureTopics(tally(), watched, undefined)
  expect(made).toEqual([
    {
      name: 'tally-by-word-repartition',
      purpose: 'exchange',
      partitions: 3,
      cleanup: 'delete',
      segmentBytes: 52_428_800,
    },
    {
      name: 'tally-words-changelog',
      purpose: 'changelog',
      partitions: 3,
      cleanup: 'compact',
      tombstonesMs: 604_800_000,
    },
  ])
})

test('a declared topic that is missing is refused, unless the log may make it', async () => {
  await expect(ensureTopics(tally(), log(), undefined)).rejects.toThrow('there is no topic "lines"')
  expect((await ensureTopics(tally(), log(), 4)).get('lines')).toBe(4)
})

test('an internal topic of another count than the plan wants is refused: its keys would stand elsewhere', async () => {
  const used = log(4)
  await ensureTopics(tally(), used, undefined)
  await expect(ensureTopics(tally(8), used, undefined)).rejects.toThrow(
    'PARTITIONS_CHANGED at tally: "tally-by-word-repartition" has 4 partitions in the log, and 8 by its topology: its keys would stand elsewhere. To fix: go back to the count that the log has, or reset the topology.',
  )
  await expect(ensureTopics(tally(4), used, undefined)).resolves.toBeInstanceOf(Map)
})
