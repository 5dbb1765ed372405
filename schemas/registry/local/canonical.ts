import type { Json } from '../../avro/json.ts'
import { type Field, isNamed, type NamedSchema, type Schema } from '../../avro/schema.ts'

// The two ways in which a registry writes a schema's text. Both leave out what only formats it, so that one schema has one
// text and thereby one id. Attribute order is Apache Avro's, since other registries hand out such texts too.

type Pair = readonly [key: string, text: string | undefined]

const object = (pairs: readonly Pair[]): string =>
  `{${pairs.flatMap(([key, text]) => (text === undefined ? [] : [`${JSON.stringify(key)}:${text}`])).join(',')}}`

const names = (list: readonly string[]): string | undefined => (list.length === 0 ? undefined : JSON.stringify(list))

const text = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : JSON.stringify(value)

/** Attributes that Avro gives no meaning to are part of a schema's identity. */
const extras = (attributes: Readonly<Record<string, Json>>): readonly Pair[] =>
  Object.entries(attributes).map(([key, value]) => [key, JSON.stringify(value)])

const sortedJson = (value: Json): string => {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  return object(sorted(Object.entries(value)).map(([key, inner]) => [key, sortedJson(inner)]))
}

const sorted = <V>(entries: readonly (readonly [string, V])[]): readonly (readonly [string, V])[] =>
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1))

/**
 * The text under which a schema is stored: as declared, without the formatting. Types in `external` stand in another
 * subject and appear by their names only.
 */
export const storedText = (schema: Schema, external: Iterable<Schema> = []): string => {
  const written = new Set<Schema>(external)

  const write = (each: Schema, space: string): string => {
    if (each.type === 'union') return `[${each.branches.map(branch => write(branch, space)).join(',')}]`
    if (isNamed(each)) return named(each, space)
    const inner: Pair[] = []
    if (each.type === 'array') inner.push(['items', write(each.items, space)])
    if (each.type === 'map') inner.push(['values', write(each.values, space)])
    const pairs = [...inner, ...extras(each.attributes)]
    return pairs.length === 0 ? JSON.stringify(each.type) : object([['type', JSON.stringify(each.type)], ...pairs])
  }

  const named = (each: NamedSchema, space: string): string => {
    if (written.has(each)) return JSON.stringify(relativeName(each, space))
    written.add(each)
    const type = each.type === 'record' && each.isError ? 'error' : each.type
    return object([
      ['type', JSON.stringify(type)],
      ['name', JSON.stringify(each.name)],
      ['namespace', each.namespace === space ? undefined : JSON.stringify(each.namespace)],
      ['doc', text(each.doc)],
      ...body(each),
      ...extras(each.attributes),
      ['aliases', names(each.aliases.map(alias => relativeAlias(alias, each.namespace)))],
    ])
  }

  const body = (each: NamedSchema): readonly Pair[] => {
    if (each.type === 'fixed') return [['size', String(each.sizeBytes)]]
    if (each.type === 'enum') {
      return [
        ['symbols', JSON.stringify(each.symbols)],
        ['default', text(each.default)],
      ]
    }
    return [['fields', `[${each.fields.map(one => field(one, each.namespace)).join(',')}]`]]
  }

  const field = (each: Field, space: string): string =>
    object([
      ['name', JSON.stringify(each.name)],
      ['type', write(each.type, space)],
      ['doc', text(each.doc)],
      ['default', each.default?.text],
      ['order', each.order === 'ascending' ? undefined : JSON.stringify(each.order)],
      ['aliases', names(each.aliases)],
      ...extras(each.attributes),
    ])

  return write(schema, '')
}

/** A type without a namespace is named bare even inside one, as Apache Avro does, which looks there too. */
const relativeName = (each: NamedSchema, space: string): string =>
  each.namespace === space ? each.name : each.fullName

const relativeAlias = (alias: string, space: string): string => {
  const dot = alias.lastIndexOf('.')
  if (dot < 0) return space === '' ? alias : `.${alias}`
  return alias.slice(0, dot) === space ? alias.slice(dot + 1) : alias
}

/** The text with `normalize=true`: full names, everything unordered sorted, so that more ways of writing are one schema. */
export const normalText = (schema: Schema, external: Iterable<Schema> = []): string => {
  const written = new Set<Schema>(external)
  const rest = (attributes: Readonly<Record<string, Json>>): readonly Pair[] =>
    sorted(Object.entries(attributes)).map(([key, value]) => [key, sortedJson(value)])

  const write = (each: Schema, space: string): string => {
    if (each.type === 'union') return `[${each.branches.map(branch => write(branch, space)).join(',')}]`
    if (isNamed(each)) return named(each, space)
    const inner: Pair[] = []
    if (each.type === 'array') inner.push(['items', write(each.items, space)])
    if (each.type === 'map') inner.push(['values', write(each.values, space)])
    const pairs = [...inner, ...rest(each.attributes)]
    return pairs.length === 0 ? JSON.stringify(each.type) : object([['type', JSON.stringify(each.type)], ...pairs])
  }

  const named = (each: NamedSchema, space: string): string => {
    if (written.has(each)) return JSON.stringify(each.fullName)
    written.add(each)
    const type = each.type === 'record' && each.isError ? 'error' : each.type
    return object([
      ['name', JSON.stringify(each.fullName)],
      // A name without a dot would take the namespace around it.
      ['namespace', each.namespace === '' && space !== '' ? '""' : undefined],
      ['type', JSON.stringify(type)],
      ...body(each),
      ['doc', text(each.doc === '' ? undefined : each.doc)],
      ['aliases', names([...each.aliases].sort())],
      ['default', each.type === 'enum' ? text(each.default) : undefined],
      ...rest(each.attributes),
    ])
  }

  const body = (each: NamedSchema): readonly Pair[] => {
    if (each.type === 'fixed') return [['size', String(each.sizeBytes)]]
    if (each.type === 'enum') return [['symbols', JSON.stringify(each.symbols)]]
    return [['fields', `[${each.fields.map(one => field(one, each.namespace)).join(',')}]`]]
  }

  const field = (each: Field, space: string): string =>
    object([
      ['name', JSON.stringify(each.name)],
      ['type', write(each.type, space)],
      ['order', JSON.stringify(each.order)],
      ['doc', text(each.doc)],
      ['aliases', names([...each.aliases].sort())],
      ['default', each.default === undefined ? undefined : defaultText(each)],
      ...rest(each.attributes),
    ])

  return write(schema, '')
}

/** The default as written when it is a plain value: a long keeps every digit. */
const defaultText = ({ default: value }: Field): string =>
  value!.value !== null && typeof value!.value === 'object' ? sortedJson(value!.value) : value!.text
