import { parseSchema } from '../avro/parse.ts'
import { isNamed, type NamedSchema, reachable } from '../avro/schema.ts'
import { schemaText } from '../avro/write.ts'
import type { Reference } from './local/book.ts'

const limits = { referencesMax: 1_000 } as const

/** A schema as a registry keeps it: its text, and where the types stand that it only names. */
export interface StoredSchema {
  readonly schema: string
  readonly references: readonly Reference[]
}

/** The schema's text with every referenced type written out, so that it can be read without the registry. */
export const selfContained = async (
  stored: StoredSchema,
  fetch: (reference: Reference) => Promise<StoredSchema>,
): Promise<string> => {
  if (stored.references.length === 0) return stored.schema
  const known = new Map<string, NamedSchema>()
  const done = new Set<string>()
  const bring = async (references: readonly Reference[]): Promise<void> => {
    for (const reference of references) {
      const key = JSON.stringify([reference.subject, reference.version])
      if (done.has(key)) continue
      if (done.add(key).size > limits.referencesMax) throw new Error(`more than ${limits.referencesMax} references`)
      const inner = await fetch(reference)
      await bring(inner.references)
      for (const type of reachable(parseSchema(inner.schema, { known, accept: 'apache' }))) {
        if (isNamed(type) && !known.has(type.fullName)) known.set(type.fullName, type)
      }
    }
  }
  await bring(stored.references)
  return schemaText(parseSchema(stored.schema, { known, accept: 'apache' }))
}
