import type { AvroType } from './avsc.ts'

/** What stands where a value was expected: its kind and never the value, which may be private. */
const kindOf = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (value instanceof Uint8Array) return `${value.length} bytes`
  if (typeof value === 'number') return numberKind(value)
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'a bigint' : 'a bigint beyond 64 bits'
  if (typeof value === 'object') return notEntries.find(({ of }) => value instanceof of)?.called ?? 'an object'
  return `a ${typeof value}`
}

/** Objects whose content is not in their properties. */
export const notEntries = [
  { of: Map, called: 'a Map' },
  { of: Set, called: 'a Set' },
  { of: Date, called: 'a Date' },
] as const

const numberKind = (value: number): string => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'infinity'
  if (!Number.isInteger(value)) return 'a number with a fraction'
  if (!Number.isSafeInteger(value)) return 'a number beyond 2^53'
  return (value | 0) === value ? 'a whole number' : 'a whole number beyond 32 bits'
}

const logicalHint: Readonly<Record<string, string>> = {
  'timestamp-millis': 'milliseconds since 1970 as a number',
  'timestamp-micros': 'microseconds since 1970',
  date: 'days since 1970 as a number',
  uuid: 'a uuid as text',
}

const typeHint: Readonly<Record<string, string>> = {
  'union:unwrapped': 'a value of one of its branches',
  string: 'a string',
  bytes: 'a Uint8Array',
  int: 'a whole number of 32 bits',
  float: 'a number that a float can hold',
  double: 'a number',
  boolean: 'true or false',
  null: 'null',
  array: 'an array',
  map: 'an object',
  record: 'an object',
  error: 'an object',
}

const hintFor = (type: AvroType): string => {
  const { logical, typeName } = type
  if (logical?.name === 'decimal')
    return `a decimal as text, with at most ${logical.precision} digits, ${logical.scale} of them after the point`
  if (logical && logicalHint[logical.name]) return logicalHint[logical.name]!
  if (typeName === 'enum') return `one of ${(type as unknown as { symbols: readonly string[] }).symbols.join(', ')}`
  if (typeName === 'fixed') return `a Uint8Array of ${(type as unknown as { size: number }).size} bytes`
  if (typeName === 'long')
    return (type as unknown as { as: string }).as === 'bigint' ? 'a bigint of 64 bits' : 'a whole number below 2^53'
  return typeHint[typeName] ?? typeName
}

export const expected = (type: AvroType, found: unknown): string => {
  const tags = (type as unknown as { tags?: readonly string[] }).tags
  const hint = tags ? `an object { type, value } whose type is one of ${tags.join(', ')}` : hintFor(type)
  const isWritten = type.typeName === 'enum' || type.logical?.name === 'decimal' || type.logical?.name === 'uuid'
  return `expected ${hint}, found ${isWritten && typeof found === 'string' ? 'another text' : kindOf(found)}`
}
