import type { Codec } from '../../topology/index.ts'
import { encoded } from './encode.ts'
import { CodecError } from './error.ts'
import { isFramed } from './frame.ts'
import { FramedReader } from './framed.ts'
import { bufferOf, type CodecParts } from './parts.ts'
import { type Read, readerOf } from './reader.ts'
import type { Writers } from './writers.ts'

const head = { id: undefined, from: 0 }

/** Bare Avro: how keys are written. With `writers` it also reads keys that other programs framed. */
export class UnframedCodec<R, W> implements Codec<R, W> {
  readonly #parts: CodecParts
  readonly #read: Read
  readonly #framed: FramedReader | undefined

  constructor(parts: CodecParts, writers?: Writers) {
    this.#parts = parts
    this.#read = readerOf({ ...parts, writer: parts.schema, schemaId: undefined, resolver: undefined, from: 0 })
    this.#framed = writers && new FramedReader(parts, writers)
  }

  decode(bytes: Uint8Array): R {
    return (this.#framed && isFramed(bytes) ? this.#framed.read(bytes) : this.#read(bufferOf(bytes))) as R
  }

  encode(value: W): Uint8Array {
    const bytes = encoded(this.#parts, value, head)
    if (this.#framed && isFramed(bytes)) throw this.#ambiguous()
    return bytes
  }

  prepare(bytes: Uint8Array): Promise<void> | undefined {
    return this.#framed?.prepare(bytes)
  }

  #ambiguous(): CodecError {
    const problem = 'bare, this key begins like a framed one, and the format reads framed keys: it would be misread'
    return new CodecError({ place: this.#parts.place, problem, fix: 'rekey to a format without framedKeys' })
  }
}
