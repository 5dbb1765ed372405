import { describe, expect, test } from 'vitest'
import { field, open, record, through } from './codecs.ts'
import { StubRegistry } from './ticket.ts'

const old = record([field('a', 'int'), field('b', 'string')], { namespace: 'before' })
const written = { a: 1, b: 'x' }

describe('an old record is read through today’s schema', () => {
  test('new fields take their defaults, each record its own', async () => {
    const inner = record([field('n', 'long', { default: 5 }), field('m', 'bytes', { default: '\u00ff' })], {
      name: 'Inner',
    })
    const today = record([
      field('a', 'int'),
      field('list', { type: 'array', items: 'int' }, { default: [1] }),
      field('map', { type: 'map', values: 'string' }, { default: { k: 'v' } }),
      field('maybe', ['null', 'string'], { default: null }),
      field('later', ['null', 'string'], { default: 'a branch that is not the first' }),
      field('tagged', ['int', 'double'], { default: 1 }),
      field('long', 'long', { default: 9223372036854775807n as unknown }),
      field('price', { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 }, { default: '\u0001\u0002' }),
      field('inner', inner, { default: { n: 6 } }),
    ])
    const text = JSON.stringify(today, (_, each) => (typeof each === 'bigint' ? `#${each}` : each)).replace(
      /"#(\d+)"/,
      '$1',
    )
    const registry = new StubRegistry()
    const bytes = (await open(old, {}, registry)).encode(written)
    const { avro } = await import('../../../schemas/codec/avro.ts')
    const codec = await avro<Record<string, unknown>>(text).open({ topic: 'things', part: 'value' }, registry)
    await codec.prepare?.(bytes)
    const read = codec.decode(bytes)
    expect(read).toEqual({
      a: 1,
      list: [1],
      map: { k: 'v' },
      maybe: null,
      later: 'a branch that is not the first',
      tagged: { type: 'int', value: 1 },
      long: 9223372036854775807n,
      price: '2.58',
      inner: { n: 6n, m: Uint8Array.of(255) },
    })
    expect(codec.decode(codec.encode({ a: 1 } as never))).toEqual(read)
    expect(codec.decode(bytes).list).not.toBe(read.list)
  })

  test('a field that was renamed is found by its alias', async () => {
    const today = record([field('count', 'int', { aliases: ['a'] }), field('b', 'string')])
    expect(await through(old, today, written)).toStrictEqual({ count: 1, b: 'x' })
  })

  test('a record that was renamed is found by its alias, wherever it stands', async () => {
    const today = { ...record([field('a', 'long')]), name: 'Item', aliases: ['Thing'] }
    expect(await through(old, today, written)).toEqual({ a: 1n })
    expect(await through(['null', old], ['null', today], written)).toEqual({ a: 1n })
  })

  test('a namespace that moved changes nothing', async () => {
    const moved = JSON.parse(JSON.stringify(old).replace('before', 'after'))
    expect(await through(old, moved, written)).toEqual(written)
    const mood = (namespace: string) => ({ type: 'enum', name: 'Mood', namespace, symbols: ['good'] })
    const pair = (namespace: string) => ({ type: 'fixed', name: 'Pair', namespace, size: 1 })
    expect(await through(mood('x'), mood('y'), 'good')).toBe('good')
    expect(await through([pair('x'), 'null'], ['null', pair('y')], Uint8Array.of(1))).toEqual(Uint8Array.of(1))
  })

  test('numbers are promoted without losing more than they must', async () => {
    expect(await through('int', 'long', -5)).toBe(-5n)
    expect(await through('int', 'long', -5, { long: 'number' })).toBe(-5)
    expect(await through('int', 'float', 16_777_217)).toBe(16_777_216)
    expect(await through('int', 'double', 16_777_217)).toBe(16_777_217)
    expect(await through('long', 'float', 2n ** 40n + 1n)).toBe(2 ** 40)
    expect(await through('long', 'double', -(2n ** 53n) - 1n)).toBe(-(2 ** 53))
    expect(await through('long', 'double', 2n ** 62n)).toBe(2 ** 62)
    expect(await through('float', 'double', 1.5)).toBe(1.5)
  })

  test('text is read as bytes and bytes as text', async () => {
    expect(await through('string', 'bytes', 'ä')).toEqual(Uint8Array.of(0xc3, 0xa4))
    expect(await through('bytes', 'string', Uint8Array.of(0xc3, 0xa4))).toBe('ä')
  })

  test('a symbol that is gone becomes the default of the enum', async () => {
    const symbols = (list: string[], rest = {}) => ({ type: 'enum', name: 'Mood', symbols: list, ...rest })
    const today = symbols(['unknown', 'good'], { default: 'unknown' })
    expect(await through(symbols(['bad', 'good']), today, 'bad')).toBe('unknown')
    expect(await through(symbols(['bad', 'good']), today, 'good')).toBe('good')
  })

  test('a value moves into and out of unions', async () => {
    expect(await through('string', ['null', 'string'], 'x')).toBe('x')
    expect(await through(['null', 'string'], 'string', 'x').catch(error => error.message)).toContain('cannot read')
    expect(await through('int', ['double', 'int'], 5)).toEqual({ type: 'int', value: 5 })
    expect(await through('int', ['string', 'double'], 5)).toBe(5)
    expect(await through(['int', 'string'], ['string', 'long', 'double'], 5)).toBe(5n)
  })

  test('fields and items that are no longer wanted are passed over', async () => {
    const full = record([
      field('map', { type: 'map', values: { type: 'array', items: ['null', 'Thing'] } }),
      field('a', 'int'),
      field('bytes', 'bytes'),
      field('pair', { type: 'fixed', name: 'Pair', size: 2 }),
    ])
    const leaf = { map: {}, a: 0, bytes: Uint8Array.of(), pair: Uint8Array.of(1, 2) }
    const value = { map: { x: [null, leaf], y: [] }, a: 7, bytes: Uint8Array.of(1, 2, 3), pair: Uint8Array.of(1, 2) }
    expect(await through(full, record([field('a', 'int')]), value)).toEqual({ a: 7 })
  })

  test('a recursive record is read through another one', async () => {
    const before = record([field('next', ['null', 'Thing']), field('n', 'int')])
    const today = record([field('n', 'long'), field('next', ['null', 'Thing']), field('x', 'string', { default: '-' })])
    const value = { n: 1, next: { n: 2, next: null } }
    expect(await through(before, today, value)).toEqual({ n: 1n, x: '-', next: { n: 2n, x: '-', next: null } })
  })

  test('fields whose names mean something in JavaScript can be missing', async () => {
    const today = record(
      ['constructor', '__proto__', 'toString'].map(name => field(name, 'string', { default: `no ${name}` })),
    )
    const read = (await through(old, today, written)) as object
    expect(Object.entries(read).map(([name, value]) => `${name}: ${value}`)).toEqual([
      'constructor: no constructor',
      '__proto__: no __proto__',
      'toString: no toString',
    ])
  })

  test('a branch that does not fit leaves nothing behind for the next', async () => {
    const branch = (name: string, type: unknown) => ({ ...record([field('v', type)]), name })
    const before = record([field('one', branch('A', 'string')), field('two', branch('A2', 'string'))])
    const today = record([
      field('one', [{ ...branch('A', 'int') }, { ...branch('B', 'string'), aliases: ['A'] }]),
      field('two', { ...branch('A2', 'string') }),
    ])
    const again = record([
      field('one', [branch('A', 'int'), { ...branch('B', 'string'), aliases: ['A'] }]),
      field('two', 'A'),
    ])
    const twice = record([field('one', branch('A', 'string')), field('two', 'A')])
    await expect(through(twice, again, { one: { v: 'x' }, two: { v: 'y' } })).rejects.toThrow(
      "cannot be read with today's",
    )
    expect(await through(before, today, { one: { v: 'x' }, two: { v: 'y' } })).toEqual({
      one: { type: 'B', value: { v: 'x' } },
      two: { v: 'y' },
    })
  })

  test('an invalid default in the writer’s schema does not matter', async () => {
    const registry = new StubRegistry()
    const codec = await open(record([field('a', 'int')]), {}, registry)
    registry.schemas.set(9, JSON.stringify(record([field('a', 'int', { default: 'no number' })])))
    const bytes = Buffer.from(codec.encode({ a: 3 }))
    bytes[4] = 9
    await codec.prepare(bytes)
    expect(codec.decode(bytes)).toEqual({ a: 3 })
  })
})

describe('what cannot be read is refused, with the cause', () => {
  const refused = async (writer: unknown, reader: unknown, value: unknown) =>
    through(writer, reader, value).then(
      () => 'read',
      error => (error as Error).message,
    )

  test.each([
    [
      'a field without default',
      old,
      record([field('new', 'int')]),
      'the field Thing.new is missing in the writer’s schema and has no default',
    ],
    [
      'another name',
      old,
      { ...record([field('a', 'int')]), name: 'Other' },
      'the record Other is not called before.Thing and has no such alias',
    ],
    [
      'two sources',
      old,
      record([field('c', 'int', { aliases: ['a', 'b'] })]),
      'the field Thing.c stands for a and b of the writer',
    ],
    ['a narrower type', old, record([field('a', 'string')]), 'cannot read'],
  ])('%s', async (_, writer, reader, words) => {
    const message = await refused(writer, reader, written)
    expect(message).toContain(
      'value of things, schema 1: what was written with it cannot be read with today’s schema'.replace('’', "'"),
    )
    expect(message).toContain(words.replace('’', "'"))
  })

  test.each([
    ['timestamp-millis', 'timestamp-micros'],
    ['time-micros', 'timestamp-micros'],
  ])('%s as %s', async (before, today) => {
    const long = (logicalType: string) => ({ type: 'long', logicalType })
    const message = await refused(long(before), long(today), before === 'timestamp-millis' ? 1 : 1n)
    expect(message).toContain(`${before} cannot be read as ${today}: the values would mean something else`)
  })

  test('a decimal of another scale, and a date as a timestamp', async () => {
    const decimal = (scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision: 10, scale })
    expect(await refused(decimal(2), decimal(3), '123.45')).toContain('decimal(10, 2) cannot be read as decimal(10, 3)')
    expect(await through(decimal(2), { ...decimal(2), precision: 12 }, '123.45')).toBe('123.45')
    const date = { type: 'int', logicalType: 'date' }
    expect(await refused(date, { type: 'long', logicalType: 'timestamp-millis' }, 1)).toContain(
      'date cannot be read as timestamp-millis',
    )
  })

  test('an annotation may come and go', async () => {
    const millis = { type: 'long', logicalType: 'timestamp-millis' }
    expect(await through('long', millis, 5n)).toBe(5)
    expect(await through(millis, 'long', 5)).toBe(5n)
    expect(
      await through('bytes', { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 1 }, Uint8Array.of(12)),
    ).toBe('1.2')
  })

  test('an enum without default', async () => {
    const symbols = (list: string[]) => ({ type: 'enum', name: 'Mood', symbols: list })
    expect(await refused(symbols(['good', 'bad']), symbols(['good']), 'good')).toContain(
      'the enum Mood lacks the symbols bad',
    )
  })
})
