// A schema in the few words that a message has room for.
import { isNamed, type LogicalType, type Schema } from '../../avro/schema.ts'

export const logicalText = (logical: LogicalType): string =>
  logical.name === 'decimal' ? `decimal(${logical.precision},${logical.scale})` : logical.name

/** `["null","string"]`, `long timestamp-millis`, `desk.Ticket`, `array<int>`. */
export const typeText = (schema: Schema): string => {
  if (schema.type === 'union') return `[${schema.branches.map(typeText).join(', ')}]`
  if (schema.type === 'array') return `array<${typeText(schema.items)}>`
  if (schema.type === 'map') return `map<${typeText(schema.values)}>`
  const base = isNamed(schema) ? `${schema.type} ${schema.name}` : schema.type
  const logical = schema.logicalType ? ` ${logicalText(schema.logicalType)}` : ''
  return schema.type === 'fixed' ? `${base}(${schema.sizeBytes})${logical}` : `${base}${logical}`
}

/** Equal for types that look the same from outside: enough to recognise a field that was renamed or moved. */
export const typeKey = (schema: Schema): string => {
  if (schema.type === 'union') return `[${schema.branches.map(typeKey).join(',')}]`
  if (schema.type === 'array') return `array<${typeKey(schema.items)}>`
  if (schema.type === 'map') return `map<${typeKey(schema.values)}>`
  const base = isNamed(schema) ? `${schema.type} ${schema.name}` : schema.type
  return schema.logicalType ? `${base} ${logicalText(schema.logicalType)}` : base
}

/** Joins a path for people: `order` and `items[]` to `order.items[]`. */
export const inPath = (path: string, step: string): string => {
  if (path === '' || step.startsWith('[') || step.startsWith('{')) return path + step
  return `${path}.${step}`
}

/** The path in a sentence. */
export const named = (path: string): string => (path === '' ? 'the value' : `"${path}"`)
