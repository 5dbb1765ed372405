import type { JsonNode } from './json.ts'
import type { Accept } from './names.ts'
import type { Field, Schema } from './schema.ts'

const intRange = [-(2n ** 31n), 2n ** 31n - 1n] as const
const longRange = [-(2n ** 63n), 2n ** 63n - 1n] as const

const fitsRange = (text: string, [low, high]: readonly [bigint, bigint]): boolean => {
  if (!/^-?\d+$/.test(text)) return false
  const value = BigInt(text)
  return value >= low && value <= high
}

const isLatin1 = (text: string): boolean => [...text].every(char => char <= '\u00ff')

interface How {
  readonly accept: Accept
  /** Records whose fields are not all known yet: nothing can be a default of them. */
  readonly open: ReadonlySet<Schema>
  /** Called when such a record is met, even in a branch of a union that is not the one meant. */
  metOpen?(record: Schema): void
}

/**
 * Why a JSON value is no default for a schema, or undefined when it is one. A union takes a value of any of its
 * branches, as Avro has since 1.12; that older readers want the first branch is for the review to say. A type that is
 * yet to be defined passes for a record, as it does in Java.
 */
export const defaultFault = (schema: Schema | undefined, node: JsonNode, how: How): string | undefined => {
  const wrong = `${shown(node)} is no ${schema?.type ?? 'object'}`
  switch (schema?.type) {
    case undefined:
      return node.kind === 'object' ? undefined : wrong
    case 'null':
    case 'boolean':
      return node.kind === schema.type ? undefined : wrong
    case 'int':
      return node.kind === 'number' && fitsRange(node.text, intRange) ? undefined : wrong
    case 'long':
      return node.kind === 'number' && fitsRange(node.text, longRange) ? undefined : wrong
    case 'float':
    case 'double':
      return node.kind === 'number' ? undefined : wrong
    case 'string':
    case 'bytes':
    case 'enum':
    case 'fixed':
      return node.kind === 'string' ? textFault(schema, String(node.value), how.accept) : wrong
    case 'array':
      return node.kind === 'array' ? first(node.items, item => defaultFault(schema.items, item, how)) : wrong
    case 'map':
      return node.kind === 'object'
        ? first(node.members.values(), member => defaultFault(schema.values, member.value, how))
        : wrong
    case 'union':
      // Not `some`: a branch that is yet to be defined is a hole in the array.
      for (const branch of schema.branches) if (defaultFault(branch, node, how) === undefined) return undefined
      return `${shown(node)} fits no branch of the union`
    case 'record':
      if (node.kind !== 'object') return wrong
      if (how.open.has(schema)) how.metOpen?.(schema)
      return first(schema.fields, field => memberFault(field, node, how))
  }
}

const first = <T>(each: Iterable<T>, faultOf: (one: T) => string | undefined): string | undefined => {
  for (const one of each) {
    const fault = faultOf(one)
    if (fault !== undefined) return fault
  }
  return undefined
}

const memberFault = (field: Field, node: JsonNode & { kind: 'object' }, how: How): string | undefined => {
  const member = node.members.get(field.name)
  if (member !== undefined) {
    const fault = defaultFault(field.type, member.value, how)
    return fault && `field "${field.name}": ${fault}`
  }
  return field.default === undefined ? `field "${field.name}" is missing and has no default of its own` : undefined
}

const textFault = (schema: Schema, value: string, accept: Accept): string | undefined => {
  if (accept === 'apache' || schema.type === 'string') return undefined
  if (schema.type === 'enum') return schema.symbols.includes(value) ? undefined : `"${value}" is no symbol of the enum`
  if (!isLatin1(value)) return `${JSON.stringify(value)} has characters above \\u00ff, which stand for no byte`
  return schema.type === 'fixed' && value.length !== schema.sizeBytes
    ? `${value.length} bytes are not the ${schema.sizeBytes} of the fixed`
    : undefined
}

/** A value in a message, short enough to read. */
export const shown = (node: JsonNode): string => {
  if (node.kind === 'object') return 'an object'
  return node.kind === 'array' ? 'an array' : node.text
}

const javaWord = /^\s*[+-]?(?:NaN|Infinity)\s*$/
const javaNumber =
  /^\s*[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|0x(?:[\da-f]+\.?|[\da-f]*\.[\da-f]+)p[+-]?\d+)[fd]?\s*$/i

/** Java reads `"NaN"`, `"1e3"`, `"0x1p3"` in quotes as the default of a float or a double. */
export const isQuotedNumber = (schema: Schema | undefined, node: JsonNode): boolean => {
  if ((schema?.type !== 'float' && schema?.type !== 'double') || node.kind !== 'string') return false
  return javaWord.test(String(node.value)) || javaNumber.test(String(node.value))
}
