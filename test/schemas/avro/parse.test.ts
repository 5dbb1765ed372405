import { describe, expect, test } from 'vitest'
import { SchemaError } from '../../../schemas/avro/error.ts'
import { parseAll, parseSchema } from '../../../schemas/avro/parse.ts'
import { namedTypes, type RecordSchema } from '../../../schemas/avro/schema.ts'

const refusal = (text: string, accept: 'strict' | 'apache' = 'strict'): SchemaError => {
  try {
    parseSchema(text, { file: 'x.avsc', accept })
  } catch (error) {
    if (error instanceof SchemaError) return error
    throw error
  }
  throw new Error(`accepted: ${text}`)
}

const record = (fields: string) => `{"type": "record", "name": "R", "fields": [${fields}]}`

describe('what is wrong, and where', () => {
  test.each([
    ['', 1, 1, '', 'the text ends'],
    ['{"type": "string"', 1, 18, '', 'the text ends'],
    ['{\n  "type": "string",\n}', 3, 1, '', 'a comma stands before the closing bracket'],
    ['"int" "int"', 1, 7, '', 'something follows'],
    ['// a comment', 1, 1, '', 'JSON has none'],
    ['"a\nb"', 1, 3, '', 'not closed on its line'],
    ['"\\x"', 1, 2, '', 'no escape'],
    ['5', 1, 1, '', '5 is no schema'],
    ['{"name": "R"}', 1, 1, '', 'has no "type"'],
    ['"strin"', 1, 1, '', 'no type is called "strin"'],
    ['["int", ["null"]]', 1, 9, '/1', 'a union stands directly in a union'],
    ['["int",\n "int"]', 2, 2, '/1', 'two branches of type int'],
    [record('{"name": "a"}'), 1, 44, '/fields/0', 'field "a" has no "type"'],
    [record('{"name": "2a", "type": "int"}'), 1, 53, '/fields/0/name', '"2a" is no name'],
    [
      record('{"name": "a", "type": "int"}, {"name": "a", "type": "int"}'),
      1,
      83,
      '/fields/1/name',
      'two fields called "a"',
    ],
    [record('{"name": "a", "type": "int", "default": "x"}'), 1, 84, '/fields/0/default', '"x" is no int'],
    [record('{"name": "a", "type": "int", "default": 1.0}'), 1, 84, '/fields/0/default', '1.0 is no int'],
    [record('{"name": "a", "type": ["null", "int"], "default": ""}'), 1, 94, '/fields/0/default', 'fits no branch'],
    [record('{"name": "a", "type": "R", "default": {}}'), 1, 82, '/fields/0/default', 'still being defined'],
    [record('{"name": "a", "type": "int", "order": "up"}'), 1, 82, '/fields/0/order', 'the order "up" is unknown'],
    ['{"type": "enum", "name": "E", "symbols": ["A", "A"]}', 1, 48, '/symbols/1', 'stands twice'],
    ['{"type": "enum", "name": "E", "symbols": ["A"], "default": "B"}', 1, 60, '/default', 'is no symbol'],
    ['{"type": "fixed", "name": "F", "size": -1}', 1, 40, '/size', 'is no whole number of bytes'],
    ['{"type": "fixed", "name": "int", "size": 1}', 1, 27, '/name', "a type of Avro's own"],
    ['{"type": "string", "type": "int"}', 1, 20, '/type', 'stands twice in one object'],
  ])('%s', (text, line, column, pointer, words) => {
    const error = refusal(text)
    expect(error.message).toContain(words)
    expect([error.file, error.line, error.column, error.pointer]).toEqual(['x.avsc', line, column, pointer])
    expect(error.fix).not.toBe('')
  })

  test('a name that was probably meant is named', () => {
    expect(refusal('"strin"').message).toContain('did you mean "string"')
    const close = record(
      '{"name": "a", "type": {"type": "enum", "name": "Status", "symbols": []}}, {"name": "b", "type": "Staus"}',
    )
    expect(refusal(close).message).toContain('did you mean "Status"')
  })

  test('a file that is nested too deeply ends in an error, not in a crash', () => {
    const deep = `${'{"type":"array","items":'.repeat(5_000)}"int"${'}'.repeat(5_000)}`
    expect(refusal(deep).message).toContain('nested deeper than 500 levels')
    expect(refusal(deep, 'apache').message).toContain('nested deeper than 500 levels')
  })

  test('what only Java takes is refused unless asked for', () => {
    const quoted = record('{"name": "a", "type": "double", "default": "NaN"}')
    expect(refusal(quoted).message).toContain('"NaN" is no double')
    expect(parseSchema(quoted, { accept: 'apache' }).type).toBe('record')
    const name = record('{"name": "größe", "type": "int"}')
    expect(refusal(name).message).toContain('is no name')
    expect(parseSchema(name, { accept: 'apache' }).type).toBe('record')
  })
})

describe('the model', () => {
  test('a recursive type is one object', () => {
    const tree = parseSchema(record('{"name": "next", "type": ["null", "R"]}')) as RecordSchema
    const { type } = tree.fields[0]!
    expect(type.type === 'union' && type.branches[1]).toBe(tree)
  })

  test('names take the namespace around them, and aliases that of their type', () => {
    const text = `{"type": "record", "name": "A", "namespace": "x.y", "fields": [
      {"name": "e", "type": {"type": "enum", "name": "z.E", "symbols": [], "aliases": ["Old", "q.Older"]}},
      {"name": "f", "type": {"type": "fixed", "name": "F", "size": 1}},
      {"name": "again", "type": "F"}]}`
    const names = namedTypes(parseSchema(text))
    expect([...names.keys()]).toEqual(['x.y.A', 'z.E', 'x.y.F'])
    expect(names.get('z.E')!.aliases).toEqual(['z.Old', 'q.Older'])
  })

  test('logical types count only where Avro knows them; the rest is kept as written', () => {
    const field = (json: string) =>
      (parseSchema(record(`{"name": "a", "type": ${json}}`)) as RecordSchema).fields[0]!.type
    expect(field('{"type": "bytes", "logicalType": "decimal", "precision": 4}').logicalType).toEqual({
      name: 'decimal',
      precision: 4,
      scale: 0,
    })
    const wrong = field('{"type": "bytes", "logicalType": "decimal", "precision": 2, "scale": 3}')
    expect(wrong.logicalType).toBeUndefined()
    expect(wrong.attributes).toEqual({ logicalType: 'decimal', precision: 2, scale: 3 })
    expect(field('{"type": "int", "logicalType": "timestamp-millis"}').logicalType).toBeUndefined()
    expect(field('{"type": "long", "logicalType": "timestamp-millis"}').logicalType).toEqual({
      name: 'timestamp-millis',
    })
  })

  test('a default keeps every digit, and a key called __proto__ is only a key', () => {
    const schema = parseSchema(
      record(
        '{"name": "a", "type": "long", "default": 9007199254740993}, {"name": "m", "type": {"type": "map", "values": "int"}, "default": {"__proto__": 1}}',
      ),
    ) as RecordSchema
    expect(schema.fields[0]!.default!.text).toBe('9007199254740993')
    const map = schema.fields[1]!.default!.value as object
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
    expect(Object.keys(map)).toEqual(['__proto__'])
  })

  test('every node knows its place', () => {
    const schema = parseSchema('{\n  "type": "array",\n  "items": ["null",\n    "int"]\n}', { file: 'a.avsc' })
    if (schema.type !== 'array' || schema.items.type !== 'union') throw new Error('another shape')
    expect(schema.items.branches[1]!.position).toMatchObject({
      file: 'a.avsc',
      line: 4,
      column: 5,
      endLine: 4,
      endColumn: 10,
    })
    expect(schema.items.branches[1]!.pointer).toBe('/items/1')
    expect(schema.items.position).toMatchObject({ line: 3, column: 12, endLine: 4, endColumn: 11 })
  })
})

describe('several files', () => {
  const files = [
    { file: 'ticket.avsc', text: record('{"name": "m", "type": "desk.Mood"}') },
    { file: 'mood.avsc', text: '{"type": "enum", "name": "desk.Mood", "symbols": ["GOOD"]}' },
  ]
  test('refer to each other in any order', () => {
    for (const order of [files, files.toReversed()]) {
      const { schemas, references } = parseAll(order)
      const ticket = schemas.get('ticket.avsc') as RecordSchema
      expect(ticket.fields[0]!.type).toBe(schemas.get('mood.avsc'))
      expect([...references.get('ticket.avsc')!]).toEqual(['mood.avsc'])
    }
  })
  test('may not define one name twice', () => {
    const twice = [...files, { file: 'other.avsc', text: files[1]!.text }]
    expect(() => parseAll(twice)).toThrow('"desk.Mood" is already defined at mood.avsc:1:26')
  })
  test('name the file in which a type is missing', () => {
    expect(() => parseAll([files[0]!])).toThrow('ticket.avsc:1:66 at /fields/0/type: no type is called "desk.Mood"')
  })
  test('known types of elsewhere count', () => {
    const mood = parseSchema(files[1]!.text)
    const ticket = parseSchema(files[0]!.text, { known: namedTypes(mood) }) as RecordSchema
    expect(ticket.fields[0]!.type).toBe(mood)
  })
})
