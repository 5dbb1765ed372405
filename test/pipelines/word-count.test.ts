import { drive } from 'franz/testing'
import { expect, test } from 'vitest'
import wordCount, { counts, lines } from '../../pipelines/examples/word-count.ts'

test('words are counted, whatever crashes', async () => {
  const world = await drive(wordCount, { partitions: 3, instances: 2 })
  await world.send(lines, 'a', 'to be or not to be')
  await world.crash('instance-0')
  expect(await world.look('words', 'be')).toBe(2)
})

test('each change of a count is written', async () => {
  const world = await drive(wordCount)
  await world.send(lines, null, 'To be, or not to be')
  const records = await world.read(counts)
  expect(records.filter(({ key }) => key === 'to').map(({ value }) => value)).toEqual([1, 2])
})
