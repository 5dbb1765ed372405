import { createHash } from 'node:crypto'
import { branchName, type Field, isNamed, isPrimitive, type NamedSchema, namedTypes, type Schema } from './schema.ts'

/**
 * The schema as one self-contained JSON text: every named type is written out where it first occurs, under its full
 * name. Whatever order the file had, other Avro libraries can read this.
 * @example schemaText(parseSchema('"string"')) // '"string"'
 */
export const schemaText = (schema: Schema): string => writer(schema, true)(schema)

/**
 * What decides how bytes are written, read and understood, and nothing else: names, types, defaults, aliases, logical
 * types and sort order; no docs and no unknown attributes. Two schemas with one normal form are interchangeable.
 */
export const normalForm = (schema: Schema): string => writer(schema, false)(schema)

const fingerprintDigits = 16

/** A short, stable name for the normal form: 16 hexadecimal digits. */
export const fingerprintOf = (schema: Schema): string =>
  createHash('sha256').update(normalForm(schema)).digest('hex').slice(0, fingerprintDigits)

type Pair = readonly [key: string, text: string | undefined]

const object = (pairs: readonly Pair[]): string =>
  `{${pairs.flatMap(([key, text]) => (text === undefined ? [] : [`${JSON.stringify(key)}:${text}`])).join(',')}}`

const list = (texts: readonly string[]): string | undefined =>
  texts.length === 0 ? undefined : `[${texts.map(text => JSON.stringify(text)).join(',')}]`

const writer = (root: Schema, whole: boolean) => {
  // A name without a dot takes the namespace around it, so where there is such a name, nothing may set a namespace.
  const hasBareNames = [...namedTypes(root).values()].some(({ namespace }) => namespace === '')
  const written = new Set<NamedSchema>()
  const doc = (text: string | undefined) => (whole && text !== undefined ? JSON.stringify(text) : undefined)
  const extras = ({ attributes, logicalType }: Schema): readonly Pair[] => {
    const kept = whole ? attributes : { ...logicalType, name: undefined, logicalType: logicalType?.name }
    return Object.entries(kept).map(([key, value]) => [key, JSON.stringify(value)])
  }

  const write = (schema: Schema): string => {
    if (schema.type === 'union') return `[${schema.branches.map(write).join(',')}]`
    if (isNamed(schema)) return named(schema)
    const pairs = extras(schema).filter(([, text]) => text !== undefined)
    if (isPrimitive(schema) && pairs.length === 0) return JSON.stringify(schema.type)
    const inner: Pair[] = []
    if (schema.type === 'array') inner.push(['items', write(schema.items)])
    if (schema.type === 'map') inner.push(['values', write(schema.values)])
    return object([['type', JSON.stringify(schema.type)], ...inner, ...pairs])
  }

  const named = (schema: NamedSchema): string => {
    if (written.has(schema)) return JSON.stringify(branchName(schema))
    written.add(schema)
    const type = schema.type === 'record' && schema.isError ? 'error' : schema.type
    return object([
      ['type', JSON.stringify(type)],
      ['name', JSON.stringify(schema.fullName)],
      ['namespace', hasBareNames ? '""' : undefined],
      ['aliases', list(schema.aliases.map(alias => (alias.includes('.') ? alias : `.${alias}`)))],
      ['doc', doc(schema.doc)],
      ...body(schema),
      ...extras(schema),
    ])
  }

  const body = (schema: NamedSchema): readonly Pair[] => {
    if (schema.type === 'fixed') return [['size', String(schema.sizeBytes)]]
    if (schema.type === 'record') return [['fields', `[${schema.fields.map(field).join(',')}]`]]
    const fallback = schema.default === undefined ? undefined : JSON.stringify(schema.default)
    return [
      ['symbols', `[${schema.symbols.map(symbol => JSON.stringify(symbol)).join(',')}]`],
      ['default', fallback],
    ]
  }

  const field = (each: Field): string =>
    object([
      ['name', JSON.stringify(each.name)],
      ['type', write(each.type)],
      ['default', each.default?.text],
      ['aliases', list(each.aliases)],
      ['doc', doc(each.doc)],
      ['order', each.order === 'ascending' ? undefined : JSON.stringify(each.order)],
      ...(whole ? Object.entries(each.attributes).map(([key, value]): Pair => [key, JSON.stringify(value)]) : []),
    ])

  return write
}
