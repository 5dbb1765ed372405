import type { Schema } from '../avro/schema.ts'
import { type Reads, tapOn } from './avsc.ts'
import { beginDatum } from './budget.ts'
import { CodecError } from './error.ts'
import { Fault } from './fault.ts'
import type { CodecParts } from './parts.ts'
import { pathAt, wrongIn } from './walk.ts'

export interface ReaderParts extends CodecParts {
  /** What the bytes were written with. */
  readonly writer: Schema
  readonly schemaId: number | undefined
  /** Undefined where the writer's schema is the reader's own. */
  readonly resolver: Reads | undefined
  /** Where the datum begins in the bytes. */
  readonly from: number
}

export type Read = (bytes: Buffer) => unknown

/** One cursor serves all: reading is done in one go, and calls nothing that could read something else. */
const tap = tapOn(Buffer.alloc(0), 0)

/** Reads a whole datum of one writer, or throws a CodecError that says where it is wrong. */
export const readerOf = (parts: ReaderParts): Read => {
  const { limits, from } = parts
  const reads = parts.resolver ?? parts.type
  const longBytes = Math.min(limits.bytesMax, limits.textBytesMax)
  return bytes => {
    if (bytes.length > longBytes) refuseLong(parts, bytes)
    beginDatum(limits)
    let failure: unknown
    try {
      tap.buf = bytes
      tap.pos = from
      const value = reads._read(tap)
      if (tap.pos === bytes.length) return value
    } catch (error) {
      failure = error
    }
    throw explained(parts, bytes, failure)
  }
}

const fix = 'see whether the writer used another schema than its id says; an error policy decides what becomes of it'
const limitFix = 'raise the limit in the options of avro() if such data is right'

const refuseLong = ({ place, schemaId, limits, writer, from }: ReaderParts, bytes: Buffer): void => {
  if (bytes.length > limits.bytesMax) {
    const problem = `${bytes.length} bytes are more than ${limits.bytesMax} (bytesMax)`
    throw new CodecError({ place, schemaId, problem, offset: 0, fix: limitFix })
  }
  const wrong = wrongIn(writer, bytes, from, limits)
  if (wrong !== undefined) throw new CodecError({ place, schemaId, ...wrong, fix: fixFor(wrong.problem) })
}

const fixFor = (problem: string): string => (problem.endsWith('Max)') ? limitFix : fix)

const explained = (
  { place, schemaId, limits, writer, from }: ReaderParts,
  bytes: Buffer,
  cause: unknown,
): CodecError => {
  const wrong = wrongIn(writer, bytes, from, limits)
  if (wrong !== undefined) return new CodecError({ place, schemaId, ...wrong, fix: fixFor(wrong.problem), cause })
  // The bytes are well formed, so there is a value in them that its type does not allow.
  const offset = cause instanceof Fault ? cause.offset : from
  const path = pathAt(writer, bytes, from, limits, offset)
  const problem = cause instanceof Error ? cause.message : String(cause)
  return new CodecError({ place, schemaId, path, offset, problem, fix: fixFor(problem), cause })
}
