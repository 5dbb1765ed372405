// Defaults that Apache Avro takes and our codec does not: texts that are no symbol, no uuid, no decimal of that precision.
import type { Json } from '../avro/json.ts'
import { type Field, reachable, type Schema } from '../avro/schema.ts'
import { type AvscFault, twiceNamed } from './avsc-fault.ts'

const known = new WeakMap<Schema, { readonly fault: AvscFault | undefined }>()

/** Why our codec cannot open a schema that Java parses, or undefined when it can. */
export const franzFault = (schema: Schema): AvscFault | undefined => {
  const found = known.get(schema) ?? { fault: faultOf(schema) }
  known.set(schema, found)
  return found.fault
}

const faultOf = (schema: Schema): AvscFault | undefined => {
  const all = reachable(schema)
  const twice = twiceNamed(all)
  if (twice !== undefined) return twice
  const fields = all.flatMap(each => (each.type === 'record' ? each.fields : []))
  const field = fields.find(each => each.default !== undefined && !takes(each.type, each.default.value))
  if (field === undefined) return undefined
  return { message: `the default of ${field.name} is no value of its type`, at: field.default ?? field, field }
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** Whether the codec reads a value as a default of a type; that the value fits the bare type was checked before. */
const takes = (schema: Schema, value: Json): boolean => {
  switch (schema.type) {
    case 'enum':
      return schema.symbols.includes(value as string)
    case 'string':
      return typeof value === 'string' && (schema.logicalType?.name !== 'uuid' || uuid.test(value))
    case 'bytes':
      return typeof value === 'string' && takesBytes(schema, value)
    case 'fixed':
      return typeof value === 'string' && value.length === schema.sizeBytes && takesBytes(schema, value)
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return takesNumber(schema.type, value)
    case 'array':
      return Array.isArray(value) && value.every(item => takes(schema.items, item))
    case 'map':
      return isObject(value) && Object.values(value).every(item => takes(schema.values, item))
    case 'union':
      return schema.branches.some(branch => takes(branch, value))
    case 'record':
      return isObject(value) && schema.fields.every(field => takesMember(field, value))
  }
}

const takesNumber = (type: 'int' | 'long' | 'float' | 'double', value: Json): boolean => {
  if (typeof value !== 'number') return false
  if (type === 'int') return value === (value | 0)
  if (type === 'long') return Number.isInteger(value)
  return type === 'double' || Number.isFinite(Math.fround(value))
}

const takesMember = (field: Field, value: { readonly [key: string]: Json }): boolean => {
  if (Object.hasOwn(value, field.name)) return takes(field.type, value[field.name]!)
  return field.default !== undefined && takes(field.type, field.default.value)
}

const takesBytes = (schema: Schema, text: string): boolean => {
  if (schema.logicalType?.name !== 'decimal') return true
  const hex = Buffer.from(text, 'latin1').toString('hex')
  const unscaled = hex === '' ? 0n : BigInt.asIntN(hex.length * 4, BigInt(`0x${hex}`))
  const bound = 10n ** BigInt(schema.logicalType.precision)
  return unscaled > -bound && unscaled < bound
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
