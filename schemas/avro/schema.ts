import type { Position } from './error.ts'
import type { Json } from './json.ts'

/** Where something is written, and how to point at it inside that document. */
export interface Spot {
  readonly position: Position
  /** A JSON pointer into the document of `position.file`. */
  readonly pointer: string
}

export type LogicalName =
  | 'date'
  | 'time-millis'
  | 'time-micros'
  | 'timestamp-millis'
  | 'timestamp-micros'
  | 'timestamp-nanos'
  | 'local-timestamp-millis'
  | 'local-timestamp-micros'
  | 'local-timestamp-nanos'
  | 'uuid'
  | 'duration'

/** Only a logical type that Avro knows and that stands on the right type; any other stays among the `attributes`. */
export type LogicalType =
  | { readonly name: LogicalName }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }

interface Node extends Spot {
  readonly logicalType: LogicalType | undefined
  /** Every attribute that Avro gives no meaning to, as written. */
  readonly attributes: Readonly<Record<string, Json>>
}

export const primitiveTypes = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const
export type PrimitiveType = (typeof primitiveTypes)[number]

export interface Primitive extends Node {
  readonly type: PrimitiveType
}

interface Named extends Node {
  /** Without the namespace. */
  readonly name: string
  /** '' when there is none. */
  readonly namespace: string
  readonly fullName: string
  /** Where the name itself is written. */
  readonly nameAt: Spot
  /** Full names. */
  readonly aliases: readonly string[]
  readonly doc: string | undefined
}

/** A default as written: `value` for use, `text` where every digit of a long counts. */
export interface Default extends Spot {
  readonly value: Json
  readonly text: string
}

export interface Field extends Spot {
  readonly name: string
  readonly nameAt: Spot
  readonly type: Schema
  /** Where the type is written: for a named type this may be only its name. */
  readonly typeAt: Spot
  readonly default: Default | undefined
  readonly aliases: readonly string[]
  readonly doc: string | undefined
  readonly order: 'ascending' | 'descending' | 'ignore'
  readonly attributes: Readonly<Record<string, Json>>
}

export interface RecordSchema extends Named {
  readonly type: 'record'
  readonly fields: readonly Field[]
  /** Declared with `"type": "error"`. */
  readonly isError: boolean
}

export interface EnumSchema extends Named {
  readonly type: 'enum'
  readonly symbols: readonly string[]
  readonly symbolsAt: readonly Spot[]
  /** Where the whole list of symbols is written. */
  readonly listAt: Spot
  /** What a reader takes for a symbol that it does not know. */
  readonly default: string | undefined
  readonly defaultAt: Spot | undefined
}

export interface FixedSchema extends Named {
  readonly type: 'fixed'
  readonly sizeBytes: number
  readonly sizeAt: Spot
}

export interface ArraySchema extends Node {
  readonly type: 'array'
  readonly items: Schema
  readonly itemsAt: Spot
}

export interface MapSchema extends Node {
  readonly type: 'map'
  readonly values: Schema
  readonly valuesAt: Spot
}

export interface UnionSchema extends Node {
  readonly type: 'union'
  readonly branches: readonly Schema[]
  readonly branchesAt: readonly Spot[]
}

export type NamedSchema = RecordSchema | EnumSchema | FixedSchema

/**
 * A resolved Avro schema. A named type is one object wherever it is used, so recursion is a cycle of objects.
 * @example const fieldsOf = (schema: Schema) => (schema.type === 'record' ? schema.fields.map(({ name }) => name) : [])
 */
export type Schema = Primitive | NamedSchema | ArraySchema | MapSchema | UnionSchema

export const isNamed = (schema: Schema): schema is NamedSchema =>
  schema.type === 'record' || schema.type === 'enum' || schema.type === 'fixed'

export const isPrimitive = (schema: Schema): schema is Primitive =>
  (primitiveTypes as readonly string[]).includes(schema.type)

/** The name by which a union tells its branches apart: `string`, `array`, `desk.Ticket`. */
export const branchName = (schema: Schema): string => (isNamed(schema) ? schema.fullName : schema.type)

/** The schemas directly inside one: field types, items, values, branches. */
export const children = (schema: Schema): readonly Schema[] => {
  if (schema.type === 'record') return schema.fields.map(field => field.type)
  if (schema.type === 'array') return [schema.items]
  if (schema.type === 'map') return [schema.values]
  return schema.type === 'union' ? schema.branches : []
}

/** Every schema reachable from one, each object once, itself first. */
export const reachable = (schema: Schema): readonly Schema[] => {
  const seen = new Set<Schema>([schema])
  for (const each of seen) for (const child of children(each)) seen.add(child)
  return [...seen]
}

/** The named types reachable from a schema, by full name: what another file may refer to. */
export const namedTypes = (schema: Schema): ReadonlyMap<string, NamedSchema> =>
  new Map(reachable(schema).flatMap(each => (isNamed(each) ? [[each.fullName, each] as const] : [])))
