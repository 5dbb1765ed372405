// The part of avsc that its own typings leave out: what a type must offer to stand inside another type. Everything
// that leans on it goes through this file.
import avsc from 'avsc'
import type { LogicalType } from '../avro/schema.ts'

/** A cursor over bytes. It never fails at the end: reads give nothing, writes are lost, `pos` goes on. */
export interface Tap {
  buf: Buffer
  pos: number
  readFloat(): number
  readDouble(): number
  readString(): string
  skipString(): void
  skipLong(): void
  writeLong(value: number): void
  writeFloat(value: number): void
  writeString(value: string): void
  writeFixed(bytes: Uint8Array, length: number): void
}

export interface Reads {
  _read(tap: Tap): unknown
}

export type Hook = (value: unknown, type: AvroType) => void

export interface ResolveOptions {
  /** Resolvers of records made so far, by both names: that is how avsc ends a recursion. */
  registry?: Record<string, Reads>
}

/** avsc's own `Resolver` while it is being made. */
export interface OpenResolver extends Reads {
  symbols?: readonly string[]
}

/** `coerce: 2` reads a default from JSON, no options make a copy. */
export type CopyOptions = { readonly coerce?: number } | undefined

/** How values of one type are read, written and checked. */
export interface TypeMethods extends Reads {
  _skip(tap: Tap): void
  _write(tap: Tap, value: unknown): void
  _check(value: unknown, flags?: number, hook?: Hook, path?: string[]): boolean
  _copy(value: unknown, options?: CopyOptions): unknown
  _update(resolver: OpenResolver, writer: AvroType, options: ResolveOptions): void
}

export interface AvroField {
  readonly name: string
  readonly type: AvroType
  readonly aliases: readonly string[]
  defaultValue(): unknown
}

export interface AvroType extends TypeMethods {
  readonly typeName: string
  readonly name?: string
  readonly logical?: LogicalType
  readonly fields?: readonly AvroField[]
  readonly types?: readonly AvroType[]
  readonly itemsType?: AvroType
  readonly valuesType?: AvroType
  /** Of arrays and maps: the fewest bytes that one item takes. */
  readonly itemBytesMin?: number
  /** Names are compared by our own types, which pass over namespaces: `options` begin empty. */
  createResolver(writer: AvroType, options: object): Reads
  decode(bytes: Buffer, at: number, resolver?: Reads): { readonly value: unknown; readonly offset: number }
  encode(value: unknown, into: Buffer, at: number): number
  toBuffer(value: unknown): Buffer
  isValid(value: unknown, options: { errorHook(path: string[], value: unknown, type: AvroType): void }): boolean
}

export type TypeOptions = { readonly registry: Record<string, AvroType>; typeHook(schema: unknown): AvroType }

/** A type of avsc with only its base made: a name where `definition` has one, and the methods of `like` to replace. */
export const bareType = <const Own extends object>(
  like: keyof typeof avsc.types,
  definition: object | undefined,
  options: TypeOptions | undefined,
  own: Own,
): AvroType & Own =>
  Object.assign(Reflect.construct(avsc.Type, [definition, options], avsc.types[like]) as AvroType, own)

/** avsc keeps its cursor to itself, so it is taken from a read that does nothing else. */
const tapClass = (): (new (bytes: Buffer, at: number) => Tap) => {
  let found: unknown
  const probe = bareType('NullType', undefined, undefined, {
    _read(tap: Tap): null {
      found = tap.constructor
      return null
    },
  })
  probe.decode(Buffer.alloc(0), 0)
  return found as ReturnType<typeof tapClass>
}
const OwnTap = tapClass()

export const tapOn = (bytes: Buffer, at: number): Tap => new OwnTap(bytes, at)

/** Throws what avsc throws on a value that is none of the type; the codec finds the field and words the error. */
export const refuse = (type: string): never => {
  throw new TypeError(`not a value of type ${type}`)
}
