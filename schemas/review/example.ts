// Proof by the real codec: a value, written with one schema and read with the other.
import type { Direction } from '../avro/compat.ts'
import type { Field, RecordSchema, Schema } from '../avro/schema.ts'
import { normalForm } from '../avro/write.ts'
import type { AvroType } from '../codec/avsc.ts'
import { beginDatum } from '../codec/budget.ts'
import { compile, compileWriter } from '../codec/compile.ts'
import { defaultLimits } from '../codec/limits.ts'
import type { Change } from './compare/change.ts'
import type { Example } from './finding.ts'
import { sampleOf, shownValue } from './sample.ts'

const limits = { bytesMax: 4_096 } as const

/** A record that shows a change, or undefined where none can be made. */
export const exampleOf = (change: Change): Example | undefined => {
  if (change.direction === 'none' || change.axis[0] === 'SOURCE' || change.axis[0] === 'STATE') return undefined
  const direction: Direction = change.direction === 'forward' ? 'forward' : 'backward'
  const { holds } = change.shows
  const { old, new: next } = trimmed(change.shows)
  const [writer, reader] = direction === 'backward' ? [old, next] : [next, old]
  try {
    const value = sampleOf(writer, holds)
    if (value === undefined) return undefined
    const bytes = encode(writerType(writer), value)
    if (bytes === undefined) return undefined
    const written = direction === 'backward' ? { oldValue: shownValue(value) } : { newValue: shownValue(value) }
    return { bytes: bytes.toString('hex'), direction, ...written, ...outcome(change, reader, writer, bytes, direction) }
  } catch {
    // A schema that the codec cannot open has no example; why not is a finding of its own.
    return undefined
  }
}

/** Records with the fields that a change is about and those that did not change. */
const trimmed = ({ old, new: next, holds }: Change['shows']): { readonly old: Schema; readonly new: Schema } => {
  const names = holds?.fields
  if (names === undefined || old.type !== 'record' || next.type !== 'record') return { old, new: next }
  const unchanged = (field: Field, other: RecordSchema) => {
    const partner = other.fields.find(({ name }) => name === field.name)
    return partner !== undefined && normalForm(partner.type) === normalForm(field.type)
  }
  const keep = (record: RecordSchema, other: RecordSchema): RecordSchema => ({
    ...record,
    fields: record.fields.filter(field => names.includes(field.name) || unchanged(field, other)),
  })
  return { old: keep(old, next), new: keep(next, old) }
}

/** Several findings are often about one pair. */
const remembered = (make: (schema: Schema) => AvroType): ((schema: Schema) => AvroType) => {
  const known = new WeakMap<Schema, AvroType>()
  return schema => {
    const type = known.get(schema) ?? make(schema)
    known.set(schema, type)
    return type
  }
}
const readerType = remembered(schema => compile(schema, 'bigint'))
const writerType = remembered(schema => compileWriter(schema, 'bigint'))

const encode = (type: AvroType, value: unknown): Buffer | undefined => {
  const into = Buffer.alloc(limits.bytesMax)
  beginDatum(defaultLimits)
  const end = type.encode(value, into, 0)
  return end < 0 ? undefined : into.subarray(0, end)
}

const outcome = (
  change: Change,
  reader: Schema,
  writer: Schema,
  bytes: Buffer,
  direction: Direction,
): Partial<Example> => {
  // The same bytes under both schemas: what a reader sees that does not compare logical types, such as Java's.
  const compares = change.code !== 'AV301' && change.code !== 'AV302'
  try {
    const type = readerType(reader)
    const resolver = compares ? type.createResolver(writerType(writer), { ignoreNamespaces: true }) : undefined
    beginDatum(defaultLimits)
    const { value } = type.decode(bytes, 0, resolver)
    return direction === 'backward' ? { newValue: shownValue(value) } : { oldValue: shownValue(value) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}
