import type { Codec, Format, Place, Registry } from '../../topology/index.ts'
import { parseSchema } from '../avro/parse.ts'
import { branchName } from '../avro/schema.ts'
import { fingerprintOf, schemaText } from '../avro/write.ts'
import { RegistryError } from '../registry/registry-error.ts'
import type { AvroType } from './avsc.ts'
import { compile } from './compile.ts'
import { FramedCodec } from './framed.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { origins } from './or-json.ts'
import type { LongMode } from './shape.ts'
import { type SubjectNaming, subjectOf } from './subject.ts'
import { UnframedCodec } from './unframed.ts'
import { writersOf } from './writers.ts'

/**
 * How a format of Avro differs from the usual one.
 * @example const options: AvroOptions = { long: 'number', limits: { bytesMax: 64_000 } }
 */
export interface AvroOptions {
  /** How a `long` stands in JavaScript: a bigint, or a number that is refused beyond 2^53. `bigint` unless set. */
  readonly long?: LongMode | undefined
  /** `TopicName` unless set. */
  readonly subject?: SubjectNaming | undefined
  /** Keys that begin with a schema id, as other programs write them, are read too. Keys are never written so. */
  readonly framedKeys?: boolean | undefined
  readonly limits?: Partial<Limits> | undefined
}

/** Enough to tell the versions of one type apart. */
const fingerprintDigits = 8

/**
 * Avro by a schema, given as the text of an .avsc file or as its JSON. Values carry the id of their schema and are read
 * through this one, whatever they were written with; keys are bare Avro, because an id in a key would move it to another
 * partition.
 * @example const ticket = avro<Ticket, TicketInput>(readFileSync('ticket.avsc', 'utf8'))
 */
export const avro = <R, W = R>(schema: string | object, options: AvroOptions = {}): Format<R, W> => {
  const parsed = parseSchema(typeof schema === 'string' ? schema : JSON.stringify(schema))
  const long = options.long ?? 'bigint'
  const limits = { ...defaultLimits, ...options.limits }
  let compiled: AvroType | undefined
  const open = async (place: Place, registry: Registry | undefined): Promise<Codec<R, W>> => {
    compiled ??= compile(parsed, long)
    const parts = { place, schema: parsed, type: compiled, limits }
    if (place.part === 'key' && !options.framedKeys) return new UnframedCodec<R, W>(parts)
    if (registry === undefined) throw new Error(noRegistry(place))
    const writers = writersOf(registry, long)
    if (place.part === 'key') return new UnframedCodec<R, W>(parts, writers)
    const subject = subjectOf(options.subject ?? 'TopicName', place, parsed)
    const text = schemaText(parsed)
    const id = await (place.use === 'read' ? idIfThere(registry, subject, text) : registry.idOf(subject, text))
    return new FramedCodec<R, W>(parts, writers, id)
  }
  // Values carry the id of their schema, so each version reads what the others wrote, where the schemas allow it.
  const family = `avro ${branchName(parsed)}`
  const format = { name: `${family} ${fingerprintOf(parsed).slice(0, fingerprintDigits)}`, family, open }
  origins.set(format, { schema: parsed, long, bytesMax: limits.bytesMax })
  return format
}

/** Whoever only reads needs no id: the records bring those of their writers. */
const idIfThere = async (registry: Registry, subject: string, text: string): Promise<number | undefined> => {
  try {
    return await registry.idOf(subject, text)
  } catch (error) {
    if (error instanceof RegistryError && ['unregistered', 'incompatible', 'refused'].includes(error.reason)) return
    throw error
  }
}

const noRegistry = ({ topic, part }: Place): string =>
  `the ${part} of ${topic} is framed Avro, which needs a schema registry, and the runner has none. To fix: give it one`
