import { expect, test } from 'vitest'
import { describe, text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'

const lines = topic('lines', { key: text, value: text })
const unwanted = topology('unwanted', draft => draft.stream(lines).discard())

test('records that end here are counted by what happened to them, and block nothing', async () => {
  const dropped: string[] = []
  const observer = { dropped: (operator: string, reason: string) => dropped.push(`${operator}: ${reason}`) }
  const world = await drive(unwanted, { observer, partitions: 1 })
  await world.send(lines, 'a', 'one')
  await world.send(lines, null, 'two')
  expect(dropped).toEqual(['discard 1: discarded', 'discard 1: discarded'])
})

test('the plan shows where records end', () => {
  expect(describe(unwanted)).toContain('discard')
})
