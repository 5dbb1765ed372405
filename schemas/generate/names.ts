// Words that cannot name a type or a constant, or that the emitted file itself needs.
const reserved =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
  'false finally for function if implements import in instanceof interface let new null package private protected ' +
  'public return static super switch this throw true try typeof undefined var void while with yield avro'
const typeWords =
  'any unknown never string number boolean bigint symbol object Uint8Array Readonly Record Format Decimal Uuid'

/** Gives every name once: the second to ask for one gets it with an underscore. */
export class Names {
  readonly #taken: Set<string>
  readonly #keyOf: (name: string) => string

  constructor(taken: readonly string[], keyOf: (name: string) => string = name => name) {
    this.#taken = new Set(taken)
    this.#keyOf = keyOf
  }

  claim(wanted: string): string {
    let name = wanted
    while (this.#taken.has(this.#keyOf(name))) name += '_'
    this.#taken.add(this.#keyOf(name))
    return name
  }
}

export const typeNames = (): Names => new Names([...reserved.split(' '), ...typeWords.split(' ')])
export const constantNames = (): Names => new Names(reserved.split(' '))
/** Names of files: two that differ only in case are one on some machines. */
export const fileNames = (): Names => new Names([], name => name.toLowerCase())

/** `Ticket` becomes `ticket`, `HTTPRequest` becomes `httpRequest`. */
export const constantName = (typeName: string): string =>
  typeName.replace(/^_*(?:[A-Z]+(?![a-z])|[A-Z])/, begin => begin.toLowerCase())

/** `ticket-events.avsc` becomes `TicketEvents`. */
export const nameOfFile = (file: string): string => {
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/\.avsc$/, '')
  const words = base.split(/[^A-Za-z0-9]+/).filter(word => word !== '')
  const name = words.map(word => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z]/.test(name) ? name : `_${name}`
}
