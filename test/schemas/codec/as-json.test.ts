import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { avro, type JsonValues, jsonValues, localRegistry, type OpenRegistry } from '../../../schemas/index.ts'
import { temporaryFolder } from '../registry/served.ts'
import { field, record } from './codecs.ts'

let folder: string
let registry: OpenRegistry
let values: JsonValues
beforeEach(async () => {
  folder = await temporaryFolder()
  registry = await localRegistry(folder, { register: true })
  values = jsonValues(registry)
})
afterEach(async () => {
  await registry.close()
  await rm(folder, { recursive: true })
})

const older = record([field('text', 'string')])
const newer = record([
  field('text', 'string'),
  field('count', 'long', { default: 7 }),
  field('bytes', 'bytes', { default: '\u00ff' }),
  field('either', ['null', 'int', 'double'], { default: null }),
])

test('a value is shown by the schema that it was written with, and made by the newest one', async () => {
  const place = { topic: 'notes', part: 'value' } as const
  const bytes = (await avro<unknown>(older).open(place, registry)).encode({ text: 'ä' })
  await avro<unknown>(newer).open(place, registry)
  expect(await values.read('notes', bytes)).toBe('{"text":"ä"}')
  const full = '{"text":"b","count":9,"bytes":"\u00fe","either":{"type":"double","value":0.5}}'
  const written = await values.write('notes', full)
  expect([...written!.subarray(0, 5)]).toEqual([0, 0, 0, 0, 2])
  expect(await values.read('notes', written!)).toBe(full)
  expect(await values.read('notes', (await values.write('notes', '{"text":""}'))!)).toBe(
    '{"text":"","count":7,"bytes":"\u00ff","either":null}',
  )
  const large = (await avro<unknown>(newer).open(place, registry)).encode({ text: '', count: 2n ** 60n })
  expect(await values.read('notes', large)).toContain('"count":"1152921504606846976"')
})

test('what is not framed, has an id that nobody knows, or a topic without schemas is left to the caller', async () => {
  expect(await values.read('notes', Buffer.from('text'))).toBeUndefined()
  expect(await values.read('notes', Buffer.from([0, 0, 0, 0, 9, 1]))).toBeUndefined()
  expect(await values.write('notes', '{}')).toBeUndefined()
})

test('what does not fit the schema is refused by its field', async () => {
  await registry.idOf('notes-value', JSON.stringify(older))
  await expect(values.write('notes', '{"text":1}')).rejects.toThrow(
    /value of notes, field text: in the JSON, expected a string, found a whole number/,
  )
  await expect(values.write('notes', 'text')).rejects.toThrow(/neither framed Avro nor JSON/)
})
