import type { UnionSchema } from '../avro/schema.ts'
import {
  type AvroType,
  bareType,
  type CopyOptions,
  type Hook,
  type OpenResolver,
  type Reads,
  type ResolveOptions,
  refuse,
  type Tap,
} from './avsc.ts'
import { enter, leave } from './budget.ts'
import { Fault } from './fault.ts'
import { type LongMode, type Shape, shapeOf, unionTags } from './shape.ts'
import { readCount } from './varint.ts'

type Tagged = { readonly type: string; readonly value: unknown }

const shapeOfValue = (value: unknown): Shape | undefined => {
  switch (typeof value) {
    case 'string':
      return 'text'
    case 'number':
    case 'bigint':
    case 'boolean':
      return typeof value as Shape
    case 'object':
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'list'
      return value instanceof Uint8Array ? 'bytes' : 'object'
    default:
      return undefined
  }
}

const branchAt = <B>(tap: Tap, branches: readonly B[]): B => {
  const at = tap.pos
  const branch = branches[readCount(tap)]
  if (branch === undefined) throw new Fault(at, `the union has only ${branches.length} branches`)
  return branch
}

/** Most unions are something or null, so two branches have a way of their own. */
const readUnion = (branches: readonly Reads['_read'][]): Reads['_read'] => {
  const [first, second] = branches
  if (branches.length !== 2) return tap => branchAt(tap, branches)(tap)
  return tap => {
    const byte = tap.buf[tap.pos]
    if (byte !== 0 && byte !== 2) return branchAt(tap, branches)(tap)
    tap.pos++
    return byte === 0 ? first!(tap) : second!(tap)
  }
}

const nests = (type: AvroType): boolean => ['record', 'error', 'array', 'map'].includes(type.typeName)

/** A branch as the union reads it: with its tag, and a level deeper where it holds other types. */
const reading = (type: AvroType, reads: Reads, tag: string | undefined): Reads['_read'] => {
  if (type.typeName === 'null') return () => null
  const plain: Reads['_read'] =
    tag === undefined ? tap => reads._read(tap) : tap => ({ type: tag, value: reads._read(tap) })
  if (!nests(type)) return plain
  return tap => {
    enter(tap.pos)
    const value = plain(tap)
    leave()
    return value
  }
}

/** The index of the branch that a value belongs to, or undefined. */
type Choose = (value: unknown) => number | undefined

const chooser = (union: UnionSchema, long: LongMode, tags: readonly string[] | undefined): Choose => {
  const shapes = union.branches.map(branch => shapeOf(branch as never, long))
  if (tags === undefined) {
    const byShape = new Map<Shape | undefined, number>(shapes.map((shape, index) => [shape, index]))
    return value => byShape.get(shapeOfValue(value))
  }
  const byTag = new Map<unknown, number>(tags.map((tag, index) => [tag, index]))
  const nullIndex = shapes.indexOf('null')
  return value => {
    if (value === null) return nullIndex < 0 ? undefined : nullIndex
    return typeof value === 'object' ? byTag.get((value as Tagged).type) : undefined
  }
}

const isSame = (reader: AvroType, writer: AvroType): boolean =>
  reader.typeName === writer.typeName && reader.name === writer.name

export const unionType = (schema: UnionSchema, types: readonly AvroType[], long: LongMode): AvroType => {
  const tags = unionTags(schema, long)
  const choose = chooser(schema, long, tags)
  const reads = types.map((type, index) => reading(type, type, tags?.[index]))
  const inner = (value: unknown): unknown => (tags === undefined || value === null ? value : (value as Tagged).value)
  return bareType('UnwrappedUnionType', undefined, undefined, {
    types,
    ...(tags && { tags }),
    _read: readUnion(reads),
    _skip(tap: Tap): void {
      enter(tap.pos)
      branchAt(tap, types)._skip(tap)
      leave()
    },
    _check(this: AvroType, value: unknown, flags?: number, hook?: Hook, path?: string[]): boolean {
      const index = choose(value)
      if (index === undefined) {
        hook?.(value, this)
        return false
      }
      return types[index]!._check(inner(value), flags, hook, path)
    },
    _write(tap: Tap, value: unknown): void {
      const index = choose(value) ?? refuse('union')
      tap.writeLong(index)
      const type = types[index]!
      if (!nests(type)) type._write(tap, inner(value))
      else {
        enter(0)
        type._write(tap, inner(value))
        leave()
      }
    },
    _copy(value: unknown, options?: CopyOptions): unknown {
      if (options?.coerce !== 2) {
        const index = choose(value) ?? refuse('union')
        const copy = types[index]!._copy(inner(value), options)
        return tags === undefined || value === null ? copy : { type: tags[index], value: copy }
      }
      // A default from JSON carries no name of its branch: it belongs to the first that takes it.
      for (const [index, type] of types.entries()) {
        const copy = attempt(() => ({ value: type._copy(value, options) }))
        if (copy)
          return tags === undefined || copy.value === null ? copy.value : { type: tags[index], value: copy.value }
      }
      return refuse('union')
    },
    _update(resolver: OpenResolver, writer: AvroType, options: ResolveOptions): void {
      const first = types.findIndex(type => isSame(type, writer))
      const order = [...types.keys()].sort((a, b) => Number(b === first) - Number(a === first) || a - b)
      for (const index of order) {
        const found = resolverOf(types[index]!, writer, options)
        if (found === undefined) continue
        resolver._read = reading(types[index]!, found, tags?.[index])
        return
      }
    },
  })
}

/** An attempt that fails must leave nothing behind: avsc remembers half-made resolvers of records for later uses. */
const resolverOf = (reader: AvroType, writer: AvroType, options: ResolveOptions): Reads | undefined => {
  const before = { ...options.registry }
  const found = attempt(() => reader.createResolver(writer, options))
  if (found === undefined) options.registry = before
  return found
}

const attempt = <T>(make: () => T): T | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}
