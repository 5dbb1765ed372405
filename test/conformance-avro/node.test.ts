import { expect, test } from 'vitest'
import { parseSchema } from '../../schemas/avro/parse.ts'
import { nodeReason } from '../../schemas/review/node.ts'
import { disagreements } from './node-runtimes.ts'

const limits = { patienceMs: 60_000, deep: 40 } as const

for (const runtime of ['franz', 'avsc', 'avsc-strict'] as const) {
  test(`the node verdict is what ${runtime} does, on every tenth pair`, { timeout: limits.patienceMs }, () => {
    expect(disagreements(runtime, 10).slice(0, 3)).toEqual([])
  })
}

test('schemas in which every level has two ways to fail are decided level by level, not way by way', () => {
  const nested = (spaces: readonly string[], last: string) => {
    const types = (level: number): unknown =>
      level === limits.deep ? [last] : spaces.map(space => `${space}.R${level}`)
    const records = Array.from({ length: limits.deep }, (_, level) =>
      spaces.map(space => ({
        type: 'record',
        name: `${space}.R${level}`,
        fields: [{ name: 'a', type: types(level + 1) }],
      })),
    ).flat()
    const fields = [
      { name: 'root', type: types(0) },
      ...records.map(type => ({ name: type.name.replace('.', '_'), type: ['null', type], default: null })),
    ]
    return parseSchema(JSON.stringify({ type: 'record', name: 'Root', fields }))
  }
  // Two to the power of forty ways would not end in this life.
  expect(nodeReason(nested(['x', 'y'], 'string'), nested(['w'], 'int'), 'franz')?.kind).toBe('missing-branch')
  expect(nodeReason(nested(['x', 'y'], 'long'), nested(['w'], 'int'), 'franz')).toBeUndefined()
})
