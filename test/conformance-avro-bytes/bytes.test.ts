import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { parseSchema } from '../../schemas/avro/parse.ts'
import { avro } from '../../schemas/codec/avro.ts'
import { randomSchemas } from './random-schemas.ts'
import { type Text, valueOfText } from './text.ts'

interface Line {
  readonly schema: unknown
  /** Records as our codec wrote them, what they say to Apache Avro, and the same records as Avro writes them. */
  readonly ours: readonly string[]
  readonly texts: readonly Text[]
  readonly theirs: readonly string[]
}

const lines = gunzipSync(readFileSync(`${import.meta.dirname}/vectors/bytes.jsonl.gz`))
  .toString()
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as Line)

const opened = async ({ schema }: Line) => {
  const text = JSON.stringify(schema)
  const codec = await avro<unknown>(text).open({ topic: 'vectors', part: 'key' }, undefined)
  return { parsed: parseSchema(text), codec }
}
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const bytes = (text: string) => Buffer.from(text, 'hex')

test('there are 200 schemas with 20 records each, with every type in them', () => {
  expect(lines.map(line => [line.ours, line.texts, line.theirs].map(list => list.length))).toEqual(
    Array.from({ length: 200 }, () => [20, 20, 20]),
  )
  const schemas = JSON.stringify(lines.map(line => line.schema))
  const types = 'null boolean int long float double bytes string record enum fixed array map error decimal uuid date'
  for (const type of types.split(' ')) expect(schemas, type).toContain(`"${type}"`)
})

describe('every record', () => {
  test('is written by us today as it was when Apache Avro read it', async () => {
    for (const line of lines) {
      const { parsed, codec } = await opened(line)
      for (const [index, text] of line.texts.entries())
        expect(hex(codec.encode(valueOfText(parsed, text))), JSON.stringify(line.schema)).toBe(line.ours[index])
    }
  })

  test('says to us what it says to Apache Avro, whichever of the two wrote it', async () => {
    for (const line of lines) {
      const { parsed, codec } = await opened(line)
      for (const [index, text] of line.texts.entries()) {
        const value = valueOfText(parsed, text)
        expect(codec.decode(bytes(line.ours[index]!)), JSON.stringify(line.schema)).toStrictEqual(value)
        expect(codec.decode(bytes(line.theirs[index]!)), JSON.stringify(line.schema)).toStrictEqual(value)
      }
    }
  })
})

test('Apache Avro wrote some of them in blocks with sizes', () => {
  const differing = lines.flatMap(line => line.theirs.filter((each, index) => each.length > line.ours[index]!.length))
  expect(differing.length).toBeGreaterThan(300)
})

test('the random schemas are the same for the same seed', () => {
  const texts = () => randomSchemas(5, 5).map(({ text }) => text)
  expect(texts()).toEqual(texts())
  expect(new Set(texts()).size).toBe(5)
})
