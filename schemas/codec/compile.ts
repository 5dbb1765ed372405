import avsc from 'avsc'
import type { RecordSchema, Schema } from '../avro/schema.ts'
import type { AvroType, TypeOptions } from './avsc.ts'
import { beginDatum } from './budget.ts'
import { bytesType, type Form, fixedType, plainForm } from './bytes.ts'
import { arrayType, mapType } from './containers.ts'
import { decimalForm } from './decimal.ts'
import { enumType } from './enum.ts'
import { defaultLimits } from './limits.ts'
import { sameName } from './names.ts'
import { booleanType, doubleType, floatType, intType, longType } from './numbers.ts'
import { recordType } from './record.ts'
import { type LongMode, longModeOf } from './shape.ts'
import { unionType } from './union.ts'
import { uuidForm, uuidType } from './uuid.ts'

/** The avsc type of a parsed schema. Every type that avsc reads or writes differently from us is put in its place. */
export const compile = (schema: Schema, long: LongMode): AvroType => compiled(schema, long, true)

/** The same for what wrote some bytes: to read them needs no defaults, so an invalid one does not matter. */
export const compileWriter = (schema: Schema, long: LongMode): AvroType => compiled(schema, long, false)

const compiled = (schema: Schema, long: LongMode, defaults: boolean): AvroType => {
  const made = new Map<Schema, AvroType>()
  const registry: Record<string, AvroType> = Object.create(null)
  const options: TypeOptions = { registry, typeHook: each => typeOf(each as Schema) }

  const typeOf = (each: Schema): AvroType => {
    const known = made.get(each) ?? (each.type === 'record' ? registry[each.fullName] : undefined)
    if (known) return known
    const type = make(each)
    made.set(each, type)
    return type
  }

  const make = (each: Schema): AvroType => {
    switch (each.type) {
      case 'null':
        return new avsc.types.NullType() as unknown as AvroType
      case 'string':
        return each.logicalType?.name === 'uuid' ? uuidType() : (new avsc.types.StringType() as unknown as AvroType)
      case 'boolean':
        return booleanType()
      case 'int':
        return intType(each.logicalType)
      case 'long':
        return longType(longModeOf(each, long), each.logicalType)
      case 'float':
        return floatType()
      case 'double':
        return doubleType()
      case 'bytes':
        return bytesType(formOf(each), each.logicalType)
      case 'array':
        return arrayType(typeOf(each.items), bytesMin(each.items))
      case 'map':
        return mapType(typeOf(each.values), 1 + bytesMin(each.values))
      case 'union':
        return unionType(each, each.branches.map(typeOf), long)
      case 'enum':
        return enumType(each, definitionOf(each), options)
      case 'fixed':
        return fixedType(
          { ...definitionOf(each), sizeBytes: each.sizeBytes },
          formOf(each),
          each.logicalType,
          options,
          sameName,
        )
      case 'record':
        return recordType(each, definitionOf(each), options, defaults)
    }
  }
  // Defaults are written here already, and writing counts.
  beginDatum(defaultLimits)
  return typeOf(schema)
}

const definitionOf = ({ fullName, aliases }: { fullName: string; aliases: readonly string[] }) => ({
  name: fullName,
  // Without this, avsc would put a name that has no namespace into the one around it.
  namespace: '',
  aliases,
})

const formOf = (schema: Schema): Form => {
  const { logicalType: logical } = schema
  if (logical?.name === 'decimal') return decimalForm(logical, schema.type === 'fixed' ? schema.sizeBytes : undefined)
  return logical?.name === 'uuid' ? uuidForm : plainForm
}

const bytesKnown = new WeakMap<RecordSchema, number>()

/** The fewest bytes that a value takes. */
export const bytesMin = (schema: Schema): number => {
  switch (schema.type) {
    case 'null':
      return 0
    case 'float':
      return 4
    case 'double':
      return 8
    case 'fixed':
      return schema.sizeBytes
    case 'record':
      return recordBytes(schema)
    default:
      return 1
  }
}

/** Worked out once for each record: types that use each other more than once would multiply otherwise. */
const recordBytes = (record: RecordSchema): number => {
  const known = bytesKnown.get(record)
  if (known !== undefined) return known
  // A record that contains itself directly has no value at all; no matter what it counts for.
  bytesKnown.set(record, 0)
  const bytes = record.fields.reduce((sum, field) => sum + bytesMin(field.type), 0)
  bytesKnown.set(record, bytes)
  return bytes
}
