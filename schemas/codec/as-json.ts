import type { Codec, Registry } from '../../topology/index.ts'
import type { OpenRegistry } from '../registry/contract.ts'
import { avro } from './avro.ts'
import { idOf, isFramed } from './frame.ts'
import { orJson } from './or-json.ts'

/**
 * Values of topics as JSON, by the schemas of a registry.
 * @example const shown = (values: JsonValues, bytes: Uint8Array) => values.read('tickets', bytes)
 */
export interface JsonValues {
  /** The text of a framed value, by the schema that it names; undefined when it is not framed, or with an id that nobody knows. */
  read(topic: string, bytes: Uint8Array): Promise<string | undefined>
  /**
   * The framed bytes of a JSON text, by the newest schema of the topic's values; undefined when there is none. Throws a
   * CodecError that names the field which does not fit.
   */
  write(topic: string, json: string): Promise<Uint8Array | undefined>
}

/**
 * Shows and makes Avro records without a declared type, as a command does that knows a topic by its name alone.
 * @example
 * const values = jsonValues(registry)
 * console.log(await values.read('tickets', record.value))
 * const bytes = await values.write('tickets', '{"subject":"Fire"}')
 */
export const jsonValues = (registry: OpenRegistry): JsonValues => {
  const opened = new Map<string, Promise<Codec<unknown>>>()
  const newestOf = new Map<string, ReturnType<OpenRegistry['versions']>>()
  const open = (topic: string, id: number, schema: string): Promise<Codec<unknown>> => {
    const fixed: Registry = { idOf: async () => id, schemaOf: asked => registry.schemaOf(asked) }
    const known = opened.get(`${topic}/${id}`)
    const codec = known ?? Promise.resolve(orJson(avro<unknown>(schema)).open({ topic, part: 'value' }, fixed))
    opened.set(`${topic}/${id}`, codec)
    return codec
  }
  return {
    async read(topic, bytes) {
      if (!isFramed(bytes)) return undefined
      const schema = await registry.schemaOf(idOf(bytes))
      if (schema === undefined) return undefined
      const codec = await open(topic, idOf(bytes), schema)
      return JSON.stringify(codec.decode(bytes), plain)
    },
    async write(topic, json) {
      const versions = newestOf.get(topic) ?? registry.versions(`${topic}-value`)
      newestOf.set(topic, versions)
      const newest = (await versions).at(-1)
      if (newest === undefined) return undefined
      const codec = await open(topic, newest.id, newest.schema)
      return codec.encode(codec.decode(Buffer.from(json)))
    },
  }
}

/** What JSON lacks: whole numbers that it could not hold exactly stand as text, bytes as one character each. */
function plain(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  // A Buffer has been turned into something else by the time that it comes here.
  const itself = this[key]
  if (itself instanceof Uint8Array) return Buffer.from(itself).toString('latin1')
  if (typeof value !== 'bigint') return value
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
}
