import { describe, expect, test } from 'vitest'
import { field, framed, messageOf, open, record, through } from './codecs.ts'

const nulls = { type: 'array', items: 'null' }
const tree = record([field('next', ['null', 'Thing'])])

const chain = (depth: number): unknown => {
  let value: unknown = null
  for (let level = 0; level < depth; level++) value = { next: value }
  return value
}

describe('a limit is met before anything is made', () => {
  test('items that take no bytes', async () => {
    const codec = await open(nulls)
    expect((codec.decode(framed('c09a0c00')) as unknown[]).length).toBe(100_000)
    expect(() => codec.decode(framed('c29a0c00'))).toThrow('more than 100000 items')
    expect(messageOf(() => codec.decode(framed('8094ebdc03 00')))).toMatch(
      /byte 5: more than 100000 items \(itemsMax\)/,
    )
  })

  test('items that cannot be there, in a field that is read or passed over', async () => {
    const codec = await open(record([field('a', 'int'), field('list', { type: 'array', items: 'long' })]))
    expect(messageOf(() => codec.decode(framed('02 fe ff ff ff 0f')))).toBe(
      'value of things, schema 1, field list, byte 6: 2147483647 items are announced and do not fit into the 0 bytes left. ' +
        'To fix: see whether the writer used another schema than its id says; an error policy decides what becomes of it.',
    )
  })

  test('a length beyond all addresses, whatever stands behind it', async () => {
    const millis = { type: 'long', logicalType: 'timestamp-millis' }
    for (const type of [millis, 'long', 'int', 'boolean', 'double', 'bytes', { type: 'array', items: millis }]) {
      const codec = await open(record([field('text', 'string'), field('after', type)]))
      expect(() => codec.decode(framed('feffffffffffffffff01 00'))).toThrow(
        '9223372036854776000 bytes of text or binary are announced',
      )
    }
  })

  test('a text that cannot be there', async () => {
    const codec = await open(record([field('inner', record([field('text', 'string')], { name: 'Inner' }))]))
    expect(messageOf(() => codec.decode(framed('80808080 10 61')))).toMatch(
      /field inner\.text, byte 5: 2147483648 bytes of text or binary are announced and only 1 are left/,
    )
  })

  test('levels', async () => {
    const codec = await open(tree, { limits: { depthMax: 50 } })
    expect(codec.decode(codec.encode(chain(51)))).toEqual(chain(51))
    expect(() => codec.encode(chain(52))).toThrow('nested deeper than 50 levels (depthMax)')
    const deep = (await open(tree)).encode(chain(60))
    expect(() => codec.decode(deep)).toThrow(
      /field next\.next\..*nested deeper than 50 levels \(depthMax\). To fix: raise the limit/,
    )
  })

  test('levels are left again: many beside each other are no depth', async () => {
    const list = field('list', { type: 'array', items: { type: 'map', values: ['null', 'Thing'] } })
    const wide = { list: Array.from({ length: 600 }, () => ({ a: { list: [] } })) }
    const codec = await open(record([list]))
    expect(codec.decode(codec.encode(wide))).toEqual(wide)
    const passedOver = await through(
      record([list, field('n', 'int', { default: 1 })]),
      record([field('n', 'int')]),
      wide,
    )
    expect(passedOver).toEqual({ n: 1 })
  })

  test('a value that contains itself', async () => {
    const codec = await open(tree)
    const circle: Record<string, unknown> = {}
    circle.next = circle
    expect(() => codec.encode(circle)).toThrow('nested deeper than 500 levels (depthMax)')
  })

  test('bytes in all, and of one text', async () => {
    const text = await open(record([field('text', 'string')]), { limits: { bytesMax: 100, textBytesMax: 50 } })
    expect(text.decode(text.encode({ text: 'x'.repeat(50) }))).toEqual({ text: 'x'.repeat(50) })
    expect(() => text.encode({ text: 'x'.repeat(94) })).toThrow('takes more than 100 bytes (bytesMax)')
    const wide = await open(record([field('text', 'string')]))
    expect(() => text.decode(wide.encode({ text: 'x'.repeat(51) }))).toThrow(
      'field text, byte 5: 51 bytes of text or binary are more than 50 (textBytesMax)',
    )
    expect(() => text.decode(wide.encode({ text: 'x'.repeat(101) }))).toThrow('108 bytes are more than 100 (bytesMax)')
  })

  test('what could not be read back is not written', async () => {
    const codec = await open(nulls, { limits: { itemsMax: 3 } })
    expect(codec.decode(codec.encode([null, null, null]))).toEqual([null, null, null])
    expect(() => codec.encode([null, null, null, null])).toThrow('more than 3 items (itemsMax)')
    const map = await open({ type: 'map', values: 'int' }, { limits: { itemsMax: 1 } })
    expect(() => map.encode({ a: 1, b: 2 })).toThrow('more than 1 items (itemsMax)')
  })
})

test('a schema whose types use each other often opens at once', async () => {
  let type: object = record([field('one', 'int'), field('two', 'int')], { name: 'Level0' })
  for (let level = 1; level < 60; level++)
    type = record([field('one', type), field('two', `Level${level - 1}`)], { name: `Level${level}` })
  const codec = await open({ type: 'array', items: type })
  expect(codec.decode(codec.encode([]))).toEqual([])
  expect(() => codec.decode(framed('02 00'))).toThrow(
    'byte 5: 1 items are announced and do not fit into the 1 bytes left',
  )
})

describe('what is wrong with bytes is said with its place', () => {
  const ticket = record([
    field('id', 'string'),
    field('tags', { type: 'array', items: record([field('name', 'string'), field('level', 'int')], { name: 'Tag' }) }),
    field('mood', { type: 'enum', name: 'Mood', symbols: ['good', 'bad'] }),
    field('extra', ['null', 'int']),
    field('labels', { type: 'map', values: 'boolean' }),
  ])

  test.each([
    ['', 'field id, byte 5: the bytes end in the middle of a value'],
    ['03', 'field id, byte 5: a length of -2 bytes is impossible'],
    ['0261 04 0262 02 0a63', 'field tags.1.name, byte 11: 5 bytes of text or binary are announced and only 1 are left'],
    ['0261 02 0262', 'field tags.0.level, byte 10: the bytes end in the middle of a value'],
    ['0261 04 0262 02 0263 ffffffffffffffffffff01 00', 'field tags.1.level, byte 13: a number takes more bytes'],
    ['0261 00 04 00 00', 'field mood, byte 8: 2 is out of range: the enum has 2 symbols'],
    ['0261 00 01 00 00', 'field mood, byte 8: -1 is out of range: the enum has 2 symbols'],
    ['0261 00 00 04 00', 'field extra, byte 9: 2 is out of range: the union has 2 branches'],
    ['0261 00 00 00 02 066b6579 05 00', 'field labels.key, byte 15: 5 is no boolean'],
    ['0261 00 00 00 00 0000', 'byte 11: 2 bytes follow after the end of the datum'],
  ])('%s', async (hex, words) => {
    const codec = await open(ticket)
    expect(messageOf(() => codec.decode(framed(hex)))).toContain(`value of things, schema 1, ${words}`)
  })

  test('bytes without a frame', async () => {
    const codec = await open('string')
    for (const bytes of [Buffer.from('{"a":1}'), Buffer.alloc(4), Buffer.alloc(0)])
      expect(() => codec.decode(bytes)).toThrow(
        /value of things, byte 0: the bytes begin with .*, not with a zero and the four bytes/,
      )
  })

  test('blocks with a size before them are read, whatever the size says', async () => {
    const codec = await open({ type: 'array', items: 'int' })
    expect(codec.decode(framed('03 04 02 04 02 06 00'))).toEqual([1, 2, 3])
    expect(codec.decode(framed('01 0f 02 00'))).toEqual([1])
  })
})

describe('what is wrong with a value is said with its field', () => {
  const schema = record([
    field('id', 'string'),
    field('tags', { type: 'array', items: { type: 'map', values: 'int' } }),
    field('inner', record([field('n', 'long')], { name: 'Inner' })),
  ])
  const right = { id: 'a', tags: [{ x: 1 }], inner: { n: 1n } }
  const odd = 'a\u2028 key'

  test.each([
    [{ ...right, id: 5 }, 'field id: expected a string, found a whole number'],
    [{ ...right, id: undefined }, 'field id: expected a string, found nothing'],
    [
      { ...right, tags: [{}, { x: 1, y: 'secret' }] },
      'field tags.1.y: expected a whole number of 32 bits, found a string',
    ],
    [{ ...right, tags: [{ [odd]: 'secret' }] }, 'field tags.0."a\\u2028 key": expected a whole number'],
    [{ ...right, tags: { 0: {} } }, 'field tags: expected an array, found an object'],
    [{ ...right, inner: { n: 1 } }, 'field inner.n: expected a bigint of 64 bits, found a whole number'],
    [{ ...right, inner: null }, 'field inner: expected an object, found null'],
    [null, 'schema 1: expected an object, found null'],
    [new Map(), 'field id: expected a string, found nothing'],
  ])('%s', async (wrong, words) => {
    const codec = await open(schema)
    const message = messageOf(() => codec.encode(wrong))
    expect(message).toContain(words)
    expect(message).not.toContain('secret')
    expect(codec.decode(codec.encode(right))).toEqual(right)
  })

  test('a getter that encodes something else spoils neither', async () => {
    const codec = await open(schema)
    let inner: Uint8Array = Buffer.alloc(0)
    const sly = {
      ...right,
      get id() {
        inner = codec.encode({ ...right, id: 'inner' })
        return 'outer'
      },
    }
    expect(codec.decode(codec.encode(sly))).toEqual({ ...right, id: 'outer' })
    expect(codec.decode(inner)).toEqual({ ...right, id: 'inner' })
  })

  test('bytes handed out stay as they are while more is written', async () => {
    const codec = await open('string')
    const texts = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(index * 7, '.'))
    const all = texts.map(text => codec.encode(text))
    expect(all.map(bytes => codec.decode(bytes))).toEqual(texts)
  })
})
