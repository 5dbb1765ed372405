import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { parseSchema } from '../../../../schemas/avro/parse.ts'
import { normalForm } from '../../../../schemas/avro/write.ts'
import { normalText, storedText } from '../../../../schemas/registry/local/canonical.ts'

const read = (text: string) => parseSchema(text, { accept: 'apache' })

/** Made by StoredText.java beside them. */
const vectors = gunzipSync(readFileSync(`${import.meta.dirname}/vectors/stored-texts.jsonl.gz`))
  .toString()
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as { schema: string; stored: string })

test('the stored text is letter for letter the one that Apache Avro, and so Confluent, gives a schema', () => {
  expect(vectors).toHaveLength(600)
  for (const { schema, stored } of vectors) expect(storedText(read(schema))).toBe(stored)
})

test('both texts read as the same schema and as themselves', () => {
  for (const { schema } of vectors) {
    const stored = storedText(read(schema))
    const normal = normalText(read(schema))
    expect(normalForm(read(stored))).toBe(normalForm(read(schema)))
    expect(storedText(read(stored))).toBe(stored)
    expect([normalText(read(normal)), normalText(read(stored))]).toEqual([normal, normal])
  }
})

test('a default keeps the digits that JavaScript would lose', () => {
  const schema =
    '{"type":"record","name":"A","fields":[{"name":"x","type":"long","default":9007199254740993},{"name":"y","type":"double","default":1.0}]}'
  expect(storedText(read(schema))).toBe(schema)
  expect(normalText(read(schema))).toContain('"default":9007199254740993')
})

test('a type of another subject is named and not written out', () => {
  const money = read('{"type":"fixed","name":"Money","namespace":"shop","size":8}')
  const text = '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"total","type":"Money"}]}'
  const known = new Map([['shop.Money', money]])
  expect(storedText(parseSchema(text, { known, accept: 'apache' }), known.values())).toBe(text)
})
