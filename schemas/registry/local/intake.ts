import { parseSchema } from '../../avro/parse.ts'
import { isNamed, type NamedSchema, reachable, type Schema } from '../../avro/schema.ts'
import type { Book, Reference, Version } from './book.ts'
import { normalText, storedText } from './canonical.ts'
import { refusals } from './rest-error.ts'

const limits = { schemaBytesMax: 1024 * 1024, referencesMax: 1_000, referenceDepthMax: 100 } as const

/** A schema as a request brings it. */
export interface Draft {
  readonly schema: string
  readonly references: readonly Reference[]
  /** An id and a version of the sender's own: only while a subject is being imported. */
  readonly id?: number | undefined
  readonly version?: number | undefined
}

/** A schema that was read: its text as it is stored, and its meaning. */
export interface Reading {
  readonly text: string
  readonly references: readonly Reference[]
  readonly schema: Schema
}

/** Reads a draft as Apache Avro would; throws a RestError that says what is wrong with it. */
export const readDraft = (book: Book, draft: Draft, normalize: boolean): Reading => {
  if (Buffer.byteLength(draft.schema) > limits.schemaBytesMax) {
    throw refusals.badSchema(`The schema is longer than ${limits.schemaBytesMax} bytes.`)
  }
  if (draft.references.length > limits.referencesMax) {
    throw refusals.badSchema(`The schema has more than ${limits.referencesMax} references.`)
  }
  const references = draft.references.map(each => pinned(book, each))
  const known = typesOf(book, references)
  const schema = parse(draft.schema, known)
  const text = (normalize ? normalText : storedText)(schema, known.values())
  return { text, schema, references: normalize ? inOrder(references) : references }
}

/** What is stored was valid when it came; so an error here is the registry's. */
export const readVersion = (book: Book, version: Version): Schema =>
  parse(version.schema, typesOf(book, version.references))

const parse = (text: string, known: ReadonlyMap<string, NamedSchema>): Schema => {
  try {
    return parseSchema(text, { known, accept: 'apache' })
  } catch (error) {
    throw refusals.badSchema(`Invalid Avro schema: ${(error as Error).message}`)
  }
}

/** Version -1 is the latest: what is stored names a number, so that it means the same for ever. */
const pinned = (book: Book, reference: Reference): Reference => {
  const found =
    reference.version === -1
      ? book.versions(reference.subject, 'visible').at(-1)
      : book.version(reference.subject, reference.version)
  if (found === undefined) {
    throw refusals.badSchema(
      `Invalid reference: "${reference.name}" is to stand in subject "${reference.subject}" version ` +
        `${reference.version === -1 ? 'latest' : reference.version}, and there is none. Register it first.`,
    )
  }
  return { name: reference.name, subject: reference.subject, version: found.version }
}

const inOrder = (references: readonly Reference[]): readonly Reference[] => {
  const byText = new Map(references.map(each => [JSON.stringify([each.name, each.subject, each.version]), each]))
  return [...byText.keys()].sort().map(key => byText.get(key)!)
}

/** Every named type that the references bring, by its full name; a type that two bring is taken once. */
const typesOf = (book: Book, references: readonly Reference[]): ReadonlyMap<string, NamedSchema> => {
  const types = new Map<string, NamedSchema>()
  const done = new Set<string>()
  const bring = (reference: Reference, depth: number): void => {
    const key = JSON.stringify([reference.subject, reference.version])
    if (done.has(key)) return
    done.add(key)
    const version = book.version(reference.subject, reference.version)
    if (version === undefined || depth > limits.referenceDepthMax) {
      throw refusals.storeFailed(`Reference "${reference.name}" to ${key} leads nowhere.`)
    }
    for (const inner of version.references) bring(inner, depth + 1)
    for (const type of reachable(parse(version.schema, types))) {
      if (isNamed(type) && !types.has(type.fullName)) types.set(type.fullName, type)
    }
  }
  for (const reference of references) bring(reference, 0)
  return types
}
