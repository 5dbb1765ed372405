import type { NamedSchema, RecordSchema, Schema } from '../avro/schema.ts'
import { schemaText } from '../avro/write.ts'
import type { LongMode } from '../codec/shape.ts'
import { fieldDoc, typeDoc } from './doc-text.ts'
import type { Entry, Module } from './layout.ts'
import { typeNames } from './names.ts'
import { branchTexts, hasDefaults, type Scope, type Side, structureText, typeText } from './type-text.ts'

export interface EmitOptions {
  /** The module that the files import `avro` and its types from, as the files name it. */
  readonly door: string
  readonly long: LongMode
}

export const headLine = '// Made by `franz schemas generate`: change the schema and run it again.'

/** The text of one file. `modules` are all that are emitted together, which may refer to each other. */
export const moduleText = (module: Module, modules: readonly Module[], options: EmitOptions): string => {
  const scope = new ModuleScope(module, modules, options.long)
  const bodies = module.entries.map(entry => entryText(entry, scope, options))
  const sources = module.sources.map(source => `// From ${source}\n`).join('')
  return `${headLine}\n${sources}${scope.imports(options.door)}\n${bodies.join('\n')}`
}

/** Knows the names of this file and of the others, and remembers what has to be imported. */
class ModuleScope implements Scope {
  readonly long: LongMode
  readonly #homes = new Map<NamedSchema, { readonly module: Module; readonly entry: Entry }>()
  readonly #module: Module
  readonly #aliases = new Map<Module, string>()
  readonly #own = new Set<string>()

  constructor(module: Module, modules: readonly Module[], long: LongMode) {
    this.long = long
    this.#module = module
    const taken = typeNames()
    for (const { name, input } of module.entries) for (const each of new Set([name, input])) taken.claim(each)
    for (const other of modules) {
      for (const entry of other.entries) this.#homes.set(entry.schema as NamedSchema, { module: other, entry })
      this.#aliases.set(other, taken.claim((other.namespace || 'global').replaceAll('.', '_')))
    }
  }

  readonly #used = new Set<Module>()

  typeOf(schema: NamedSchema, side: Side): string {
    const { module, entry } = this.#homes.get(schema)!
    const name = side === 'read' ? entry.name : entry.input
    if (module === this.#module) return name
    this.#used.add(module)
    return `${this.#aliases.get(module)}.${name}`
  }

  own(name: 'Decimal' | 'Uuid'): string {
    this.#own.add(name)
    return name
  }

  imports(door: string): string {
    const formatted = this.#module.entries.some(({ format }) => format !== undefined)
    const names = [...(formatted ? ['Format'] : []), ...this.#own].sort()
    const own = formatted
      ? `import { ${['avro', ...names.map(name => `type ${name}`)].join(', ')} } from ${quoted(door)}\n`
      : names.length > 0 && `import type { ${names.join(', ')} } from ${quoted(door)}\n`
    const others = [...this.#used].map(
      module => `import type * as ${this.#aliases.get(module)} from './${module.path}'\n`,
    )
    return `${own || ''}${others.sort().join('')}`
  }
}

const entryText = (entry: Entry, scope: ModuleScope, options: EmitOptions): string =>
  [...typeTexts(entry, scope), ...symbolsTexts(entry), ...formatTexts(entry, options)].join('\n')

const typeTexts = (entry: Entry, scope: ModuleScope): readonly string[] => {
  const { schema, name, input } = entry
  if (schema.type === 'record') return recordTexts(schema, entry, scope)
  const read = `${typeDoc(schema)}${aliasText(name, schema, 'read', scope)}`
  if (input === name) return [read]
  return [read, hasDefaults(schema) ? aliasText(input, schema, 'write', scope) : `export type ${input} = ${name}\n`]
}

const lineCharsMax = 120

const aliasText = (name: string, schema: Exclude<Schema, RecordSchema>, side: Side, scope: ModuleScope): string => {
  const line = `export type ${name} = ${structureText(schema, side, scope)}\n`
  if (schema.type !== 'union' || line.length <= lineCharsMax) return line
  return `export type ${name} =\n${branchTexts(schema, side, scope)
    .map(branch => `  | ${branch}\n`)
    .join('')}`
}

const symbolsTexts = ({ schema, name, symbols }: Entry): readonly string[] => {
  if (schema.type !== 'enum') return []
  return [`export const ${symbols}: readonly ${name}[] = [${schema.symbols.map(quoted).join(', ')}]\n`]
}

const recordTexts = (record: RecordSchema, { name, input }: Entry, scope: ModuleScope): readonly string[] => {
  const doc = typeDoc(record)
  const same = `export type ${input} = ${name}\n`
  // An interface without members would take anything.
  if (record.fields.length === 0) return [`${doc}export type ${name} = Readonly<Record<string, never>>\n`, same]
  const declared = (as: string, side: Side): string =>
    `${doc}export interface ${as} {\n${record.fields.map(field => fieldText(field, side, scope)).join('')}}\n`
  return [declared(name, 'read'), hasDefaults(record) ? declared(input, 'write') : same]
}

const fieldText = (field: RecordSchema['fields'][number], side: Side, scope: ModuleScope): string => {
  const type = typeText(field.type, side, scope)
  const optional = side === 'write' && field.default !== undefined
  return `${fieldDoc(field)}  readonly ${field.name}${optional ? `?: ${type} | undefined` : `: ${type}`}\n`
}

const formatTexts = ({ schema, name, input, format }: Entry, { long }: EmitOptions): readonly string[] => {
  if (format === undefined) return []
  const types = name === input ? name : `${name}, ${input}`
  const options = long === 'number' ? `,\n  { long: 'number' }` : ''
  return [`export const ${format}: Format<${types}> = avro<${types}>(\n  ${quoted(schemaText(schema))}${options},\n)\n`]
}

const quoted = (text: string): string =>
  `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029')}'`
