import { expect, test } from 'vitest'
import { avro } from '../../../schemas/codec/avro.ts'
import { orJson } from '../../../schemas/codec/or-json.ts'
import { text } from '../../../topology/index.ts'
import { field, key, record, value } from './codecs.ts'
import { StubRegistry } from './ticket.ts'

const schema = record([
  field('text', 'string'),
  field('count', 'long', { default: 7 }),
  field('maybe', ['null', 'long', 'string'], { default: null }),
  field('bytes', 'bytes', { default: '' }),
  field('list', { type: 'array', items: record([field('n', ['int', 'double'])], { name: 'Inner' }) }, { default: [] }),
  field('map', { type: 'map', values: ['null', 'bytes'] }, { default: {} }),
  field('at', { type: 'long', logicalType: 'timestamp-millis' }, { default: 0 }),
])
const format = avro<Record<string, unknown>>(schema)
const open = async () => orJson(format).open(value, new StubRegistry())
const json = (of: unknown) => Buffer.from(JSON.stringify(of))
const whole = { count: 7n, maybe: null, bytes: new Uint8Array(), list: [], map: {}, at: 0 }

test('unframed JSON of the same shape is read, with defaults for what is missing', async () => {
  const codec = await open()
  expect(codec.decode(json({ text: 'ä', unknown: 1 }))).toEqual({ ...whole, text: 'ä' })
  const full = {
    text: '',
    count: 2 ** 40,
    maybe: 5,
    bytes: '\u0001\u00ff',
    list: [{ n: { type: 'double', value: 1 } }],
    map: { __proto__: null, a: null, b: '\u0002' },
    at: 1_760_000_000_000,
  }
  expect(codec.decode(json(full))).toEqual({
    ...full,
    count: 2n ** 40n,
    maybe: 5n,
    bytes: Uint8Array.of(1, 255),
    map: { a: null, b: Uint8Array.of(2) },
  })
})

test('a whole number is a long where it may be one, and any other a double', async () => {
  const either = orJson(avro<unknown>(record([field('n', ['double', 'long'])])))
  const codec = await either.open(value, new StubRegistry())
  expect([5, 5.5].map(n => codec.decode(json({ n })))).toEqual([{ n: 5n }, { n: 5.5 }])
})

test('framed Avro is read as ever, and always written', async () => {
  const codec = await open()
  const bytes = codec.encode({ ...whole, text: 'x' })
  expect(bytes[0]).toBe(0)
  expect(codec.decode(bytes)).toEqual({ ...whole, text: 'x' })
  expect(codec.prepare?.(json({}))).toBe(undefined)
  expect(orJson(format).name).toBe(format.name)
})

test('what is neither is refused, with its field', async () => {
  const codec = await open()
  const refused = (bytes: Uint8Array, words: string) => expect(() => codec.decode(bytes)).toThrow(words)
  refused(Buffer.from('not json'), 'value of things, byte 0: the bytes are neither framed Avro nor JSON')
  refused(Buffer.from([0x22, 0xff, 0x22]), 'neither framed Avro nor JSON')
  refused(Buffer.alloc(0), 'neither framed Avro nor JSON')
  refused(
    json({}),
    'value of things, field text: in the JSON, expected a string, found nothing. To fix: correct the program',
  )
  refused(json({ text: 'x', list: [{ n: 5 }] }), 'field list.0.n: in the JSON, expected an object { type, value }')
  refused(json([1]), 'value of things: in the JSON, expected an object, found an array')
})

test('keys stay as they are, and only formats of avro() can be widened', async () => {
  const codec = await orJson(avro<string>('"string"')).open(key, undefined)
  expect(codec.decode(codec.encode('a'))).toBe('a')
  expect(() => codec.decode(Buffer.from('"a"'))).toThrow('key of things')
  expect(() => orJson(text)).toThrow('text is no format of avro(). To fix: give orJson() one that is')
})
