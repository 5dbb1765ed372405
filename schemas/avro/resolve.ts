// How Apache Avro 1.12 decides whether a reader's schema reads what a writer's schema wrote, with the reasons.
// The verdict follows its memory of pairs too: a pair under way counts as compatible, and what was decided while it
// was under way stays decided. On some recursive schemas that memory, not the rules alone, makes the answer.
import {
  branchName,
  type EnumSchema,
  type Field,
  type FixedSchema,
  type NamedSchema,
  type RecordSchema,
  type Schema,
  type UnionSchema,
} from './schema.ts'

export type IncompatibilityKind =
  | 'name'
  | 'fixed-size'
  | 'enum-symbols'
  | 'missing-default'
  | 'type'
  | 'missing-branch'
  | 'ambiguous-alias'

/** One reason why a reader cannot read what a writer wrote. */
export interface Incompatibility {
  readonly kind: IncompatibilityKind
  readonly reader: Schema
  readonly writer: Schema
  /** The reader's field that is meant, for `missing-default` and `ambiguous-alias`. */
  readonly field: Field | undefined
  /** The writer's symbols that the reader lacks, for `enum-symbols`. */
  readonly symbols: readonly string[]
  /** A path through the reader's schema, such as `/fields/0/type/items`. */
  readonly path: string
  readonly message: string
  /** For a branch of a union: why each branch of the reader that might have been meant does not fit. */
  readonly causes: readonly Incompatibility[]
}

const decidedPairs = new WeakMap<Schema, WeakMap<Schema, readonly Incompatibility[]>>()

/** Every reason why data of the writer may not be readable; none when Apache Avro calls the pair compatible. */
export const incompatibilities = (reader: Schema, writer: Schema): readonly Incompatibility[] => {
  const writers = decidedPairs.get(reader) ?? new WeakMap<Schema, readonly Incompatibility[]>()
  decidedPairs.set(reader, writers)
  const reasons = writers.get(writer) ?? decided(reader, writer)
  writers.set(writer, reasons)
  return reasons
}

const decided = (reader: Schema, writer: Schema): readonly Incompatibility[] => {
  const check = new Check()
  const reasons = gather([check.pair(reader, writer, '')])
  // Apache Avro throws on an ambiguous alias wherever it stands, so a branch that fits does not excuse it.
  return [...new Set([...check.ambiguous, ...reasons])]
}

/** What was decided of a pair. Pairs share their parts, so reasons are gathered once, at the end. */
interface Verdict {
  readonly ok: boolean
  readonly own: readonly Incompatibility[]
  readonly parts: readonly Verdict[]
}
const fine: Verdict = { ok: true, own: [], parts: [] }

const verdict = (own: readonly Incompatibility[], parts: readonly Verdict[] = []): Verdict => {
  const failed = parts.filter(part => !part.ok)
  return own.length === 0 && failed.length === 0 ? fine : { ok: false, own, parts: failed }
}

const gather = (verdicts: readonly Verdict[]): readonly Incompatibility[] => {
  const seen = new Set<Verdict>(verdicts)
  for (const each of seen) for (const part of each.parts) seen.add(part)
  return [...seen].flatMap(each => each.own)
}

class Check {
  readonly ambiguous: Incompatibility[] = []
  /** Pairs are pairs of objects, not of equal schemas. */
  readonly #decided = new Map<Schema, Map<Schema, Verdict>>()

  pair(reader: Schema, writer: Schema, path: string): Verdict {
    const writers = this.#decided.get(reader) ?? new Map<Schema, Verdict>()
    this.#decided.set(reader, writers)
    const before = writers.get(writer)
    if (before !== undefined) return before
    writers.set(writer, fine)
    const decided = this.#decide(reader, writer, path)
    writers.set(writer, decided)
    return decided
  }

  #decide(reader: Schema, writer: Schema, path: string): Verdict {
    if (writer.type === 'union') {
      return verdict(
        [],
        writer.branches.map(branch => this.pair(reader, branch, path)),
      )
    }
    if (reader.type === 'union') return this.#branch(reader, writer, path)
    if (reader.type === 'array' && writer.type === 'array')
      return this.pair(reader.items, writer.items, `${path}/items`)
    if (reader.type === 'map' && writer.type === 'map') return this.pair(reader.values, writer.values, `${path}/values`)
    if (reader.type === 'record' && writer.type === 'record')
      return verdict(nameReasons(reader, writer, path), this.#fields(reader, writer, path))
    if (reader.type === 'enum' && writer.type === 'enum')
      return verdict([...nameReasons(reader, writer, path), ...symbolReasons(reader, writer, path)])
    if (reader.type === 'fixed' && writer.type === 'fixed')
      return verdict([...nameReasons(reader, writer, path), ...sizeReasons(reader, writer, path)])
    if (reader.type === writer.type || promotions[writer.type]?.includes(reader.type)) return fine
    return verdict([reason('type', reader, writer, path, `${reader.type} cannot read ${writer.type}`)])
  }

  /** One type of the writer against a union of the reader: the first branch that fits ends the search. */
  #branch(reader: UnionSchema, writer: Schema, path: string): Verdict {
    const tried: Verdict[] = []
    for (const [index, branch] of reader.branches.entries()) {
      const decided = this.pair(branch, writer, `${path}/${index}`)
      if (decided.ok) return fine
      if (branch.type === writer.type) tried.push(decided)
    }
    const message = `no branch of the union reads ${branchName(writer)}`
    return verdict([reason('missing-branch', reader, writer, path, message, { causes: gather(tried) })])
  }

  #fields(reader: RecordSchema, writer: RecordSchema, path: string): readonly Verdict[] {
    return reader.fields.map((field, index) => {
      const at = `${path}/fields/${index}`
      const [match, other] = sources(field, writer)
      if (other !== undefined) {
        const message = `"${field.name}" and its aliases match several fields of the writer`
        const found = reason('ambiguous-alias', reader, writer, at, message, { field })
        this.ambiguous.push(found)
        return verdict([found])
      }
      if (match !== undefined) return this.pair(field.type, match.type, `${at}/type`)
      if (field.default !== undefined) return fine
      const message = `"${field.name}" is missing in what was written and has no default`
      return verdict([reason('missing-default', reader, writer, at, message, { field })])
    })
  }
}

const fieldsByName = new WeakMap<RecordSchema, ReadonlyMap<string, Field>>()

/** Up to so many fields a search is cheaper than an index. */
const searchedFieldsMax = 16

/** A field by its name. */
export const fieldNamed = (record: RecordSchema, name: string): Field | undefined => {
  if (record.fields.length <= searchedFieldsMax) return record.fields.find(field => field.name === name)
  const index = fieldsByName.get(record) ?? new Map(record.fields.map(field => [field.name, field]))
  fieldsByName.set(record, index)
  return index.get(name)
}

/** The writer's fields that a reader's field takes its value from: by its name, then by its aliases. */
export const sources = (field: Field, writer: RecordSchema): readonly Field[] => {
  const found: Field[] = []
  for (const name of [field.name, ...field.aliases]) {
    const source = fieldNamed(writer, name)
    if (source !== undefined) found.push(source)
  }
  return found
}

const none: readonly Incompatibility[] = []

const promotions: Readonly<Partial<Record<Schema['type'], readonly Schema['type'][]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}

/** Whether a reader's named type may stand for a writer's: the last part of the name, or an alias in full. */
export const namesMatch = (reader: NamedSchema, writer: NamedSchema): boolean =>
  reader.name === writer.name || reader.aliases.includes(writer.fullName)

const nameReasons = (reader: NamedSchema, writer: NamedSchema, path: string): readonly Incompatibility[] =>
  namesMatch(reader, writer)
    ? none
    : [
        reason(
          'name',
          reader,
          writer,
          path,
          `${reader.type} ${reader.fullName} is not ${writer.fullName}, nor an alias of it`,
        ),
      ]

const symbolReasons = (reader: EnumSchema, writer: EnumSchema, path: string): readonly Incompatibility[] => {
  const symbols = writer.symbols.filter(symbol => !reader.symbols.includes(symbol))
  if (symbols.length === 0 || reader.default !== undefined) return none
  const message = `enum ${reader.fullName} lacks ${symbols.join(', ')} and has no default`
  return [reason('enum-symbols', reader, writer, path, message, { symbols })]
}

const sizeReasons = (reader: FixedSchema, writer: FixedSchema, path: string): readonly Incompatibility[] => {
  if (reader.sizeBytes === writer.sizeBytes) return none
  const message = `fixed ${reader.fullName} has ${reader.sizeBytes} bytes, not ${writer.sizeBytes}`
  return [reason('fixed-size', reader, writer, path, message)]
}

const reason = (
  kind: IncompatibilityKind,
  reader: Schema,
  writer: Schema,
  path: string,
  message: string,
  more: Partial<Pick<Incompatibility, 'field' | 'symbols' | 'causes'>> = {},
): Incompatibility => ({ kind, reader, writer, path, message, field: undefined, symbols: [], causes: none, ...more })
