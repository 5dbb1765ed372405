import avsc from 'avsc'
import { expect, test } from 'vitest'
import { parseSchema, schemaFromJson } from '../../../schemas/avro/parse.ts'
import { fingerprintOf, normalForm, schemaText } from '../../../schemas/avro/write.ts'
import { pairVectors } from '../../conformance-avro/vectors.ts'

const limits = { patienceMs: 60_000 } as const

test('a schema that is written and parsed again is the same schema', { timeout: limits.patienceMs }, () => {
  let checked = 0
  for (const { old } of pairVectors(2_000)) {
    const schema = schemaFromJson(old, { accept: 'apache' })
    const again = parseSchema(schemaText(schema), { accept: 'apache' })
    expect(normalForm(again)).toBe(normalForm(schema))
    expect(schemaText(again)).toBe(schemaText(schema))
    checked++
  }
  expect(checked).toBe(2_000)
})

test('a type that is named before it is defined is written out where it comes first', () => {
  const text =
    '{"type":"record","name":"R","fields":[{"name":"a","type":"E"},{"name":"b","type":{"type":"enum","name":"E","symbols":["X"]}}]}'
  expect(() => avsc.Type.forSchema(JSON.parse(text))).toThrow()
  const type = avsc.Type.forSchema(JSON.parse(schemaText(parseSchema(text))))
  expect(type.isValid({ a: 'X', b: 'X' })).toBe(true)
})

test('the normal form holds what matters to data, and nothing else', () => {
  const base = { type: 'record', name: 'x.R', fields: [{ name: 'a', type: 'int' }] }
  const form = (change: object, field: object = {}) =>
    fingerprintOf(parseSchema(JSON.stringify({ ...base, fields: [{ ...base.fields[0], ...field }], ...change })))
  const plain = form({})
  expect(form({ doc: 'words', owner: 'us' })).toBe(plain)
  expect(form({ name: 'R', namespace: 'x' })).toBe(plain)
  for (const [change, field] of [
    [{}, { default: 0 }],
    [{}, { aliases: ['b'] }],
    [{}, { order: 'ignore' }],
    [{}, { type: { type: 'int', logicalType: 'date' } }],
    [{ aliases: ['S'] }, {}],
    [{ name: 'x.S' }, {}],
  ] as const) {
    expect(form(change, field)).not.toBe(plain)
  }
})
