import { expect, test } from 'vitest'
import { schemaFromJson } from '../../schemas/avro/parse.ts'
import type { Schema } from '../../schemas/avro/schema.ts'
import { schemaText } from '../../schemas/avro/write.ts'
import type { Change } from '../../schemas/review/compare/change.ts'
import { compareSchemas } from '../../schemas/review/compare/index.ts'
import { nodeReason } from '../../schemas/review/node.ts'
import { pairVectors } from './vectors.ts'

const limits = { patienceMs: 120_000, pairs: 1_500, unexplainedMax: 10 } as const

const pairs = pairVectors(limits.pairs).map(pair => {
  const [old, next] = [pair.old, pair.new].map(node => schemaFromJson(node, { accept: 'apache' })) as [Schema, Schema]
  return { ...pair, oldSchema: old, newSchema: next, changes: compareSchemas(old, next) }
})
const directions = ['backward', 'forward'] as const
const holds = ({ direction }: Change, which: string) => direction === which || direction === 'both'
const texts = ({ oldSchema, newSchema }: (typeof pairs)[number]) => `${schemaText(oldSchema)}\n${schemaText(newSchema)}`

test('there is a finding about the wire exactly where Apache Avro says no', { timeout: limits.patienceMs }, () => {
  const wrong = pairs.flatMap(pair =>
    directions.flatMap(direction => {
      const told = pair.changes.some(
        change => change.axis[0] === 'WIRE' && change.level === 'error' && holds(change, direction),
      )
      return told === (pair[direction] !== 'y') ? [] : [`${direction} ${told}\n${texts(pair)}`]
    }),
  )
  expect(wrong.slice(0, 2)).toEqual([])
})

test('there is a finding about Node wherever our codec refuses', { timeout: limits.patienceMs }, () => {
  const silent = pairs.flatMap(pair =>
    directions.flatMap(direction => {
      const [reader, writer] =
        direction === 'backward' ? [pair.newSchema, pair.oldSchema] : [pair.oldSchema, pair.newSchema]
      const reason = nodeReason(reader, writer, 'franz')
      const isOurs = reason !== undefined && (reason.kind !== 'schema' || direction === 'backward')
      const told = pair.changes.some(
        change => change.axis.includes('NODE') && change.level === 'error' && holds(change, direction),
      )
      return isOurs && !told ? [`${direction} ${reason.message}\n${texts(pair)}`] : []
    }),
  )
  expect(silent.slice(0, 2)).toEqual([])
})

test('almost every verdict is explained by a difference, not only repeated', () => {
  const repeated = pairs.filter(({ changes }) => changes.some(({ message }) => message.endsWith('of the reader)')))
  expect(repeated.length).toBeLessThan(limits.unexplainedMax)
})

test('a schema has nothing to say about itself', () => {
  for (const { oldSchema } of pairs.slice(0, 500)) {
    // Where a schema is ambiguous by itself it cannot even read its own data.
    const changes = compareSchemas(oldSchema, oldSchema).filter(({ code }) => code !== 'AV203' && code !== 'AV603')
    expect(changes.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  }
})
