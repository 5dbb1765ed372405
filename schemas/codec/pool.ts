import type { AvroType } from './avsc.ts'

const startBytes = 64 * 1024
/** A pool that one large datum made larger than this is not kept for the small ones after it. */
const keptBytesMax = 1024 * 1024

let spare: Buffer | undefined

/**
 * Writes a value after `from` bytes that `begin` fills, and returns the whole in bytes of its own. Undefined when it
 * would take more than `bytesMax`.
 */
export const written = (
  type: AvroType,
  value: unknown,
  from: number,
  bytesMax: number,
  begin: ((pool: Buffer) => void) | undefined,
): Uint8Array | undefined => {
  // The pool is taken away while it is in use: a getter of the value could encode something else.
  let pool = spare ?? Buffer.allocUnsafeSlow(startBytes)
  spare = undefined
  try {
    for (;;) {
      const end = type.encode(value, pool, from)
      if (end < 0) {
        const needed = pool.length - end
        if (needed > bytesMax) return undefined
        pool = Buffer.allocUnsafeSlow(needed)
        continue
      }
      if (end > bytesMax) return undefined
      begin?.(pool)
      return Buffer.from(pool.subarray(0, end))
    }
  } finally {
    if (pool.length <= keptBytesMax) spare = pool
  }
}
