// What the npm package avsc refuses to parse although Apache Avro 1.12 takes it.
import type { Json } from '../avro/json.ts'
import { type Field, isNamed, reachable, type Schema, type Spot } from '../avro/schema.ts'

export interface AvscFault {
  readonly message: string
  readonly at: Spot
  readonly field: Field | undefined
}

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/
/** avsc leaves one at each end of the safe range to rounding. */
const safeLongMax = Number.MAX_SAFE_INTEGER - 1

/** Why avsc cannot parse a schema, or undefined when it can. */
export const avscFault = (schema: Schema): AvscFault | undefined => {
  const all = reachable(schema)
  return twiceNamed(all) ?? firstFault(all, faultOf)
}

/** Java lets some types be written out twice. */
export const twiceNamed = (all: readonly Schema[]): AvscFault | undefined => {
  const seen = new Set<string>()
  return firstFault(all.filter(isNamed), each => {
    if (!seen.has(each.fullName)) seen.add(each.fullName)
    else return { message: `${each.fullName} is defined twice`, at: each.nameAt, field: undefined }
    return undefined
  })
}

const faultOf = (schema: Schema): AvscFault | undefined => {
  const because = (message: string, at: Spot = schema, field?: Field): AvscFault => ({ message, at, field })
  if (schema.type === 'union' && schema.branches.length === 0) return because('a union needs a branch')
  if (schema.type === 'enum') {
    if (schema.symbols.length === 0) return because('an enum needs a symbol')
    const odd = schema.symbols.findIndex(symbol => !plainName.test(symbol))
    if (odd >= 0) return because(`"${schema.symbols[odd]}" is no name for avsc`, schema.symbolsAt[odd])
  }
  if (schema.type !== 'record') return undefined
  for (const field of schema.fields) {
    if (!plainName.test(field.name)) return because(`"${field.name}" is no name for avsc`, field.nameAt, field)
    if (field.default === undefined) continue
    const fault = valueFault(field.type, field.default.value, false)
    if (fault !== undefined) return because(`the default of ${field.name}: ${fault}`, field.default, field)
  }
  return undefined
}

/** The kinds of values that avsc can tell apart in a union; two of one kind make it tag each value with its type. */
const bucketOf = (schema: Schema): string => {
  switch (schema.type) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number'
    case 'enum':
      return 'string'
    case 'fixed':
      return 'bytes'
    case 'map':
    case 'record':
      return 'object'
    default:
      return schema.type
  }
}

/** Whether values of a union stand as `{ int: 5 }` in avsc, because two branches look alike in JavaScript. */
export const isTaggedInAvsc = (branches: readonly Schema[]): boolean => {
  const buckets = branches.map(bucketOf)
  return new Set(buckets).size < buckets.length
}

/**
 * Why avsc refuses a default. `again`: the value was read before, as the default of an inner record's field; avsc reads
 * it a second time, and then bytes are no longer text and a tagged value is no longer bare.
 */
const valueFault = (schema: Schema, value: Json, again: boolean): string | undefined => {
  switch (schema.type) {
    case 'union': {
      const [first] = schema.branches
      if (again && value !== null && isTaggedInAvsc(schema.branches)) return 'avsc reads a tagged value twice'
      return first && valueFault(first, value, again) && 'it is no value of the first branch of the union'
    }
    case 'long':
      return typeof value === 'number' && Math.abs(value) <= safeLongMax
        ? undefined
        : 'it is no number that is safe in JavaScript'
    case 'int':
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : 'it is no number'
    case 'null':
      return value === null ? undefined : 'it is not null'
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'it is no boolean'
    case 'string':
      return typeof value === 'string' ? undefined : 'it is no text'
    case 'bytes':
    case 'fixed':
      if (again) return 'avsc reads bytes twice'
      if (typeof value !== 'string') return 'it is no text'
      return schema.type === 'fixed' && value.length !== schema.sizeBytes ? 'it has another size' : undefined
    case 'enum':
      return schema.symbols.includes(value as string) ? undefined : 'it is no symbol'
    case 'array':
      return Array.isArray(value) ? firstFault(value, item => valueFault(schema.items, item, again)) : 'it is no array'
    case 'map':
      return isObject(value)
        ? firstFault(Object.values(value), item => valueFault(schema.values, item, again))
        : 'it is no object'
    case 'record':
      if (!isObject(value)) return 'it is no object'
      return firstFault(schema.fields, field => {
        if (Object.hasOwn(value, field.name)) return valueFault(field.type, value[field.name]!, again)
        return field.default ? valueFault(field.type, field.default.value, true) : `it lacks ${field.name}`
      })
  }
}

const isObject = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const firstFault = <T, F>(each: Iterable<T>, faultOfOne: (one: T) => F | undefined): F | undefined => {
  for (const one of each) {
    const fault = faultOfOne(one)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Why avsc refuses the default of a field, or undefined when it takes it. */
export const avscDefaultFault = (field: Field): string | undefined =>
  field.default && valueFault(field.type, field.default.value, false)
