import type { Settings, Version } from './book.ts'

/** A version as Confluent's API shows it. The type of an Avro schema is left out there, and so are empty references. */
export const versionAnswer = ({ subject, version, id, schema, references }: Version) => ({
  subject,
  version,
  id,
  ...(references.length > 0 ? { references } : {}),
  schema,
})

/** What stands behind an id. */
export const schemaAnswer = ({ schema, references }: Version) => ({
  schema,
  ...(references.length > 0 ? { references } : {}),
})

/** Settings as they are read: the level has another name there than where it is written. */
export const settingsAnswer = ({ level = 'BACKWARD', normalize }: Settings) => ({
  ...(normalize === undefined ? {} : { normalize }),
  compatibilityLevel: level,
})

/** Settings as a change of them is echoed. */
export const settingsEcho = ({ level, normalize }: Settings) => ({
  ...(normalize === undefined ? {} : { normalize }),
  ...(level === undefined ? {} : { compatibility: level }),
})

/** A page of a list, as `offset` and `limit` ask for; a negative limit is none. */
export const page = <V>(list: readonly V[], query: URLSearchParams): readonly V[] => {
  const offset = Math.max(0, whole(query.get('offset')) ?? 0)
  const limit = whole(query.get('limit')) ?? -1
  return list.slice(offset, limit < 0 ? undefined : offset + limit)
}

const whole = (text: string | null): number | undefined => {
  const number = text === null ? Number.NaN : Number(text)
  return Number.isInteger(number) ? number : undefined
}
