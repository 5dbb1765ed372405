import { isNamed, type NamedSchema, reachable, type Schema, type UnionSchema } from '../avro/schema.ts'
import { type LongMode, longModeOf, unionTags } from '../codec/shape.ts'

/** What is read has every field; what is written may leave out those with a default. */
export type Side = 'read' | 'write'

/** How a file names what its types refer to. */
export interface Scope {
  readonly long: LongMode
  typeOf(schema: NamedSchema, side: Side): string
  /** One of the types that the codec brings along. */
  own(name: 'Decimal' | 'Uuid'): string
}

/** The TypeScript type of a schema's values, on one line. */
export const typeText = (schema: Schema, side: Side, scope: Scope): string =>
  isNamed(schema) ? scope.typeOf(schema, side) : structureText(schema, side, scope)

/** The same for a schema that is being declared: a name is no answer there. */
export const structureText = (schema: Exclude<Schema, { type: 'record' }>, side: Side, scope: Scope): string => {
  switch (schema.type) {
    case 'null':
    case 'boolean':
      return schema.type
    case 'int':
    case 'float':
    case 'double':
      return 'number'
    case 'long':
      return longModeOf(schema, scope.long)
    case 'string':
      return schema.logicalType?.name === 'uuid' ? scope.own('Uuid') : 'string'
    case 'bytes':
    case 'fixed':
      return bytesText(schema, scope)
    case 'enum':
      return schema.symbols.map(symbol => `'${symbol}'`).join(' | ')
    case 'array': {
      const items = typeText(schema.items, side, scope)
      return `readonly ${/[ |]/.test(items) ? `(${items})` : items}[]`
    }
    case 'map':
      return `{ readonly [key: string]: ${typeText(schema.values, side, scope)} }`
    case 'union':
      return unionText(schema, side, scope)
  }
}

const bytesText = ({ logicalType }: Schema, scope: Scope): string => {
  if (logicalType?.name === 'decimal') return scope.own('Decimal')
  return logicalType?.name === 'uuid' ? scope.own('Uuid') : 'Uint8Array'
}

const unionText = (union: UnionSchema, side: Side, scope: Scope): string =>
  branchTexts(union, side, scope).join(' | ') || 'never'

export const branchTexts = (union: UnionSchema, side: Side, scope: Scope): readonly string[] => {
  const tags = unionTags(union, scope.long)
  return union.branches.map((branch, index) => {
    const text = typeText(branch, side, scope)
    return tags === undefined || branch.type === 'null'
      ? text
      : `{ readonly type: '${tags[index]}'; readonly value: ${text} }`
  })
}

/** Whether the type that is written differs from the one that is read: whether a default stands anywhere in it. */
export const hasDefaults = (schema: Schema): boolean =>
  reachable(schema).some(each => each.type === 'record' && each.fields.some(field => field.default !== undefined))
