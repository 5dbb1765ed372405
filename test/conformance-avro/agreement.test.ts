import { expect, test } from 'vitest'
import { checkCompatibility } from '../../schemas/avro/compat.ts'
import { SchemaError } from '../../schemas/avro/error.ts'
import { jsonText } from '../../schemas/avro/json.ts'
import { parseSchema, schemaFromJson } from '../../schemas/avro/parse.ts'
import { incompatibilities } from '../../schemas/avro/resolve.ts'
import type { Schema } from '../../schemas/avro/schema.ts'
import { pairVectors, schemaVectors, textVectors } from './vectors.ts'

const limits = { patienceMs: 60_000 } as const
const pairs = pairVectors().map(pair => {
  const [old, next] = [pair.old, pair.new].map(node => schemaFromJson(node, { accept: 'apache' })) as [Schema, Schema]
  return { ...pair, oldSchema: old, newSchema: next }
})

test('the wire verdict is that of Apache Avro on every pair, in both directions', {
  timeout: limits.patienceMs,
}, () => {
  expect(pairs.length).toBeGreaterThanOrEqual(10_000)
  const disagreements = pairs.flatMap(pair => {
    const { oldSchema: old, newSchema: next } = pair
    const reasons = { backward: incompatibilities(next, old), forward: incompatibilities(old, next) }
    return (['backward', 'forward'] as const)
      .filter(direction => (reasons[direction].length === 0) !== (pair[direction] === 'y'))
      .map(direction => ({ direction, java: pair[direction], old: jsonText(pair.old), new: jsonText(pair.new) }))
  })
  expect(disagreements.slice(0, 3)).toEqual([])
})

test('where the check of Apache Avro throws, the reason is an ambiguous alias', () => {
  for (const pair of pairs) {
    if (pair.backward !== 'x') continue
    expect(incompatibilities(pair.newSchema, pair.oldSchema).map(reason => reason.kind)).toContain('ambiguous-alias')
  }
})

test('FULL is both directions, and NONE asks nothing', () => {
  for (const pair of pairs.slice(0, 500)) {
    const question = { old: [pair.oldSchema], new: pair.newSchema }
    const verdict = (mode: 'FULL' | 'NONE') => checkCompatibility({ ...question, mode }).compatible
    expect(verdict('FULL')).toBe(pair.backward === 'y' && pair.forward === 'y')
    expect(verdict('NONE')).toBe(true)
  }
})

test('a schema is accepted exactly when Apache Avro parses it', { timeout: limits.patienceMs }, () => {
  const vectors = schemaVectors()
  expect(vectors.filter(vector => !vector.accepted).length).toBeGreaterThan(1_000)
  const disagreements = vectors.flatMap(({ schema, accepted }) => {
    try {
      schemaFromJson(schema, { accept: 'apache' })
      return accepted ? [] : [`only ours accepts ${jsonText(schema)}`]
    } catch (error) {
      return accepted ? [`only Avro accepts ${jsonText(schema)}: ${error}`] : []
    }
  })
  expect([disagreements.length, ...disagreements.slice(0, 12)]).toEqual([0])
})

test.each(textVectors())('$text is accepted: $accepted', ({ text, accepted }) => {
  const parse = () => parseSchema(text, { accept: 'apache' })
  if (accepted) expect(parse).not.toThrow()
  else expect(parse).toThrow(SchemaError)
})
