import type { Book, Change, Mode, Reference, Version } from './book.ts'
import { normalText } from './canonical.ts'
import { incompatibilityMessages } from './compatibility.ts'
import { type Draft, type Reading, readDraft, readVersion } from './intake.ts'
import { refusals } from './rest-error.ts'

/** What is to be written, and the answer once it is. Made from the book as it stands; the disk comes after. */
export interface Plan<A> {
  readonly changes: readonly Change[]
  readonly answer: A
}

/** Gives a schema an id and a version in a subject, or finds the ones it has. */
export const planRegistration = (book: Book, subject: string, draft: Draft, normalize: boolean): Plan<Version> => {
  const mode = book.modeInForce(subject)
  checkMode(subject, draft, mode)
  const reading = readDraft(book, draft, normalize || book.normalizeInForce(subject))
  const visible = book.versions(subject, 'visible')
  if (draft.version === undefined) {
    const same = sameAs(book, reading, visible)
    if (same !== undefined && (draft.id ?? same.id) === same.id) return { changes: [], answer: same }
  }
  if (mode !== 'IMPORT') {
    const messages = incompatibilityMessages(book, reading, visible, book.levelInForce(subject))
    if (messages.length > 0) throw refusals.incompatible(subject, messages)
  }
  const next = (book.versions(subject, 'all').at(-1)?.version ?? 0) + 1
  if (draft.version !== undefined && draft.version !== next && mode !== 'IMPORT') {
    throw refusals.badSchema(`Version ${draft.version} cannot be registered: the next one of '${subject}' is ${next}.`)
  }
  const id = draft.id ?? book.idOf(reading.text, reading.references) ?? book.idNext
  checkId(book, id, reading)
  const { text: schema, references } = reading
  const version = { subject, version: draft.version ?? next, id, schema, references }
  const changes: Change[] = replaced(book, version).map(key => ({ did: 'drop', key }))
  changes.push({ did: 'register', version })
  return { changes, answer: { ...version, hidden: false } }
}

/** A hidden version with the same schema gives way to the new one, unless something still refers to it. */
const replaced = (book: Book, version: Omit<Version, 'hidden'>): readonly Version[] =>
  book
    .versions(version.subject, 'hidden')
    .filter(each => each.id === version.id && each.version < version.version)
    .filter(each => book.referredBy(each, 'all').length === 0)

const checkMode = (subject: string, draft: Draft, mode: Mode): void => {
  checkWritable(subject, mode)
  if (draft.id !== undefined && mode !== 'IMPORT') {
    throw refusals.notPermitted(`Subject '${subject}' is not in mode IMPORT, so the registry chooses the id.`)
  }
  if (draft.id === undefined && mode === 'IMPORT') {
    throw refusals.notPermitted(`Subject '${subject}' is in mode IMPORT, not READWRITE: name the id of the schema.`)
  }
}

/** Throws when a subject may not be changed. */
export const checkWritable = (subject: string, mode: Mode): void => {
  if (mode === 'READONLY' || mode === 'READONLY_OVERRIDE') {
    throw refusals.notPermitted(`Subject '${subject}' is in mode ${mode}.`)
  }
}

const checkId = (book: Book, id: number, reading: Reading): void => {
  const holder = book.holders(id)?.[0]
  if (holder === undefined) return
  const same = holder.schema === reading.text && sameReferences(holder, reading)
  if (!same) throw refusals.notPermitted(`Id ${id} stands for another schema already and is never given another.`)
}

export interface LookUpOptions {
  readonly normalize: boolean
  /** Whether hidden versions count. */
  readonly deleted: boolean
}

/** The version of a subject that this schema is, if there is one. */
export const findSame = (book: Book, subject: string, draft: Draft, options: LookUpOptions): Version | undefined => {
  const reading = readDraft(book, draft, options.normalize || book.normalizeInForce(subject))
  return sameAs(book, reading, book.versions(subject, options.deleted ? 'all' : 'visible'))
}

/** The same, as the API answers. */
export const lookUp = (book: Book, subject: string, draft: Draft, options: LookUpOptions): Version => {
  const same = findSame(book, subject, draft, options)
  if (same !== undefined) return same
  const known = book.versions(subject, options.deleted ? 'all' : 'visible').length > 0
  throw known ? refusals.schemaUnknown() : refusals.subjectUnknown(subject)
}

/** The newest of these versions that the schema is: by its text, else by its text with all types and attributes in one order. */
const sameAs = (book: Book, reading: Reading, versions: readonly Version[]): Version | undefined => {
  const exact = versions.findLast(each => each.schema === reading.text && sameReferences(each, reading))
  if (exact !== undefined) return exact
  const meant = normalText(reading.schema)
  return versions.findLast(each => {
    // A schema may come with its referenced types written out, as clients send it that know no references.
    const comparable = sameReferences(each, reading) || reading.references.length === 0
    return comparable && normalText(readVersion(book, each)) === meant
  })
}

const sameReferences = (a: { readonly references: readonly Reference[] }, b: typeof a): boolean =>
  a.references.length === b.references.length &&
  a.references.every((each, index) => {
    const other = b.references[index]!
    return each.name === other.name && each.subject === other.subject && each.version === other.version
  })
