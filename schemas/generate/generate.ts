import { parseAll, type SourceText } from '../avro/parse.ts'
import type { LongMode } from '../codec/shape.ts'
import { layOut } from './layout.ts'
import { moduleText } from './module-text.ts'

/**
 * How types are generated.
 * @example const options: GenerateOptions = { long: 'number' }
 */
export interface GenerateOptions {
  /** The module that the emitted files import from. `franz/schemas` unless set. */
  readonly door?: string | undefined
  /** How a `long` stands in JavaScript; `bigint` unless set. Types and formats agree on it. */
  readonly long?: LongMode | undefined
  /** How a file is named in what is emitted: as it is, unless set. */
  readonly shown?: ((file: string) => string) | undefined
}

/**
 * A module of TypeScript that was made from schemas.
 * @example const write = ({ path, text }: GeneratedFile) => writeFileSync(path, text)
 */
export interface GeneratedFile {
  /** Relative to the folder that all emitted files go into. */
  readonly path: string
  readonly text: string
}

/**
 * The types and formats of .avsc files that may use each other's types: one file for each namespace. The same schemas
 * give the same bytes, in whatever order they come. Throws a SchemaError with file, line and column.
 * @example generate([{ file: 'ticket.avsc', text: readFileSync('ticket.avsc', 'utf8') }])
 */
export const generate = (files: readonly SourceText[], options: GenerateOptions = {}): readonly GeneratedFile[] => {
  const modules = layOut(parseAll(files), options.shown ?? (file => file))
  const emit = { door: options.door ?? 'franz/schemas', long: options.long ?? 'bigint' }
  return modules.map(module => ({ path: module.path, text: moduleText(module, modules, emit) }))
}
