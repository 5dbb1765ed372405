import { Builder } from './build.ts'
import { type JsonNode, parseJson } from './json.ts'
import type { Accept } from './names.ts'
import type { NamedSchema, Schema } from './schema.ts'

export interface ParseOptions {
  /** The name that errors and positions carry. */
  readonly file?: string | undefined
  /** Named types of other files, by full name (see `namedTypes`). */
  readonly known?: ReadonlyMap<string, Schema> | undefined
  /** `strict` (the default) refuses what only some Avro libraries read; `apache` takes all that Avro for Java 1.12 takes. */
  readonly accept?: Accept | undefined
}

/**
 * Parses the text of an .avsc file into a resolved schema; throws a SchemaError with file, line and column.
 * @example parseSchema('{"type": "enum", "name": "Mood", "symbols": ["GOOD", "BAD"]}', { file: 'mood.avsc' })
 */
export const parseSchema = (text: string, options: ParseOptions = {}): Schema =>
  schemaFromJson(parseJson(text, { file: options.file, comments: options.accept === 'apache' }), options)

/** The same for JSON that was parsed before, such as one member of a larger document. */
export const schemaFromJson = (node: JsonNode, options: ParseOptions = {}): Schema => {
  const builder = new Builder(options.accept ?? 'strict', options.known)
  const use = builder.root(node)
  builder.finish()
  return use.schema
}

export interface SourceText {
  readonly file: string
  readonly text: string
}

/** Several files that may refer to each other's named types. */
export interface ParsedFiles {
  /** The schema of each file, in the order given. */
  readonly schemas: ReadonlyMap<string, Schema>
  readonly named: ReadonlyMap<string, NamedSchema>
  /** For each file, the files whose types it names. */
  readonly references: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * Parses several .avsc files that may refer to each other, in any order.
 * @example parseAll([{ file: 'a.avsc', text: '{"type":"array","items":"Mood"}' }, { file: 'mood.avsc', text: mood }])
 */
export const parseAll = (
  files: readonly SourceText[],
  options: { readonly accept?: Accept | undefined; readonly known?: ReadonlyMap<string, Schema> | undefined } = {},
): ParsedFiles => {
  const builder = new Builder(options.accept ?? 'strict', options.known, files.length > 1)
  const uses = files.map(({ file, text }) => ({
    file,
    use: builder.root(parseJson(text, { file, comments: options.accept === 'apache' })),
  }))
  builder.finish()
  return {
    schemas: new Map(uses.map(({ file, use }) => [file, use.schema])),
    named: builder.named,
    references: builder.references,
  }
}
