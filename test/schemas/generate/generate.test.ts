import { expect, test } from 'vitest'
import { generate } from '../../../schemas/generate/generate.ts'

const source = (file: string, schema: unknown) => ({ file, text: JSON.stringify(schema, null, 2) })
const field = (name: string, type: unknown, rest: object = {}) => ({ name, type, ...rest })
const record = (name: string, fields: readonly object[], rest: object = {}) => ({
  type: 'record',
  name,
  fields,
  ...rest,
})

/** What is emitted for some files, without the formats. */
const typesOf = (...files: readonly { file: string; text: string }[]): Record<string, string> =>
  Object.fromEntries(
    generate(files, { door: '../index.ts' }).map(({ path, text }) => [
      path,
      text.replace(/\nexport const \w+: Format(?:.|\n)*?\n\)\n/g, '').replace(/^\/\/.*\n/gm, ''),
    ]),
  )

test('a record is read whole, and written without what has a default', () => {
  const contact = record('Contact', [field('mail', ['null', 'string'], { default: null })])
  const ticket = record('Ticket', [field('id', 'string'), field('contact', contact)], {
    namespace: 'desk',
    doc: 'A ticket.',
  })
  expect(typesOf(source('ticket.avsc', ticket))).toEqual({
    'desk.ts': `import { avro, type Format } from '../index.ts'

export interface Contact {
  /** @default null */
  readonly mail: null | string
}

export interface ContactInput {
  /** @default null */
  readonly mail?: null | string | undefined
}

/** A ticket. */
export interface Ticket {
  readonly id: string
  readonly contact: Contact
}

/** A ticket. */
export interface TicketInput {
  readonly id: string
  readonly contact: ContactInput
}
`,
  })
})

test('every type has its form in TypeScript', () => {
  const all = record('All', [
    field('int', 'int'),
    field('long', 'long'),
    field('bytes', 'bytes'),
    field('pair', { type: 'fixed', name: 'Pair', size: 2 }),
    field('mood', { type: 'enum', name: 'Mood', symbols: ['good', 'bad'], default: 'good', aliases: ['Humour'] }),
    field('lists', { type: 'array', items: ['null', { type: 'array', items: 'All' }] }),
    field('map', { type: 'map', values: ['int', 'double'] }),
    field('at', { type: 'long', logicalType: 'timestamp-millis' }),
    field('atMicros', ['null', { type: 'long', logicalType: 'timestamp-micros' }]),
    field('price', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }),
    field('id', { type: 'string', logicalType: 'uuid' }),
    field('none', record('None', [])),
  ])
  expect(
    typesOf(source('all.avsc', all))['no-namespace.ts'],
  ).toBe(`import { avro, type Decimal, type Format, type Uuid } from '../index.ts'

export interface All {
  readonly int: number
  readonly long: bigint
  readonly bytes: Uint8Array
  /** 2 bytes. */
  readonly pair: Pair
  readonly mood: Mood
  readonly lists: readonly (null | readonly All[])[]
  readonly map: { readonly [key: string]: { readonly type: 'int'; readonly value: number } | { readonly type: 'double'; readonly value: number } }
  /** Milliseconds since 1970-01-01 UTC. */
  readonly at: number
  /** Microseconds since 1970-01-01 UTC. */
  readonly atMicros: null | bigint
  /** At most 9 digits, 2 of them after the point. */
  readonly price: Decimal
  readonly id: Uuid
  readonly none: None
}

export type AllInput = All

/**
 * A symbol that is not known is read as \`good\`.
 * Formerly \`Humour\`.
 */
export type Mood = 'good' | 'bad'

export const moodSymbols: readonly Mood[] = ['good', 'bad']

export type None = Readonly<Record<string, never>>

export type NoneInput = None

/** 2 bytes. */
export type Pair = Uint8Array
`)
})

test('a comment says what the schema says, and cannot be ended by it', () => {
  const schema = record(
    'Old',
    [field('a', 'int', { doc: 'One.\r\n\r\n  Two */ three.  ', default: 5, aliases: ['b'], deprecated: 'use c' })],
    { deprecated: true, aliases: ['x.Older'] },
  )
  expect(typesOf(source('old.avsc', schema))['no-namespace.ts']).toContain(`/**
 * Formerly \`x.Older\`.
 * @deprecated
 */
export interface Old {
  /**
   * One.
   *
   *   Two *\\/ three.
   * Formerly \`b\`.
   * @default 5
   * @deprecated use c
   */
  readonly a: number
}`)
})

test('names do not collide, wherever they come from', () => {
  const status = (namespace: string) => ({
    type: 'enum',
    name: 'Status',
    namespace,
    symbols: [namespace.toUpperCase()],
  })
  const files = [
    source('a.avsc', record('Order', [field('status', status('b')), field('own', status('a'))], { namespace: 'a' })),
    source('input.avsc', record('OrderInput', [field('n', 'int')], { namespace: 'a' })),
    source(
      'class.avsc',
      record('Class', [field('any', record('any', [field('Format', 'int')], { namespace: 'c' }))], { namespace: 'c' }),
    ),
    source('upper.avsc', record('Case', [], { namespace: 'C' })),
  ]
  const texts = typesOf(...files)
  expect(Object.keys(texts)).toEqual(['C.ts', 'a.ts', 'b.ts', 'c_.ts'])
  expect(texts['a.ts']).toContain(`import type * as b from './b.ts'`)
  expect(texts['a.ts']).toContain('readonly status: b.Status\n  readonly own: Status\n')
  expect(texts['a.ts']).toContain('export type OrderInput_ = Order\n')
  expect(texts['a.ts']).toContain('export interface OrderInput {\n  readonly n: number\n}')
  expect(texts['c_.ts']).toContain('export interface any_ {\n  readonly Format: number\n}')
  const formats = generate(files).find(({ path }) => path === 'c_.ts')!.text
  expect(formats).toContain('export const class_: Format<Class, ClassInput> = avro<Class, ClassInput>(')
})

test('a file that holds no record takes its name from the file', () => {
  const created = record('Created', [field('id', 'string'), field('n', 'int', { default: 0 })], { namespace: 'desk' })
  const files = [
    source('desk/2-ticket events.avsc', [created, record('Closed', [field('id', 'string')], { namespace: 'desk' })]),
  ]
  const { text } = generate(files)[0]!
  expect(text).toContain(`export type _2TicketEvents =
  | { readonly type: 'Created'; readonly value: Created }
  | { readonly type: 'Closed'; readonly value: Closed }
`)
  expect(text).toContain("| { readonly type: 'Created'; readonly value: CreatedInput }")
  expect(text).toContain('export const _2TicketEvents: Format<_2TicketEvents, _2TicketEventsInput> = avro')
})

test('each format stands by itself, whatever file its types come from', () => {
  const files = [
    source('b.avsc', record('B', [field('a', 'x.A'), field('again', 'x.A')], { namespace: 'x' })),
    source('a.avsc', record('A', [field('text', 'string', { doc: "it's \\ here\u2028" })], { namespace: 'x' })),
  ]
  const { text } = generate(files)[0]!
  const schema = /export const b: Format<B, BInput> = avro<B, BInput>\(\n {2}('.*'),\n\)/.exec(text)![1]!
  const read = JSON.parse(new Function(`return ${schema}`)())
  expect(read.fields[0].type.fields[0].doc).toBe("it's \\ here\u2028")
  expect(read.fields[1].type).toBe('x.A')
})

test('the same schemas give the same bytes, in whatever order they come', () => {
  const files = ['C', 'A', 'B'].map(name =>
    source(
      `${name}.avsc`,
      record(name, [field('x', name === 'C' ? 'y.A' : 'int')], { namespace: name === 'B' ? '' : 'y' }),
    ),
  )
  const once = generate(files)
  expect(generate([...files].reverse())).toEqual(once)
  expect(once.map(({ path }) => path)).toEqual(['no-namespace.ts', 'y.ts'])
})

test('numbers for longs are part of the types and of the formats', () => {
  const { text } = generate([source('n.avsc', record('N', [field('n', 'long')]))], { long: 'number' })[0]!
  expect(text).toContain('readonly n: number')
  expect(text).toContain(`,\n  { long: 'number' },\n)`)
  expect(text).toContain(`from 'franz/schemas'`)
})

test('a file imports nothing that it does not use', () => {
  const money = { type: 'fixed', name: 'Money', size: 8, logicalType: 'decimal', precision: 18, scale: 2 }
  const of = (...types: readonly unknown[]) =>
    generate(types.map((type, index) => source(`t${index}.avsc`, type)))[0]!
      .text.split('\n')
      .filter(line => line.startsWith('import'))
  const mood = { type: 'enum', name: 'Mood', symbols: ['GOOD'] }
  expect(of(mood)).toEqual([])
  expect(of(mood, money)).toEqual([`import type { Decimal } from 'franz/schemas'`])
  expect(of(mood, money, record('N', []))).toEqual([`import { avro, type Decimal, type Format } from 'franz/schemas'`])
})
