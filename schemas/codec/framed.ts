// Readers by id. Owns: for each writer's schema met so far, how its bytes are read through ours.
import type { Codec } from '../../topology/index.ts'
import { encoded, type Head } from './encode.ts'
import { CodecError } from './error.ts'
import { frameBytes, idOf, isFramed } from './frame.ts'
import { bufferOf, type CodecParts } from './parts.ts'
import { type Read, readerOf } from './reader.ts'
import type { Writers } from './writers.ts'

/** Reads framed Avro, whatever schema it was written with. */
export class FramedReader {
  readonly #parts: CodecParts
  readonly #writers: Writers
  readonly #readers = new Map<number, Read>()
  // Nearly always the record at hand was written with the schema of the one before it.
  #lastId = -1
  #lastRead: Read | undefined

  constructor(parts: CodecParts, writers: Writers, ownId?: number) {
    this.#parts = parts
    this.#writers = writers
    if (ownId === undefined) return
    const own = { writer: parts.schema, schemaId: ownId, resolver: undefined, from: frameBytes }
    this.#readers.set(ownId, readerOf({ ...parts, ...own }))
  }

  read(bytes: Uint8Array): unknown {
    const id = idOf(bytes)
    if (id !== this.#lastId) {
      this.#lastRead = this.#readerOf(id)
      this.#lastId = id
    }
    return this.#lastRead!(bufferOf(bytes))
  }

  prepare(bytes: Uint8Array): Promise<void> | undefined {
    if (!isFramed(bytes)) return undefined
    const id = idOf(bytes)
    return id === this.#lastId || this.#readers.has(id) ? undefined : this.#writers.prepare(id)
  }

  #readerOf(id: number): Read {
    const known = this.#readers.get(id)
    if (known !== undefined) return known
    const { place } = this.#parts
    const writer = this.#writers.get(id)
    if (writer === undefined) {
      const fix = 'call prepare() with the bytes and await it before decode()'
      throw new CodecError({ place, schemaId: id, problem: 'the schema has not been fetched', fix })
    }
    if ('problem' in writer) throw new CodecError({ place, schemaId: id, ...writer })
    const { schema, type } = writer
    let read: Read
    try {
      const resolver = this.#parts.type.createResolver(type, {})
      read = readerOf({ ...this.#parts, writer: schema, schemaId: id, resolver, from: frameBytes })
    } catch (error) {
      read = () => {
        throw unreadable(this.#parts, id, error)
      }
    }
    this.#readers.set(id, read)
    return read
  }
}

const unreadable = ({ place }: CodecParts, schemaId: number, cause: unknown): CodecError => {
  const problem = `what was written with it cannot be read with today's schema: ${(cause as Error).message}`
  return new CodecError({
    place,
    schemaId,
    problem,
    fix: 'give the field a default or an alias, or read with a schema that fits',
    cause,
  })
}

/** Avro after the id of its schema: how values are written. */
export class FramedCodec<R, W> implements Codec<R, W> {
  readonly #parts: CodecParts
  readonly #reader: FramedReader
  readonly #head: Head | undefined

  /** Without an id it only reads. */
  constructor(parts: CodecParts, writers: Writers, id: number | undefined) {
    this.#parts = parts
    this.#reader = new FramedReader(parts, writers, id)
    this.#head = id === undefined ? undefined : { id, from: frameBytes }
  }

  decode(bytes: Uint8Array): R {
    if (!isFramed(bytes)) throw this.#unframed(bytes)
    return this.#reader.read(bytes) as R
  }

  encode(value: W): Uint8Array {
    if (this.#head === undefined) throw this.#unregistered()
    return encoded(this.#parts, value, this.#head)
  }

  prepare(bytes: Uint8Array): Promise<void> | undefined {
    return this.#reader.prepare(bytes)
  }

  #unregistered(): CodecError {
    const problem = 'the registry does not have our schema, so values can be read here and not written'
    return new CodecError({ place: this.#parts.place, problem, fix: 'register it with `franz schemas register`' })
  }

  #unframed(bytes: Uint8Array): CodecError {
    const begin = Buffer.from(bytes.subarray(0, frameBytes)).toString('hex')
    const problem = `the bytes begin with ${begin === '' ? 'nothing' : `0x${begin}`}, not with a zero and the four bytes of a schema id`
    return new CodecError({
      place: this.#parts.place,
      offset: 0,
      problem,
      fix: 'see whether the writer frames its records for a schema registry',
    })
  }
}
