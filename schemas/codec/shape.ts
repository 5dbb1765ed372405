// How a schema looks in JavaScript. The codec and the type generator both ask here, so they cannot disagree.
import { branchName, isNamed, type Schema, type UnionSchema } from '../avro/schema.ts'

/**
 * How a `long` stands in JavaScript: exactly, or as a number that is refused beyond 2^53.
 * @example const long: LongMode = 'bigint'
 */
export type LongMode = 'bigint' | 'number'

/** What `typeof` and the like can tell apart. */
export type Shape = 'null' | 'boolean' | 'number' | 'bigint' | 'text' | 'bytes' | 'list' | 'object'

/** Milliseconds are numbers in every clock of JavaScript, and numbers hold them all. */
export const longModeOf = (schema: Schema, long: LongMode): LongMode =>
  schema.logicalType?.name.endsWith('timestamp-millis') ? 'number' : long

export const shapeOf = (schema: Exclude<Schema, UnionSchema>, long: LongMode): Shape => {
  switch (schema.type) {
    case 'null':
    case 'boolean':
      return schema.type
    case 'int':
    case 'float':
    case 'double':
      return 'number'
    case 'long':
      return longModeOf(schema, long)
    case 'string':
    case 'enum':
      return 'text'
    case 'bytes':
    case 'fixed':
      return schema.logicalType?.name === 'decimal' || schema.logicalType?.name === 'uuid' ? 'text' : 'bytes'
    case 'array':
      return 'list'
    case 'map':
    case 'record':
      return 'object'
  }
}

type Branch = Exclude<Schema, UnionSchema>

/**
 * How a union is written in JavaScript. Where each branch looks different, its values stand as they are. Where two look
 * alike, each value but null stands as `{ type, value }`, and `tags` holds the type of each branch: its short name, or
 * its full name where two branches have one short name. Undefined tags mean the first case.
 */
export const unionTags = (union: UnionSchema, long: LongMode): readonly string[] | undefined => {
  const branches = union.branches as readonly Branch[]
  const shapes = branches.map(branch => shapeOf(branch, long))
  if (new Set(shapes).size === shapes.length) return undefined
  const short = branches.map(branch => (isNamed(branch) ? branch.name : branch.type))
  return branches.map((branch, index) => {
    const tag = short[index]!
    return short.indexOf(tag) === short.lastIndexOf(tag) ? tag : branchName(branch)
  })
}
