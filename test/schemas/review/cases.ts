// The forty cases of the review: small schemas, the verdict in both directions, and what the review says.
import type { RuleCode } from '../../../schemas/review/rules/index.ts'

export interface Case {
  readonly number: number
  readonly title: string
  readonly old: unknown
  readonly new: unknown
  /** Whether the new schema reads old data, and the old schema new data. */
  readonly backward: boolean
  readonly forward: boolean
  /** Codes and where they point; a row may say more than these. */
  readonly says: readonly (readonly [RuleCode, string])[]
}

const record = (...fields: unknown[]) => ({ type: 'record', name: 'R', namespace: 'shop', fields })
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more })
const a = field('a', 'int')
const status = (symbols: string[], more: object = {}) => ({ type: 'enum', name: 'Status', symbols, ...more })
const of = (type: unknown, more: object = {}) => record(field('a', type, more))
const fixed = (size: number) => ({ type: 'fixed', name: 'Hash', size })
const decimal = (scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision: 10, scale })
const inner = (name: string, fields: unknown[], more: object = {}) => ({ type: 'record', name, fields, ...more })

type Row = [string, unknown, unknown, 'y' | 'n', 'y' | 'n', [RuleCode, string][]]

const rows: Row[] = [
  [
    'add a field with a default',
    record(a),
    record(a, field('b', 'int', { default: 0 })),
    'y',
    'y',
    [['AV001', '/fields/1']],
  ],
  ['add a field without a default', record(a), record(a, field('b', 'int')), 'n', 'y', [['AV101', '/fields/1']]],
  [
    'remove a field that had a default',
    record(a, field('b', 'int', { default: 0 })),
    record(a),
    'y',
    'y',
    [['AV002', '/fields/1']],
  ],
  ['remove a field without a default', record(a, field('b', 'int')), record(a), 'y', 'n', [['AV102', '/fields/1']]],
  [
    'add a nullable field without a default',
    record(a),
    record(a, field('b', ['null', 'string'])),
    'n',
    'y',
    [['AV101', '/fields/1']],
  ],
  [
    'add a nullable field with null',
    record(a),
    record(a, field('b', ['null', 'string'], { default: null })),
    'y',
    'y',
    [['AV001', '/fields/1']],
  ],
  [
    'rename with an alias',
    record(a),
    record(field('a2', 'int', { aliases: ['a'] })),
    'y',
    'n',
    [['AV104', '/fields/0']],
  ],
  ['rename without an alias', record(a), record(field('a2', 'int')), 'n', 'n', [['AV103', '/fields/0']]],
  [
    'int to long',
    of('int'),
    of('long'),
    'y',
    'n',
    [
      ['AV105', '/fields/0/type'],
      ['AV501', '/fields/0/type'],
    ],
  ],
  ['long to int', of('long'), of('int'), 'n', 'y', [['AV105', '/fields/0/type']]],
  [
    'long to float',
    of('long'),
    of('float'),
    'y',
    'n',
    [
      ['AV305', '/fields/0/type'],
      ['AV105', '/fields/0/type'],
    ],
  ],
  ['float to double', of('float'), of('double'), 'y', 'n', [['AV105', '/fields/0/type']]],
  ['string to bytes', of('string'), of('bytes'), 'y', 'y', [['AV306', '/fields/0/type']]],
  ['int to string', of('int'), of('string'), 'n', 'n', [['AV105', '/fields/0/type']]],
  ['string becomes nullable', of('string'), of(['null', 'string']), 'y', 'n', [['AV107', '/fields/0/type/0']]],
  ['nullable becomes string', of(['null', 'string']), of('string'), 'n', 'y', [['AV106', '/fields/0/type']]],
  ['add a branch', of(['null', 'string']), of(['null', 'string', 'int']), 'y', 'n', [['AV107', '/fields/0/type/2']]],
  [
    'swap branches',
    of(['null', 'string'], { default: null }),
    of(['string', 'null'], { default: null }),
    'y',
    'y',
    [
      ['AV003', '/fields/0/type'],
      ['AV202', '/fields/0/default'],
    ],
  ],
  [
    'another default, branches swapped',
    of(['null', 'string'], { default: null }),
    of(['string', 'null'], { default: '' }),
    'y',
    'y',
    [['AV303', '/fields/0/default']],
  ],
  [
    'add a symbol, no default',
    of(status(['A'])),
    of(status(['A', 'B'])),
    'y',
    'n',
    [['AV109', '/fields/0/type/symbols/1']],
  ],
  [
    'add a symbol, the old enum has a default',
    of(status(['A'], { default: 'A' })),
    of(status(['A', 'B'], { default: 'A' })),
    'y',
    'y',
    [['AV303', '/fields/0/type/symbols/1']],
  ],
  [
    'add a symbol, only the field has a default',
    of(status(['A']), { default: 'A' }),
    of(status(['A', 'B']), { default: 'A' }),
    'y',
    'n',
    [['AV109', '/fields/0/type/symbols/1']],
  ],
  [
    'remove a symbol, no default',
    of(status(['A', 'B'])),
    of(status(['A'])),
    'n',
    'y',
    [['AV108', '/fields/0/type/symbols']],
  ],
  [
    'remove a symbol, the new enum has a default',
    of(status(['A', 'B'])),
    of(status(['A'], { default: 'A' })),
    'y',
    'y',
    [['AV303', '/fields/0/type/symbols']],
  ],
  ['reorder symbols', of(status(['A', 'B'])), of(status(['B', 'A'])), 'y', 'y', [['AV003', '/fields/0/type/symbols']]],
  [
    'add an enum field with only an enum default',
    record(a),
    record(a, field('b', status(['A'], { default: 'A' }))),
    'n',
    'y',
    [['AV101', '/fields/1']],
  ],
  ['fixed of another size', of(fixed(16)), of(fixed(32)), 'n', 'n', [['AV111', '/fields/0/type/size']]],
  ['fixed to bytes', of(fixed(16)), of('bytes'), 'n', 'n', [['AV105', '/fields/0/type']]],
  ['record renamed without an alias', record(a), { ...record(a), name: 'S' }, 'n', 'n', [['AV112', '/name']]],
  [
    'record renamed with an alias',
    record(a),
    { ...record(a), name: 'S', aliases: ['R'] },
    'y',
    'n',
    [['AV112', '/name']],
  ],
  ['namespace moved', record(a), { ...record(a), namespace: 'store' }, 'y', 'y', [['AV201', '/name']]],
  ['decimal of another scale', of(decimal(2)), of(decimal(3)), 'y', 'y', [['AV301', '/fields/0/type']]],
  [
    'milliseconds to microseconds',
    of({ type: 'long', logicalType: 'timestamp-millis' }),
    of({ type: 'long', logicalType: 'timestamp-micros' }),
    'y',
    'y',
    [['AV302', '/fields/0/type']],
  ],
  [
    'days to milliseconds',
    of({ type: 'int', logicalType: 'date' }),
    of({ type: 'long', logicalType: 'timestamp-millis' }),
    'y',
    'n',
    [['AV302', '/fields/0/type']],
  ],
  [
    'inside arrays and maps',
    record(field('a', { type: 'array', items: 'int' }), field('m', { type: 'map', values: 'int' })),
    record(field('a', { type: 'array', items: 'long' }), field('m', { type: 'map', values: ['null', 'int'] })),
    'y',
    'n',
    [
      ['AV105', '/fields/0/type/items'],
      ['AV107', '/fields/1/type/values/0'],
    ],
  ],
  [
    'a field without default deep inside an optional record',
    of(['null', inner('P', [field('x', 'int')])]),
    of(['null', inner('P', [field('x', 'int'), field('y', 'int')])]),
    'n',
    'y',
    [['AV101', '/fields/0/type/1/fields/1']],
  ],
  [
    'a record of a union renamed',
    of(['null', inner('P', [field('x', 'int')])]),
    of(['null', inner('P2', [field('x', 'int')])]),
    'n',
    'n',
    [['AV112', '/fields/0/type/1/name']],
  ],
  [
    'a field moved into a record',
    record(a, field('x', 'int', { default: 0 })),
    record(a, field('n', inner('N', [field('x', 'int', { default: 0 })]), { default: { x: 0 } })),
    'y',
    'y',
    [['AV307', '/fields/1/type/fields/0']],
  ],
  ['rename by expanding', record(a), record(a, field('a2', 'int', { default: 0 })), 'y', 'y', [['AV001', '/fields/1']]],
]

/** Rows 1 to 39; the fortieth has three versions and stands in its own test. */
export const cases: readonly Case[] = rows.map(([title, old, next, backward, forward, says], index) => ({
  number: index + 1,
  title,
  old,
  new: next,
  backward: backward === 'y',
  forward: forward === 'y',
  says,
}))
