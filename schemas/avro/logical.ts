import type { Json } from './json.ts'
import type { LogicalName, LogicalType, PrimitiveType } from './schema.ts'

const underlying: Readonly<Record<LogicalName, PrimitiveType | 'fixed'>> = {
  date: 'int',
  'time-millis': 'int',
  'time-micros': 'long',
  'timestamp-millis': 'long',
  'timestamp-micros': 'long',
  'timestamp-nanos': 'long',
  'local-timestamp-millis': 'long',
  'local-timestamp-micros': 'long',
  'local-timestamp-nanos': 'long',
  uuid: 'string',
  duration: 'fixed',
}
const uuidBytes = 16
const durationBytes = 12

const isCount = (value: Json | undefined): value is number => Number.isInteger(value)

const decimal = (attributes: Readonly<Record<string, Json>>, sizeBytes: number | undefined) => {
  const { precision, scale = 0 } = attributes
  if (!isCount(precision) || !isCount(scale) || precision < 1 || scale < 0 || scale > precision) return undefined
  // A fixed of n bytes holds every number below 2^(8n-1), so only so many decimal digits fit.
  if (sizeBytes !== undefined && precision > Math.floor(Math.log10(2) * (8 * sizeBytes - 1))) return undefined
  return { name: 'decimal', precision, scale } as const
}

/** The logical type that attributes give to a type; undefined when there is none, or Avro says to ignore it. */
export const logicalTypeOf = (
  type: string,
  attributes: Readonly<Record<string, Json>>,
  sizeBytes?: number,
): LogicalType | undefined => {
  const name = attributes.logicalType
  if (typeof name !== 'string') return undefined
  if (name === 'decimal') return type === 'bytes' || type === 'fixed' ? decimal(attributes, sizeBytes) : undefined
  if (name === 'uuid' && type === 'fixed' && sizeBytes === uuidBytes) return { name }
  if (!Object.hasOwn(underlying, name) || underlying[name as LogicalName] !== type) return undefined
  if (name === 'duration' && sizeBytes !== durationBytes) return undefined
  return { name: name as LogicalName }
}
