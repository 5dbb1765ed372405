import { describe, expect, test } from 'vitest'
import { field, framed, messageOf, open, record } from './codecs.ts'

const bothWays = async (schema: unknown, value: unknown, options = {}) => {
  const codec = await open(schema, options)
  return codec.decode(codec.encode(value))
}
const hexOf = async (schema: unknown, value: unknown, options = {}) =>
  Buffer.from((await open(schema, options)).encode(value).subarray(5)).toString('hex')

describe('long', () => {
  const edges = [0n, -1n, 1n, 2n ** 31n, -(2n ** 31n), 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 2n ** 62n]

  test.each(edges)('%s is a bigint and keeps every digit', async edge => {
    expect(await bothWays('long', edge)).toBe(edge)
  })

  test.each([0, -1, 64, 2 ** 31, -(2 ** 31) - 1, 2 ** 52 + 1, -(2 ** 52) - 1, 2 ** 53 - 1, 1 - 2 ** 53])(
    '%s is a number where numbers are asked for',
    async edge => {
      expect(await bothWays('long', edge, { long: 'number' })).toBe(edge)
      expect(await hexOf('long', edge, { long: 'number' })).toBe(await hexOf('long', BigInt(edge)))
    },
  )

  test('beyond 2^53 a number is refused in both directions', async () => {
    const codec = await open('long', { long: 'number' })
    const bytes = (await open('long')).encode(2n ** 53n + 1n)
    expect(messageOf(() => codec.decode(bytes))).toMatch(/byte 5: 9007199254740993 is beyond 2\^53/)
    expect(messageOf(() => codec.encode(2 ** 53))).toMatch(
      /expected a whole number below 2\^53, found a number beyond 2\^53/,
    )
  })

  test('beyond 64 bits nothing is written', async () => {
    const codec = await open('long')
    expect(() => codec.encode(2n ** 63n)).toThrow('expected a bigint of 64 bits, found a bigint beyond 64 bits')
    expect(() => codec.encode(1)).toThrow('found a whole number')
  })
})

describe('numbers', () => {
  test('an int has 32 bits', async () => {
    for (const edge of [2 ** 31 - 1, -(2 ** 31), 0, -64, 64]) expect(await bothWays('int', edge)).toBe(edge)
    const codec = await open('int')
    expect(() => codec.encode(2 ** 31)).toThrow('expected a whole number of 32 bits')
    expect(messageOf(() => codec.decode(framed('8080808010')))).toMatch(
      /byte 5: a number takes more bytes than its type allows/,
    )
  })

  test('a number too large for a float is not written as infinity', async () => {
    const codec = await open('float')
    expect(codec.decode(codec.encode(1.5))).toBe(1.5)
    expect(codec.decode(codec.encode(Number.POSITIVE_INFINITY))).toBe(Number.POSITIVE_INFINITY)
    expect(() => codec.encode(1e39)).toThrow('expected a number that a float can hold')
  })

  test('a double may be anything', async () => {
    for (const edge of [Number.NaN, -0, 5e-324, Number.MAX_VALUE]) expect(await bothWays('double', edge)).toBe(edge)
  })

  test('a boolean is 0 or 1', async () => {
    const codec = await open('boolean')
    expect(codec.decode(framed('01'))).toBe(true)
    expect(messageOf(() => codec.decode(framed('02')))).toMatch(/byte 5: 2 is no boolean/)
  })
})

describe('bytes and fixed', () => {
  const fixed = { type: 'fixed', name: 'Pair', size: 2 }

  test('are plain Uint8Arrays that share nothing with the bytes read', async () => {
    const codec = await open('bytes')
    const bytes = codec.encode(Uint8Array.of(1, 2, 255))
    const read = codec.decode(bytes) as Uint8Array
    expect(Object.getPrototypeOf(read)).toBe(Uint8Array.prototype)
    bytes.fill(0)
    expect([...read]).toEqual([1, 2, 255])
  })

  test('a Buffer is taken too, and long ones come back whole', async () => {
    const long = Buffer.alloc(70_000, 7)
    expect(long.equals((await bothWays('bytes', long)) as Uint8Array)).toBe(true)
    expect(await bothWays(fixed, Buffer.of(1, 2))).toStrictEqual(Uint8Array.of(1, 2))
  })

  test('a fixed of another size is refused', async () => {
    const codec = await open(record([field('pair', fixed)]))
    expect(messageOf(() => codec.encode({ pair: Uint8Array.of(1) }))).toBe(
      'value of things, schema 1, field pair: expected a Uint8Array of 2 bytes, found 1 bytes. To fix: correct the step that made it.',
    )
  })
})

describe('logical types', () => {
  const logical = (type: string, logicalType: string, rest: object = {}) => ({ type, logicalType, ...rest })

  test('milliseconds are numbers, microseconds follow the long', async () => {
    expect(await bothWays(logical('long', 'timestamp-millis'), 1_760_000_000_000)).toBe(1_760_000_000_000)
    expect(await bothWays(logical('long', 'timestamp-millis'), -8_640_000_000_000_000)).toBe(-8_640_000_000_000_000)
    expect(await bothWays(logical('long', 'timestamp-micros'), 1_760_000_000_000_001n)).toBe(1_760_000_000_000_001n)
    expect(await bothWays(logical('int', 'date'), 20_000)).toBe(20_000)
  })

  test('a Date is refused by its name', async () => {
    const codec = await open(logical('long', 'timestamp-millis'))
    expect(() => codec.encode(new Date())).toThrow('expected milliseconds since 1970 as a number, found a Date')
  })

  const uuid = '3b241101-E2bb-4255-8caf-4136c566a962'
  test('a uuid is text, also where it is kept in 16 bytes', async () => {
    expect(await bothWays(logical('string', 'uuid'), uuid)).toBe(uuid)
    const packed = { type: 'fixed', name: 'Id', size: 16, logicalType: 'uuid' }
    expect(await bothWays(packed, uuid)).toBe(uuid.toLowerCase())
  })

  test.each(['3b241101-e2bb-4255-8caf-4136c566a96', '3b241101-e2bb-4255-8caf-4136c566a96g', `${uuid} `, ''])(
    '%j is no uuid, to write or to read',
    async text => {
      const codec = await open(logical('string', 'uuid'))
      expect(() => codec.encode(text)).toThrow('expected a uuid as text')
      const bytes = (await open('string')).encode(text)
      expect(() => codec.decode(bytes)).toThrow('the text is no uuid')
    },
  )

  const decimal = logical('bytes', 'decimal', { precision: 10, scale: 2 })
  test.each(['0.00', '-0.01', '123.45', '-99999999.99', '99999999.99', '1.27', '1.28', '-1.28', '-1.29'])(
    'the decimal %s keeps its digits',
    async text => {
      expect(await bothWays(decimal, text)).toBe(text)
      expect(await bothWays({ ...decimal, type: 'fixed', name: 'Money', size: 12 }, text)).toBe(text)
    },
  )

  test('a decimal has all digits of its scale, and no more than it can hold', async () => {
    expect(await bothWays(decimal, '7')).toBe('7.00')
    expect(await bothWays(decimal, '-7.5')).toBe('-7.50')
    const codec = await open(decimal)
    for (const wrong of ['1.234', '100000000', '1e3', '', '.5', '5.', '+1', ' 1', 1.5, 1n])
      expect(() => codec.encode(wrong), String(wrong)).toThrow('a decimal as text, with at most 10 digits, 2 of them')
    expect(() => codec.decode(framed('0c 7fffffffffff'))).toThrow('more than the 10 digits of its precision')
    expect(codec.decode(framed('0c 000000000001'))).toBe('0.01')
    expect(codec.decode(framed('06 ffff85'))).toBe('-1.23')
    expect(codec.decode(framed('00'))).toBe('0.00')
  })

  test('a decimal with a mebibyte of digits is refused before they are worked out', async () => {
    const codec = await open(decimal)
    const start = performance.now()
    const bytes = (await open('bytes')).encode(new Uint8Array(1024 * 1024).fill(0x7f))
    expect(() => codec.decode(bytes)).toThrow('more than the 10 digits')
    expect(performance.now() - start).toBeLessThan(1000)
  })

  test('one that Avro says to ignore is ignored', async () => {
    expect(await bothWays(logical('bytes', 'decimal', { precision: 2, scale: 3 }), Uint8Array.of(5))).toEqual(
      Uint8Array.of(5),
    )
    expect(await bothWays(logical('string', 'timestamp-millis'), 'x')).toBe('x')
  })
})

test('what is refused is named by what is wrong with it, never by its value', async () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 5, scale: 2 }
  const map = { type: 'map', values: 'int' }
  const refusals: readonly (readonly [unknown, unknown, string])[] = [
    ['int', 2 ** 31, 'a whole number beyond 32 bits'],
    ['int', Number.NaN, 'NaN'],
    [decimal, '1234.5', 'another text'],
    [{ type: 'string', logicalType: 'uuid' }, 'x', 'another text'],
    [{ type: 'enum', name: 'Mood', symbols: ['GOOD'] }, 'BAD', 'another text'],
    // Neither has its content in properties, so that it would be written as a map of nothing.
    [map, new Map([['a', 1]]), 'a Map'],
    [map, new Date(0), 'a Date'],
  ]
  for (const [schema, value, found] of refusals) {
    const codec = await open(schema)
    expect(() => codec.encode(value)).toThrow(`, found ${found}. To fix`)
  }
})

describe('unions', () => {
  const status = { type: 'enum', name: 'Status', symbols: ['open', 'closed'] }
  const map = { type: 'map', values: 'int' }
  const array = { type: 'array', items: 'int' }

  test('stand as they are where the branches look different', async () => {
    const union = ['null', 'boolean', 'int', 'long', status, 'bytes', array, map]
    const entries = Object.assign(Object.create(null), { a: 1 })
    for (const each of [null, true, 1, 1n, 'open', Uint8Array.of(1), [1, 2], entries])
      expect(await bothWays(union, each)).toStrictEqual(each)
    expect(await hexOf(union, 1n)).toBe('0602')
  })

  test('are tagged where two look alike, in both directions, and null stays null', async () => {
    const union = ['null', 'int', 'double', 'string']
    for (const each of [null, { type: 'int', value: 5 }, { type: 'double', value: 5 }, { type: 'string', value: 'x' }])
      expect(await bothWays(union, each)).toStrictEqual(each)
    const codec = await open(union)
    expect(() => codec.encode(5)).toThrow(
      'expected an object { type, value } whose type is one of null, int, double, string, found a whole number',
    )
    expect(() => codec.encode({ type: 'int', value: 5.5 })).toThrow(
      'expected a whole number of 32 bits, found a number with a fraction',
    )
  })

  test('an int and a long look alike only where longs are numbers', async () => {
    expect(await bothWays(['int', 'long'], 5n)).toBe(5n)
    expect(await bothWays(['int', 'long'], { type: 'long', value: 5 }, { long: 'number' })).toEqual({
      type: 'long',
      value: 5,
    })
  })

  test('records are told apart by their short names, by their full names where those are the same', async () => {
    const of = (name: string, namespace: string) => ({ ...record([field('n', 'int')]), name, namespace })
    const union = [of('Opened', 'desk'), of('Closed', 'desk'), of('Closed', 'shop')]
    for (const type of ['Opened', 'desk.Closed', 'shop.Closed'])
      expect(await bothWays(union, { type, value: { n: 1 } })).toStrictEqual({ type, value: { n: 1 } })
    const codec = await open(union)
    expect(() => codec.encode({ type: 'Closed', value: { n: 1 } })).toThrow('expected an object')
  })

  test.each(['constructor', '__proto__', 'toString'])('%s is no symbol and no tag unless declared', async name => {
    const codec = await open(record([field('status', status), field('number', ['int', 'double'])]))
    expect(() => codec.encode({ status: name, number: { type: 'int', value: 1 } })).toThrow(
      'field status: expected one of open, closed',
    )
    expect(() => codec.encode({ status: 'open', number: { type: name, value: 1 } })).toThrow(
      'field number: expected an object',
    )
  })
})

test('what is no record does not become one of defaults', async () => {
  const codec = await open(record([field('n', 'int', { default: 1 })]))
  expect(codec.decode(codec.encode({}))).toEqual({ n: 1 })
  for (const wrong of [5, 'text', true, [], Uint8Array.of(1), null, undefined, () => 1])
    expect(() => codec.encode(wrong), String(wrong)).toThrow('value of things, schema 1: expected an object')
})

describe('names that mean something in JavaScript', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'class', 'valueOf']

  test('are fields like any other', async () => {
    const schema = record(names.map(name => field(name, 'string')))
    const thing = Object.fromEntries(names.map(name => [name, `the ${name}`]))
    const read = (await bothWays(schema, thing)) as Record<string, unknown>
    expect(Object.entries(read)).toEqual(Object.entries(thing))
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  test('are fields that can be left to their defaults', async () => {
    const schema = record(names.map(name => field(name, 'string', { default: `no ${name}` })))
    expect(Object.entries((await bothWays(schema, {})) as object)).toEqual(names.map(name => [name, `no ${name}`]))
    const codec = await open(record([field('constructor', 'string')]))
    expect(() => codec.encode({})).toThrow('field constructor: expected a string, found nothing')
  })

  test('are symbols like any other', async () => {
    const schema = { type: 'enum', name: 'Odd', symbols: names }
    for (const name of names) expect(await bothWays(schema, name)).toBe(name)
  })

  test('are record names like any other', async () => {
    for (const name of names)
      expect(await bothWays({ ...record([field('n', 'int')]), name }, { n: 1 })).toEqual({ n: 1 })
  })

  test('are map keys like any other, and give a map no properties of their own', async () => {
    const schema = { type: 'map', values: { type: 'map', values: 'string' } }
    const inner = Object.fromEntries(names.map(name => [name, 'x']))
    const map = Object.fromEntries(names.map(name => [name, inner]))
    const read = (await bothWays(schema, map)) as Record<string, Record<string, string>>
    expect(Object.keys(read)).toEqual(names)
    expect(Object.entries(Object.getOwnPropertyDescriptor(read, '__proto__')?.value)).toEqual(Object.entries(inner))
    expect(Object.getPrototypeOf(read)).toBe(null)
    expect(({} as Record<string, unknown>).polluted).toBe(undefined)
    const none = (await bothWays(schema, {})) as Record<string, unknown>
    expect(none.constructor).toBe(undefined)
  })
})
