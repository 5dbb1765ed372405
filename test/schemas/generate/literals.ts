// Values as TypeScript writes them, right and wrong, for a schema: what the compiler is asked to take and to refuse.
import type { Field, Schema, UnionSchema } from '../../../schemas/avro/schema.ts'
import { type LongMode, longModeOf, unionTags } from '../../../schemas/codec/shape.ts'
import type { Chance } from '../../conformance-avro/random.ts'

export type Side = 'read' | 'write'

const keyText = (key: string): string => (key === '__proto__' ? '["__proto__"]' : JSON.stringify(key))

const numberText = (value: number): string => {
  if (Number.isNaN(value)) return 'Number.NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Number.POSITIVE_INFINITY' : 'Number.NEGATIVE_INFINITY'
  return Object.is(value, -0) ? '-0' : String(value)
}

const scalarText = (value: unknown): string => {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return numberText(value)
  if (value instanceof Uint8Array) return `Uint8Array.of(${value.join(', ')})`
  return JSON.stringify(value)
}

/** What stands in place of a value, or undefined to leave it as it is. Called for each value, the inner ones last. */
export type Replace = (schema: Schema, field: Field | undefined) => string | undefined

/** A value as a literal, on one line. */
export const literal = (schema: Schema, value: unknown, long: LongMode, replace: Replace, field?: Field): string =>
  replace(schema, field) ?? kept(schema, value, long, replace)

/** A value of which only parts may be replaced. */
const kept = (schema: Schema, value: unknown, long: LongMode, replace: Replace): string => {
  const inner = (of: Schema, each: unknown) => literal(of, each, long, replace)
  if (schema.type === 'array')
    return `[${(value as readonly unknown[]).map(item => inner(schema.items, item)).join(', ')}]`
  if (schema.type === 'map') {
    const entries = Object.entries(value as object).map(
      ([key, each]) => `${keyText(key)}: ${inner(schema.values, each)}`,
    )
    return `{ ${entries.join(', ')} }`
  }
  if (schema.type === 'union') return unionText(schema, value, long, replace)
  if (schema.type !== 'record') return scalarText(value)
  const members = schema.fields.flatMap(each => {
    const text = literal(each.type, (value as Record<string, unknown>)[each.name], long, replace, each)
    return text === absent ? [] : [`${each.name}: ${text}`]
  })
  return `{ ${members.join(', ')} }`
}

/** Instead of a field's value: the field is not there. */
export const absent = 'absent'

const shapeFits = (schema: Schema, value: unknown, long: LongMode): boolean => {
  switch (schema.type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
    case 'float':
    case 'double':
      return typeof value === 'number'
    case 'long':
      return typeof value === longModeOf(schema, long)
    case 'bytes':
    case 'fixed':
      return value instanceof Uint8Array || (schema.logicalType !== undefined && typeof value === 'string')
    case 'array':
      return Array.isArray(value)
    case 'string':
    case 'enum':
      return typeof value === 'string'
    default:
      return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array)
  }
}

const unionText = (union: UnionSchema, value: unknown, long: LongMode, replace: Replace): string => {
  const tags = unionTags(union, long)
  if (value === null) return 'null'
  // What is wrong for the branch could be right for another one.
  if (tags === undefined)
    return kept(union.branches.find(branch => shapeFits(branch, value, long))!, value, long, replace)
  const { type, value: inner } = value as { readonly type: string; readonly value: unknown }
  return `{ type: '${type}', value: ${literal(union.branches[tags.indexOf(type)]!, inner, long, replace)} }`
}

/** Literals that are none of the schema's values, for the compiler and for the codec alike. */
const wrongTexts = (schema: Schema, long: LongMode): readonly string[] => {
  const logical = schema.logicalType?.name
  const any = ['Symbol.iterator', '() => 1']
  switch (schema.type) {
    case 'null':
      return [...any, '0', 'undefined']
    case 'boolean':
      return [...any, '"true"', '1', 'null']
    case 'int':
    case 'float':
    case 'double':
      return [...any, '"5"', '5n', 'null', '{}']
    case 'long':
      return [...any, longModeOf(schema, long) === 'bigint' ? '5' : '5n', '"5"', 'null']
    case 'string':
      return logical === 'uuid' ? [...any, '"nope"', '5'] : [...any, '5', 'null', '["a"]']
    case 'bytes':
    case 'fixed':
      return logical === 'decimal' ? [...any, '"1,5"', '1.5', 'Uint8Array.of(1)'] : [...any, '"text"', '[1]', 'null']
    case 'enum':
      return [...any, '"NO_SUCH_SYMBOL"', '0', 'null']
    case 'array':
      return [...any, '{}', '"text"', 'null']
    case 'map':
      return [...any, '5', '"text"', 'null', '[]']
    case 'union':
      return [...any, ...(unionTags(schema, long) === undefined ? [] : ['5', '"text"', '{ type: "NoSuch", value: 1 }'])]
    case 'record':
      return [...any, '5', 'null', ...(schema.fields.some(field => field.default === undefined) ? ['{}'] : [])]
  }
}

/** The value as it may be written: some of what has a default is left out. */
export const lenient =
  (chance: Chance): Replace =>
  (_, field) =>
    field?.default !== undefined && chance.often(0.5) ? absent : undefined

/** The value with one thing wrong in it, somewhere. Undefined when nothing can be wrong in it. */
export const wrong = (
  schema: Schema,
  value: unknown,
  long: LongMode,
  side: Side,
  chance: Chance,
): string | undefined => {
  let places = 0
  literal(schema, value, long, () => {
    places++
    return undefined
  })
  const target = chance.below(places)
  let place = 0
  let done = false
  const text = literal(schema, value, long, (of, field) => {
    if (place++ !== target) return undefined
    done = true
    const mayMiss = side === 'write' && field?.default !== undefined
    if (field !== undefined && !mayMiss && chance.often(0.3)) return absent
    const texts = wrongTexts(of, long).filter(each => !(mayMiss && each === 'undefined'))
    return chance.pick(texts)
  })
  return done ? text : undefined
}
