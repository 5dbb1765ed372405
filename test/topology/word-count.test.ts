import { expect, test } from 'vitest'
import { text, topic, topology, whole } from '../../topology/index.ts'
import { drive } from '../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })

const wordCount = topology('word-count', draft => {
  draft
    .stream(lines)
    .flatMap(line => line.split(' '), { as: text })
    .rekey('by-word', word => word, { key: text })
    .group()
    .count('words')
    .changes()
    .to(counts)
})

test('words are counted under their own key, whichever partition they came by', async () => {
  const world = await drive(wordCount, { partitions: 3, instances: 2 })
  await world.send(lines, 'a', 'to be or', 1)
  await world.send(lines, 'b', 'not to be', 2)
  const last = new Map((await world.read(counts)).map(({ key, value }) => [key, value]))
  expect(Object.fromEntries(last)).toEqual({ to: 2, be: 2, or: 1, not: 1 })
  expect(await world.look('words', 'be')).toBe(2)
})

test('a crash at any step of a commit counts nothing twice and loses nothing', async () => {
  for (const step of ['begin', 'appended', 'positions sent', 'committed', 'stores half written', 'stores written']) {
    let commits = 0
    const world = await drive(wordCount, {
      partitions: 2,
      faults: at => (at === step && ++commits === 2 ? 'crash' : undefined),
    })
    await world.send(lines, 'a', 'to be or', 1)
    await world.send(lines, 'b', 'not to be', 2)
    expect(world.crashes).toBe(1)
    expect(await world.look('words', 'be'), step).toBe(2)
    expect(await world.look('words', 'or'), step).toBe(1)
  }
})
