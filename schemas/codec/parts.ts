import type { Place } from '../../topology/index.ts'
import type { Schema } from '../avro/schema.ts'
import type { AvroType } from './avsc.ts'
import type { Limits } from './limits.ts'

/** What every codec of one format at one place has. */
export interface CodecParts {
  readonly place: Place
  readonly schema: Schema
  readonly type: AvroType
  readonly limits: Limits
}

/** avsc reads a Buffer's own methods; a view costs no copy. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
