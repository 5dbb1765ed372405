// The one text that a value has, as the Java program prints it (see Text.java), and the value that a text stands for.
// Written by itself: nothing of the codec is used to check it, but for which unions are tagged.
import type { Schema, UnionSchema } from '../../schemas/avro/schema.ts'
import { longModeOf, unionTags } from '../../schemas/codec/shape.ts'

export type Text = null | boolean | number | string | readonly Text[]

const bitsOf = (hex: string): DataView => new DataView(Uint8Array.from(Buffer.from(hex, 'hex')).buffer)

/** The value as our codec reads it. */
export const valueOfText = (schema: Schema, text: Text): unknown => {
  const list = text as readonly Text[]
  switch (schema.type) {
    case 'long':
      return longModeOf(schema, 'bigint') === 'number' ? Number(text) : BigInt(text as string)
    case 'float':
      return bitsOf(text as string).getFloat32(0)
    case 'double':
      return bitsOf(text as string).getFloat64(0)
    case 'bytes':
    case 'fixed': {
      const isText = ['decimal', 'uuid'].includes(schema.logicalType?.name ?? '')
      return isText ? text : Uint8Array.from(Buffer.from(text as string, 'hex'))
    }
    case 'array':
      return list.map(item => valueOfText(schema.items, item))
    case 'map': {
      const map = Object.create(null)
      for (const [key, value] of list as readonly (readonly [string, Text])[])
        map[key] = valueOfText(schema.values, value)
      return map
    }
    case 'union':
      return branchOfText(schema, list as readonly [number, Text])
    case 'record':
      return Object.fromEntries(schema.fields.map(({ name, type }, index) => [name, valueOfText(type, list[index]!)]))
    default:
      return text
  }
}

const branchOfText = (union: UnionSchema, [index, text]: readonly [number, Text]): unknown => {
  const branch = union.branches[index]!
  const value = valueOfText(branch, text)
  const tag = unionTags(union, 'bigint')?.[index]
  return tag === undefined || branch.type === 'null' ? value : { type: tag, value }
}
