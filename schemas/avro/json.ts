import { type Position, SchemaError } from './error.ts'

/** A plain JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

interface At {
  readonly position: Position
  /** The JSON pointer of the node, '' for the root. */
  readonly pointer: string
}
export interface JsonMember {
  readonly key: At
  readonly value: JsonNode
}
export interface JsonObject extends At {
  readonly kind: 'object'
  readonly members: ReadonlyMap<string, JsonMember>
  /** Keys that were written twice: the last one counts, as everywhere in JSON. */
  readonly repeated: readonly JsonMember[]
}
export interface JsonArray extends At {
  readonly kind: 'array'
  readonly items: readonly JsonNode[]
}
export interface JsonScalar extends At {
  readonly kind: 'string' | 'number' | 'boolean' | 'null'
  readonly value: string | number | boolean | null
  /** As written: `1.0` and `1` are the same number, but only one is an Avro int. */
  readonly text: string
}
/** One JSON value that knows where it stands. */
export type JsonNode = JsonObject | JsonArray | JsonScalar

const limits = { nestingMax: 500 } as const

/** One step of a JSON pointer. */
export const pointerTo = (pointer: string, step: string | number): string =>
  // Almost no key has one of these, and a search is much cheaper than two replacements.
  typeof step === 'number' || !/[~/]/.test(step)
    ? `${pointer}/${step}`
    : `${pointer}/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The plain value of a node. A key like `__proto__` becomes an own property, nothing else. */
export const plain = (node: JsonNode): Json => {
  if (node.kind === 'array') return node.items.map(plain)
  if (node.kind !== 'object') return node.value
  return Object.fromEntries([...node.members].map(([key, member]) => [key, plain(member.value)]))
}

/** The node as JSON without spaces; numbers keep every digit that was written. */
export const jsonText = (node: JsonNode): string => {
  if (node.kind === 'array') return `[${node.items.map(jsonText).join(',')}]`
  if (node.kind !== 'object') return node.text
  return `{${[...node.members].map(([key, { value }]) => `${JSON.stringify(key)}:${jsonText(value)}`).join(',')}}`
}

/**
 * Parses JSON and keeps the place of every node; throws a SchemaError that says what stands where.
 * @example parseJson('{"type": "string"}', { file: 'name.avsc' })
 */
export const parseJson = (
  text: string,
  options: { readonly file?: string | undefined; readonly comments?: boolean | undefined } = {},
): JsonNode => new Reader(text, options.file, options.comments ?? false).document()

const numberForm = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const slash = 47
const literals = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
])
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  #offset = 0
  #line = 1
  #lineStart = 0
  #nesting = 0
  readonly #text: string
  readonly #file: string | undefined
  #comments: boolean

  constructor(text: string, file: string | undefined, comments: boolean) {
    this.#text = text
    this.#file = file
    this.#comments = comments
    if (text.charCodeAt(0) === 0xfeff) this.#lineStart = this.#offset = 1
  }

  document(): JsonNode {
    const node = this.#value('')
    // After the value Java takes white space only.
    this.#comments = false
    this.#space()
    if (this.#offset < this.#text.length) this.#fail('something follows after the end of the JSON value', 'remove it')
    return node
  }

  #fail(detail: string, fix: string): never {
    throw new SchemaError({ mistake: 'json', detail, fix, position: this.#from(this.#offset), pointer: '' })
  }

  /** From an offset on this line to here. */
  #from(offset: number): Position {
    return this.#since(offset, this.#line, this.#lineStart)
  }

  #space(): void {
    while (this.#offset < this.#text.length) {
      const code = this.#text.charCodeAt(this.#offset)
      if (code === 10) {
        this.#line++
        this.#lineStart = this.#offset + 1
      } else if (code !== 32 && code !== 13 && code !== 9 && !(code === slash && this.#comments && this.#comment()))
        return
      this.#offset++
    }
  }

  /** Passes a comment, as Java does; stays on its last character. */
  #comment(): boolean {
    const isBlock = this.#text.startsWith('/*', this.#offset)
    if (!isBlock && !this.#text.startsWith('//', this.#offset)) return false
    const end = this.#text.indexOf(isBlock ? '*/' : '\n', this.#offset + 2)
    if (isBlock && end < 0) this.#fail('the comment is not closed', 'close it with */')
    const last = isBlock ? end + 1 : (end < 0 ? this.#text.length : end) - 1
    for (; this.#offset < last; this.#offset++) {
      if (this.#text.charCodeAt(this.#offset) !== 10) continue
      this.#line++
      this.#lineStart = this.#offset + 1
    }
    return true
  }

  /** What stands here, for a message. */
  #found(): string {
    if (this.#offset >= this.#text.length) return 'the text ends'
    return `found ${JSON.stringify(String.fromCodePoint(this.#text.codePointAt(this.#offset)!))}`
  }

  #value(pointer: string): JsonNode {
    this.#space()
    const char = this.#text[this.#offset]
    if (char === '{' || char === '[') {
      if (++this.#nesting > limits.nestingMax)
        this.#fail(`nested deeper than ${limits.nestingMax} levels`, 'flatten it')
      const node = char === '{' ? this.#object(pointer) : this.#array(pointer)
      this.#nesting--
      return node
    }
    const start = this.#offset
    if (char === '"') {
      const value = this.#string()
      return {
        kind: 'string',
        value,
        text: this.#text.slice(start, this.#offset),
        position: this.#from(start),
        pointer,
      }
    }
    return this.#scalar(start, pointer)
  }

  #scalar(start: number, pointer: string): JsonScalar {
    numberForm.lastIndex = start
    const number = numberForm.exec(this.#text)?.[0]
    if (number !== undefined) {
      this.#offset += number.length
      return { kind: 'number', value: Number(number), text: number, position: this.#from(start), pointer }
    }
    for (const [text, value] of literals) {
      if (!this.#text.startsWith(text, start)) continue
      this.#offset += text.length
      return { kind: value === null ? 'null' : 'boolean', value, text, position: this.#from(start), pointer }
    }
    const comment = this.#text.startsWith('//', start) || this.#text.startsWith('/*', start)
    return comment
      ? this.#fail('a comment stands here, and JSON has none', 'move its words into a "doc" attribute')
      : this.#fail(`a JSON value must stand here, but ${this.#found()}`, 'write a string, an object or an array')
  }

  #object(pointer: string): JsonObject {
    const [start, line, lineStart] = [this.#offset, this.#line, this.#lineStart]
    const members = new Map<string, JsonMember>()
    const repeated: JsonMember[] = []
    this.#offset++
    for (this.#space(); this.#text[this.#offset] !== '}'; this.#separator('}')) {
      this.#space()
      const from = this.#offset
      if (this.#text[from] !== '"')
        this.#fail(`a key in double quotes must stand here, but ${this.#found()}`, 'quote it')
      const name = this.#string()
      const key = { position: this.#from(from), pointer: pointerTo(pointer, name) }
      this.#space()
      if (this.#text[this.#offset] !== ':')
        this.#fail(`a colon must follow the key, but ${this.#found()}`, 'add the colon')
      this.#offset++
      const member = { key, value: this.#value(key.pointer) }
      if (members.has(name)) repeated.push(member)
      members.set(name, member)
    }
    this.#offset++
    return { kind: 'object', members, repeated, position: this.#since(start, line, lineStart), pointer }
  }

  #array(pointer: string): JsonArray {
    const [start, line, lineStart] = [this.#offset, this.#line, this.#lineStart]
    const items: JsonNode[] = []
    this.#offset++
    for (this.#space(); this.#text[this.#offset] !== ']'; this.#separator(']')) {
      items.push(this.#value(pointerTo(pointer, items.length)))
    }
    this.#offset++
    return { kind: 'array', items, position: this.#since(start, line, lineStart), pointer }
  }

  /** Passes a comma, or stays before the closing bracket, at which the loop ends. */
  #separator(end: string): void {
    this.#space()
    const char = this.#text[this.#offset]
    if (char === end) return
    if (char !== ',') this.#fail(`a comma or ${JSON.stringify(end)} must stand here, but ${this.#found()}`, 'add it')
    this.#offset++
    this.#space()
    if (this.#text[this.#offset] === end) this.#fail('a comma stands before the closing bracket', 'remove the comma')
  }

  #since(offset: number, line: number, lineStart: number): Position {
    const column = offset - lineStart + 1
    const endColumn = this.#offset - this.#lineStart + 1
    const length = this.#offset - offset
    return { file: this.#file, line, column, endLine: this.#line, endColumn, offset, length }
  }

  #string(): string {
    let value = ''
    let start = ++this.#offset
    for (;;) {
      const char = this.#text[this.#offset]
      if (char === '"') {
        value += this.#text.slice(start, this.#offset++)
        return value
      }
      if (char === undefined || char < ' ') this.#fail('the string is not closed on its line', 'close it with a quote')
      if (char === '\\') {
        value += this.#text.slice(start, this.#offset) + this.#escape()
        start = this.#offset
      } else this.#offset++
    }
  }

  #escape(): string {
    const char = this.#text[this.#offset + 1] ?? ''
    const hex = this.#text.slice(this.#offset + 2, this.#offset + 6)
    if (char === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) {
      this.#offset += 6
      return String.fromCharCode(Number.parseInt(hex, 16))
    }
    const value = escapes[char]
    if (value === undefined) this.#fail(`\\${char} is no escape in JSON`, 'write \\\\ for a backslash')
    this.#offset += 2
    return value
  }
}
