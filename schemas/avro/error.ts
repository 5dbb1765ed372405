/** Where something stands in a file: lines and columns count from one, offset and length are UTF-16 units. */
export interface Position {
  readonly file: string | undefined
  readonly line: number
  readonly column: number
  /** Right after its last character. */
  readonly endLine: number
  readonly endColumn: number
  readonly offset: number
  readonly length: number
}

/** `orders.avsc:14:9`, or `line 14, column 9` when the text came from no file. */
export const placeText = (position: Position): string =>
  position.file === undefined
    ? `line ${position.line}, column ${position.column}`
    : `${position.file}:${position.line}:${position.column}`

/** What kind of mistake it is: the review maps each to a rule code. */
export type SchemaMistake = 'json' | 'shape' | 'name' | 'reference' | 'duplicate' | 'default' | 'symbol' | 'union'

/**
 * A schema that cannot be used: what is wrong, where, and what to do.
 * @example new SchemaError({ mistake: 'name', detail: '"2x" is no name', fix: 'begin it with a letter', position, pointer: '/name' })
 */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly mistake: SchemaMistake
  readonly detail: string
  readonly fix: string
  readonly position: Position
  /** A JSON pointer into the document of `position.file`. */
  readonly pointer: string

  constructor(about: { mistake: SchemaMistake; detail: string; fix: string; position: Position; pointer: string }) {
    const at = about.pointer === '' ? '' : ` at ${about.pointer}`
    super(`${placeText(about.position)}${at}: ${about.detail}. To fix: ${about.fix}.`)
    this.mistake = about.mistake
    this.detail = about.detail
    this.fix = about.fix
    this.position = about.position
    this.pointer = about.pointer
  }
  get file(): string | undefined {
    return this.position.file
  }
  get line(): number {
    return this.position.line
  }
  get column(): number {
    return this.position.column
  }
}
