// How texts must be written. JSON Schema has no place for words about a pattern, so they are kept beside it: who sends
// something else is told what was expected and not that it did not match.

const words = new Map<string, string>()

/** A pattern for a schema, and what it asks for, as an error says it: "must be ...". */
export const written = (pattern: string, expected: string): { readonly pattern: string } => {
  words.set(pattern, expected)
  return { pattern }
}

export const expectedBy = (pattern: string): string => words.get(pattern) ?? `must match ${pattern}`

/** PostgreSQL has no character 0 in its texts. */
export const withoutZero = written('^[^\\u0000]*$', 'must have no character 0')
