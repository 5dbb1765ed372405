import { expect, test } from 'vitest'
import { text, topic, topology, whole } from '../../../topology/index.ts'
import { commitSteps, type Drive, sameDespiteFaults, seededFaults } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })

/** Counts words, and lets `spoil` have a look at each count. */
const counting = (spoil: (count: number) => number) =>
  topology('word-count', draft => {
    draft
      .stream(lines)
      .flatMap(line => line.split(' '), { as: text })
      .rekey('by-word', word => word, { key: text })
      .group()
      .count('words')
      .map(spoil, { as: whole })
      .changes()
      .to(counts)
  })
const options = { reads: [counts], partitions: 3, instances: 2, seeds: Array.from({ length: 12 }, (_, seed) => seed) }
const story = async (world: Drive) => {
  for (const line of ['to be or', 'not to be', 'that is the question']) await world.send(lines, line, line)
  await world.move(1, 'instance-0')
  await world.send(lines, 'again', 'to be')
}

test('a pipeline emits the same whatever crashes, aborts or stays unanswered', async () => {
  expect(
    await sameDespiteFaults(
      counting(count => count),
      options,
      story,
    ),
  ).toBeGreaterThan(20)
})

test('what depends on more than record and state is told with its seed, which fails alone, too', async () => {
  let calls = 0
  const spoiled = counting(count => 1000 * count + ++calls)
  const attempt = (seeds: readonly number[]) =>
    sameDespiteFaults(spoiled, { ...options, seeds }, async world => {
      calls = 0
      await story(world)
    }).then(String, (error: Error) => error.message)
  const told = await attempt(options.seeds)
  expect(told).toMatch(
    /^seed \d+, counts, key "\w+": ".+ without faults, and ".+ with them\. To fix: play `seeds: \[\d+\]`/,
  )
  expect(await attempt([Number(/^seed (\d+)/.exec(told)![1])])).toBe(told)
})

test('a story that leaves nothing, and seeds without a fault, prove nothing and say so', async () => {
  const pipeline = counting(count => count)
  await expect(sameDespiteFaults(pipeline, options, async () => {})).rejects.toThrow('leaves nothing')
  await expect(sameDespiteFaults(pipeline, { ...options, seeds: [] }, story)).rejects.toThrow('no fault happened')
})

test('a seed decides the faults: the same each time, of every kind in time, at every step', () => {
  const decided = (seed: number) => {
    const faults = seededFaults(seed)
    return Array.from({ length: 600 }, (_, index) => faults(commitSteps[index % commitSteps.length]!, 'instance-0'))
  }
  expect(decided(3)).toEqual(decided(3))
  expect(decided(3)).not.toEqual(decided(4))
  expect(new Set(decided(3))).toEqual(new Set([undefined, 'crash', 'abort', 'lose answer']))
})
