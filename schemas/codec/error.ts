import type { Place } from '../../topology/index.ts'

interface About {
  readonly place: Place
  readonly schemaId?: number | undefined
  readonly path?: string | undefined
  readonly offset?: number | undefined
  readonly problem: string
  readonly fix: string
  readonly cause?: unknown
}

/**
 * Bytes that cannot be read, or a value that cannot be written: topic, part, schema, field and byte, and what to do.
 * @example new CodecError({ place: { topic: 'tickets', part: 'value' }, schemaId: 7, path: 'contact.mail', offset: 23, problem, fix })
 */
export class CodecError extends Error {
  override readonly name = 'CodecError'
  readonly place: Place
  /** The id under which the registry knows the writer's schema, where the bytes or the codec name one. */
  readonly schemaId: number | undefined
  /** The field, as `contact.mail`, `tags.3` or `labels."any key"`; empty when it is the datum as a whole. */
  readonly path: string
  /** From the first byte of the key or value, its frame included; undefined when writing. */
  readonly offset: number | undefined
  readonly problem: string

  constructor({ place, schemaId, path = '', offset, problem, fix, cause }: About) {
    const schema = schemaId === undefined ? '' : `, schema ${schemaId}`
    const field = path === '' ? '' : `, field ${path}`
    const byte = offset === undefined ? '' : `, byte ${offset}`
    super(`${place.part} of ${place.topic}${schema}${field}${byte}: ${problem}. To fix: ${fix}.`, { cause })
    this.place = place
    this.schemaId = schemaId
    this.path = path
    this.offset = offset
    this.problem = problem
  }
}
