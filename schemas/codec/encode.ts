import type { AvroType } from './avsc.ts'
import { beginDatum } from './budget.ts'
import { CodecError } from './error.ts'
import { Fault } from './fault.ts'
import { writeFrame } from './frame.ts'
import type { CodecParts } from './parts.ts'
import { pathText } from './path.ts'
import { written } from './pool.ts'
import { expected } from './words.ts'

/** Where the Avro bytes begin, and the id that stands before them. */
export interface Head {
  readonly id: number | undefined
  readonly from: number
}

export const encoded = (parts: CodecParts, value: unknown, head: Head): Uint8Array => {
  beginDatum(parts.limits)
  let bytes: Uint8Array | undefined
  try {
    bytes = written(parts.type, value, head.from, parts.limits.bytesMax)
  } catch (error) {
    throw explained(parts, value, head.id, error)
  }
  if (bytes !== undefined) {
    if (head.id !== undefined) writeFrame(head.id, bytes)
    return bytes
  }
  const problem = `the datum takes more than ${parts.limits.bytesMax} bytes (bytesMax)`
  throw new CodecError({ place: parts.place, schemaId: head.id, problem, fix: 'make it smaller or raise the limit' })
}

/** Only after a failure is the value looked through for the field that is wrong: looking ahead would cost each record. */
const explained = (
  { place, type }: CodecParts,
  value: unknown,
  schemaId: number | undefined,
  failure: unknown,
): CodecError => {
  const wrong: { path: string; problem: string }[] = []
  const errorHook = (path: string[], found: unknown, of: AvroType) => {
    wrong.push({ path: pathText(path), problem: expected(of, found) })
  }
  try {
    if (!(failure instanceof Fault)) type.isValid(value, { errorHook })
  } catch {
    // A value that runs in circles cannot be looked through; the failure below says what happened.
  }
  const problem = failure instanceof Error ? failure.message : String(failure)
  const { path, problem: found } = wrong[0] ?? { path: '', problem }
  return new CodecError({ place, schemaId, path, problem: found, fix: 'correct the step that made it', cause: failure })
}
