import avsc from 'avsc'
import type { RecordSchema } from '../avro/schema.ts'
import {
  type AvroField,
  type AvroType,
  type CopyOptions,
  type OpenResolver,
  type Reads,
  type ResolveOptions,
  refuse,
  type Tap,
  type TypeMethods,
  type TypeOptions,
} from './avsc.ts'
import { sameName } from './names.ts'

interface RecordParts {
  readonly name: string
  readonly fields: readonly AvroField[]
}

const RecordType = avsc.types.RecordType as unknown as new (definition: object, options: TypeOptions) => RecordParts

/** A key of an object literal; only this one would mean something else there. */
const literalKey = (name: string): string => (name === '__proto__' ? '["__proto__"]' : name)

/** Every object has these from its prototype, and must not seem to have fields of these names. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype))

const ownOrInherited = (value: Record<string, unknown>, name: string): unknown =>
  inherited.has(name) && !Object.hasOwn(value, name) ? undefined : value[name]

/** The same as text. */
const memberText = (name: string): string =>
  inherited.has(name) ? `(Object.hasOwn(value, '${name}') ? value.${name} : undefined)` : `value.${name}`

/** A function compiled from lines that use `values` by number as `v0`, `v1`, ... */
const compiled = <F>(takes: string, lines: readonly string[], values: readonly unknown[]): F =>
  new Function(...values.map((_, index) => `v${index}`), `return (${takes}) => {\n${lines.join('\n')}\n}`)(...values)

/** A value that is no record must not pass for one because all of its fields have defaults. */
const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !ArrayBuffer.isView(value)

/** avsc's records, made as plain objects, so that what is read equals what was written by any comparison. */
class PlainRecord extends RecordType {
  _createConstructor(): () => void {
    return () => {}
  }

  _createReader(): (tap: Tap) => unknown {
    const members = this.fields.map(({ name }, index) => `${literalKey(name)}: v${index}._read(tap)`)
    const types = this.fields.map(({ type }) => type)
    return compiled('tap', [`return { ${members.join(', ')} }`], types)
  }

  _createWriter(): (tap: Tap, value: unknown) => void {
    const values: unknown[] = [(value: unknown) => isRecord(value) || refuse('record')]
    const use = (value: unknown): string => `v${values.push(value) - 1}`
    const lines = this.fields.map(({ name, type, defaultValue }, index) => {
      const write = `${use(type)}._write(tap, f${index})`
      const read = `const f${index} = ${memberText(name)}`
      const fallback = defaultValue()
      if (fallback === undefined) return `${read}; ${write}`
      const bytes = type.toBuffer(fallback).toString('latin1')
      return `${read}; if (f${index} === undefined) tap.writeBinary(${use(bytes)}, ${bytes.length}); else ${write}`
    })
    return compiled('tap, value', ['v0(value)', ...lines], values)
  }

  _createChecker(): TypeMethods['_check'] {
    return (value, flags, hook, path) => {
      if (!isRecord(value)) {
        hook?.(value, this as unknown as AvroType)
        return false
      }
      const invalid = this.fields.filter(({ name, type, defaultValue }) => {
        const member = ownOrInherited(value, name)
        if (member === undefined && defaultValue() !== undefined) return false
        path?.push(name)
        const valid = type._check(member, flags, hook, path)
        path?.pop()
        return !valid
      })
      return invalid.length === 0
    }
  }

  _copy(value: unknown, options: CopyOptions): unknown {
    const source = (value !== null && typeof value === 'object' ? value : refuse('record')) as Record<string, unknown>
    const member = ({ name, type, defaultValue }: AvroField): unknown => {
      const own = Object.hasOwn(source, name) ? source[name] : undefined
      const fallback = own === undefined ? defaultValue() : undefined
      return fallback === undefined ? type._copy(own, options) : fallback
    }
    return Object.fromEntries(this.fields.map(field => [field.name, member(field)]))
  }

  _update(resolver: OpenResolver, writer: AvroType, options: ResolveOptions): void {
    if (writer.fields === undefined) return
    if (!sameName(this as unknown as AvroType, writer))
      throw new TypeError(`the record ${this.name} is not called ${writer.name} and has no such alias`)
    resolver._read = this.#resolving(writer.fields, options)
  }

  /** Reads the fields in the writer's order and puts them where the reader has them. */
  #resolving(written: readonly AvroField[], options: ResolveOptions): (tap: Tap) => unknown {
    const byName = new Map(written.map(field => [field.name, field]))
    const users = new Map<AvroField, number[]>(written.map(field => [field, []]))
    const values: unknown[] = []
    const use = (value: unknown): string => `v${values.push(value) - 1}`
    const reads: string[] = []
    const members = this.fields.map((field, index) => {
      const source = sourceOf(field, byName, this.name)
      if (source === undefined) return `${literalKey(field.name)}: ${use(field.defaultValue)}()`
      const resolver: Reads = field.type.createResolver(source.type, options)
      reads[index] = `const f${index} = ${use(resolver)}._read(tap)`
      users.get(source)!.push(index)
      return `${literalKey(field.name)}: f${index}`
    })
    const body = written.flatMap(field => {
      const [first, ...others] = users.get(field)!
      if (first === undefined) return [`${use(field.type)}._skip(tap)`]
      // By their aliases two fields may take one value: the second goes back to where the first began.
      const again = others.flatMap(other => [`tap.pos = p${first}`, reads[other]!])
      return [`const p${first} = tap.pos`, reads[first]!, ...again]
    })
    return compiled('tap', [...body, `return { ${members.join(', ')} }`], values)
  }
}

/** The writer's field that a reader's field takes its value from; undefined where its default stands in. */
const sourceOf = (field: AvroField, written: ReadonlyMap<string, AvroField>, record: string): AvroField | undefined => {
  const names = [...new Set([field.name, ...field.aliases])].filter(name => written.has(name))
  if (names.length > 1)
    throw new TypeError(
      `the field ${record}.${field.name} stands for ${names.join(' and ')} of the writer: which one is unclear`,
    )
  if (names.length === 0 && field.defaultValue() === undefined)
    throw new TypeError(`the field ${record}.${field.name} is missing in the writer's schema and has no default`)
  return written.get(names[0]!)
}

export const recordType = (
  schema: RecordSchema,
  definition: object,
  options: TypeOptions,
  defaults: boolean,
): AvroType => {
  // avsc takes the parsed schema of a field as it is, because our type hook knows it.
  const fields = schema.fields.map(({ name, type, default: fallback, aliases }) => ({
    name,
    type,
    aliases,
    ...(defaults && fallback && { default: exact(fallback.value, fallback.text) }),
  }))
  const type = schema.isError ? 'error' : 'record'
  return new PlainRecord({ type, fields, ...definition }, options) as unknown as AvroType
}

/** JSON numbers lose digits above 2^53, and a long as default may need them. */
const exact = (value: unknown, text: string): unknown =>
  typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text)
    ? BigInt(text)
    : value
