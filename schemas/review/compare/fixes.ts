// The fixes that can be made by editing the text, each as one or two insertions.
import type { Position } from '../../avro/error.ts'
import type { EnumSchema, Field, NamedSchema, Schema } from '../../avro/schema.ts'
import type { Edit, Fix } from '../finding.ts'

const insertAfter = (position: Position, newText: string): Edit => {
  const [line, col] = [position.endLine, position.endColumn]
  return { file: position.file, line, col, endLine: line, endCol: col, newText }
}

const attribute = (name: string, value: string): string => `, ${JSON.stringify(name)}: ${value}`

/** A default that any reader takes, or undefined for types that have no obvious one. */
const emptyValue = (schema: Schema): string | undefined => {
  switch (schema.type) {
    case 'null':
      return 'null'
    case 'boolean':
      return 'false'
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return '0'
    case 'string':
    case 'bytes':
      return schema.logicalType === undefined ? '""' : undefined
    case 'array':
      return '[]'
    case 'map':
      return '{}'
    case 'enum':
      return JSON.stringify(schema.default ?? schema.symbols[0])
    case 'union':
      return schema.branches[0] && emptyValue(schema.branches[0])
    default:
      return undefined
  }
}

/** Gives a field a default: null where it may be null, else the empty value of its type, else it becomes nullable. */
export const giveDefault = (field: Field): Fix => {
  const at = field.typeAt.position
  const isNullable = field.type.type === 'union' && field.type.branches.some(({ type }) => type === 'null')
  const value = isNullable && emptyValue(field.type) !== 'null' ? undefined : emptyValue(field.type)
  if (value !== undefined)
    return {
      message: `give "${field.name}" the default ${value}`,
      edits: [insertAfter(at, attribute('default', value))],
    }
  if (field.type.type === 'union')
    return { message: `put null first in "${field.name}" and make it the default`, edits: [] }
  const before: Edit = {
    ...insertAfter(at, '["null", '),
    line: at.line,
    col: at.column,
    endLine: at.line,
    endCol: at.column,
  }
  return {
    message: `let "${field.name}" be null, and make that its default`,
    edits: [before, insertAfter(at, `]${attribute('default', 'null')}`)],
  }
}

/** Lists an old name as an alias; where there are aliases already, only the words. */
const giveAlias = (to: Field | NamedSchema, alias: string): Fix => {
  const message = `add ${JSON.stringify(alias)} to the aliases of "${to.name}"`
  if (to.aliases.length > 0) return { message, edits: [] }
  return { message, edits: [insertAfter(to.nameAt.position, attribute('aliases', JSON.stringify([alias])))] }
}

export const giveFieldAlias = (to: Field, from: Field): Fix => giveAlias(to, from.name)
export const giveTypeAlias = (to: NamedSchema, from: NamedSchema): Fix => giveAlias(to, from.fullName)

const fallbackNames = ['UNKNOWN', 'OTHER', 'UNSPECIFIED', 'NONE', 'DEFAULT']

/** Gives an enum a default: a symbol that means "something else" if it has one, else the first that readers know. */
export const giveEnumDefault = (schema: EnumSchema, known: readonly string[], isFirst: boolean): Fix => {
  const candidates = schema.symbols.filter(symbol => known.includes(symbol))
  const symbol = candidates.find(each => fallbackNames.includes(each)) ?? candidates[0] ?? schema.symbols[0]!
  const edits = [insertAfter(schema.listAt.position, attribute('default', JSON.stringify(symbol)))]
  const message = `give the enum ${schema.name} the default "${symbol}"`
  return { message: isFirst ? `${message}, and ship that to all readers before the new symbol` : message, edits }
}
