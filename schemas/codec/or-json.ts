import type { Codec, Format } from '../../topology/index.ts'
import type { Schema, UnionSchema } from '../avro/schema.ts'
import { CodecError } from './error.ts'
import { isFramed } from './frame.ts'
import { type LongMode, longModeOf, shapeOf, unionTags } from './shape.ts'

interface Origin {
  readonly schema: Schema
  readonly bytesMax: number
  readonly long: LongMode
}

/** What the formats of `avro` were made from. */
export const origins = new WeakMap<object, Origin>()

/**
 * The same format, which also reads values that are unframed JSON of the same shape, as programs write that know no
 * registry. Fields with a default may be missing; others that the schema does not know are passed over. It is always
 * Avro that is written.
 * @example const incoming = topic('apiMSG', { key: text, value: orJson(apiMessage) })
 */
export const orJson = <R, W>(format: Format<R, W>): Format<R, W> => {
  const origin = origins.get(format)
  if (origin === undefined)
    throw new TypeError(`${format.name} is no format of avro(). To fix: give orJson() one that is`)
  return {
    ...format,
    async open(place, registry) {
      const codec = await format.open(place, registry)
      if (place.part === 'key') return codec
      const prepare = codec.prepare?.bind(codec)
      return {
        encode: value => codec.encode(value),
        decode: bytes => (isFramed(bytes) ? codec.decode(bytes) : decodeJson(codec, origin, bytes, place)),
        ...(prepare && { prepare }),
      }
    },
  }
}

const fix = 'correct the program that wrote it'

const decodeJson = <R, W>(codec: Codec<R, W>, origin: Origin, bytes: Uint8Array, place: CodecError['place']): R => {
  const json = parsed(bytes, origin.bytesMax, place)
  try {
    // Writing it checks every field and names the wrong one; reading it back fills in what is missing.
    return codec.decode(codec.encode(fromJson(origin.schema, json, origin.long) as W))
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause
    throw new CodecError({ place, path: cause.path, problem: `in the JSON, ${cause.problem}`, fix, cause })
  }
}

const parsed = (bytes: Uint8Array, bytesMax: number, place: CodecError['place']): unknown => {
  if (bytes.length > bytesMax) {
    const problem = `${bytes.length} bytes are more than ${bytesMax} (bytesMax)`
    throw new CodecError({ place, offset: 0, problem, fix })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new CodecError({ place, offset: 0, problem: 'the bytes are neither framed Avro nor JSON', fix, cause })
  }
}

/** JSON knows neither bigints nor bytes: they stand as numbers and as text of one character a byte, as in Avro's defaults. */
const fromJson = (schema: Schema, json: unknown, long: LongMode): unknown => {
  switch (schema.type) {
    case 'long':
      return longModeOf(schema, long) === 'bigint' && Number.isSafeInteger(json) ? BigInt(json as number) : json
    case 'bytes':
    case 'fixed':
      return shapeOf(schema, long) === 'bytes' && typeof json === 'string' ? Buffer.from(json, 'latin1') : json
    case 'array':
      return Array.isArray(json) ? json.map(item => fromJson(schema.items, item, long)) : json
    case 'map':
      return isObject(json) ? mapped(json, each => fromJson(schema.values, each, long)) : json
    case 'record': {
      const types = new Map(schema.fields.map(({ name, type }) => [name, type]))
      return isObject(json)
        ? mapped(json, (each, key) => (types.has(key) ? fromJson(types.get(key)!, each, long) : each))
        : json
    }
    case 'union':
      return branchOf(schema, json, long)
    default:
      return json
  }
}

const isObject = (json: unknown): json is Record<string, unknown> =>
  json !== null && typeof json === 'object' && !Array.isArray(json)

const mapped = (object: Record<string, unknown>, change: (value: unknown, key: string) => unknown): unknown =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]))

const branchOf = (union: UnionSchema, json: unknown, long: LongMode): unknown => {
  const tags = unionTags(union, long)
  if (tags !== undefined) {
    const branch = isObject(json) ? union.branches[tags.indexOf(json.type as string)] : undefined
    return branch ? { ...(json as object), value: fromJson(branch, (json as { value?: unknown }).value, long) } : json
  }
  // Each branch looks different in JavaScript, and in JSON too but for what JSON lacks: text may be bytes, numbers longs.
  const shapes = union.branches.map(branch => shapeOf(branch as Exclude<Schema, UnionSchema>, long))
  const pick = (...wanted: readonly string[]) =>
    union.branches[wanted.map(shape => shapes.indexOf(shape as never)).find(index => index >= 0) ?? -1]
  const kinds: Readonly<Record<string, readonly string[]>> = {
    string: ['text', 'bytes'],
    number: Number.isSafeInteger(json) ? ['bigint', 'number'] : ['number'],
    object: [Array.isArray(json) ? 'list' : 'object'],
  }
  const branch = json === null ? undefined : pick(...(kinds[typeof json] ?? []))
  return branch === undefined ? json : fromJson(branch, json, long)
}
