import type { Reference, Settings } from './book.ts'
import { levelNamed } from './change.ts'
import type { Draft } from './intake.ts'
import { printable, RestError, refusals } from './rest-error.ts'

const limits = { subjectCharsMax: 1_000, versionMax: 2 ** 31 - 1 } as const

/** One request, taken apart: its path segments by name, its query, its JSON body. */
export interface Asked {
  readonly at: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
}

export const flag = (query: URLSearchParams, name: string): boolean => query.get(name)?.toLowerCase() === 'true'

/** The subject of a path. `:.:name` is the name in the default context, the only one there is here. */
export const subjectOf = (asked: Asked): string => {
  const written = asked.at.subject ?? ''
  const subject = written.startsWith(':.:') ? written.slice(3) : written
  if (subject.startsWith(':.')) throw refusals.badSubject(written, 'this registry has no contexts')
  if (subject === '') throw refusals.badSubject(written, 'it is empty')
  if (subject.length > limits.subjectCharsMax) throw refusals.badSubject(written, 'it is too long')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u001f\u007f-\u009f]/.test(subject)) throw refusals.badSubject(written, 'it has control characters')
  if (subject === '__GLOBAL' || subject === '__EMPTY') throw refusals.badSubject(written, 'the name is reserved')
  return subject
}

/** A version of a path: a number or `latest`. */
export const versionOf = (asked: Asked): number | 'latest' => {
  const text = (asked.at.version ?? '').trim()
  if (text.toLowerCase() === 'latest' || text === '-1') return 'latest'
  const version = Number(text)
  if (!/^\+?\d+$/.test(text) || version < 1 || version > limits.versionMax) throw refusals.badVersion(printable(text))
  return version
}

export const idOf = (asked: Asked): number => {
  const text = asked.at.id ?? ''
  if (!/^-?\d{1,10}$/.test(text)) throw refusals.noSuchPath()
  return Number(text)
}

const bodyOf = (asked: Asked): Readonly<Record<string, unknown>> => {
  const { body } = asked
  if (body === null || typeof body !== 'object' || Array.isArray(body)) {
    throw new RestError(400, 400, 'The body must be a JSON object.')
  }
  return body as Record<string, unknown>
}

/** The schema that a body brings. */
export const draftOf = (asked: Asked): Draft => {
  const body = bodyOf(asked)
  const type = body.schemaType ?? 'AVRO'
  if (type !== 'AVRO')
    throw refusals.badSchema(`Invalid schema type ${printable(String(type))}: this registry keeps AVRO only.`)
  if (body.metadata != null || body.ruleSet != null) {
    throw refusals.badSchema('This registry keeps no metadata and no rules with a schema: leave them out.')
  }
  if (typeof body.schema !== 'string' || body.schema.trim() === '') throw refusals.badSchema('Empty schema.')
  return {
    schema: body.schema,
    references: referencesOf(body.references),
    id: given(body.id),
    version: given(body.version),
  }
}

/** Clients send -1 or 0 for "choose one". */
const given = (value: unknown): number | undefined => {
  if (value == null || value === -1 || value === 0) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= limits.versionMax) return value
  throw refusals.badSchema('"id" and "version" must be positive whole numbers.')
}

const referencesOf = (value: unknown): readonly Reference[] => {
  if (value == null) return []
  if (!Array.isArray(value)) throw refusals.badSchema('"references" must be a list.')
  return value.map((each: Partial<Reference> | null) => {
    if (typeof each?.name !== 'string' || typeof each.subject !== 'string' || !Number.isInteger(each.version)) {
      throw refusals.badSchema('A reference must be {"name", "subject", "version"}.')
    }
    return { name: each.name, subject: each.subject, version: each.version! }
  })
}

/** The settings that a body brings. Those that this registry does not have are refused rather than forgotten. */
export const settingsOf = (asked: Asked): Settings => {
  const { compatibility, compatibilityLevel, normalize, ...others } = bodyOf(asked)
  const unknown = Object.keys(others).filter(key => others[key] != null && others[key] !== false)
  if (unknown.length > 0) throw refusals.notPermitted(`This registry has no setting ${printable(unknown.join(', '))}.`)
  if (normalize != null && typeof normalize !== 'boolean') throw refusals.notPermitted('"normalize" is true or false.')
  const level = compatibility ?? compatibilityLevel
  if (level == null && normalize == null) throw refusals.badLevel()
  return { ...(level == null ? {} : { level: levelNamed(level) }), ...(normalize == null ? {} : { normalize }) }
}

export const modeIn = (asked: Asked): unknown => bodyOf(asked).mode
