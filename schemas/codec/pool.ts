// Pool. Owns: the slab into which small datums are written one after the other. What is handed out are views of it, as
// with Node's own small buffers: no copy is made, and a view that somebody keeps holds the slab of its neighbours.
import type { AvroType } from './avsc.ts'

const slabBytes = 16 * 1024
/** Larger datums get bytes of their own. */
const sharedBytesMax = slabBytes / 8

interface Slab {
  readonly bytes: Buffer
  used: number
}

const newSlab = (): Slab => ({ bytes: Buffer.allocUnsafeSlow(slabBytes), used: 0 })

let spare: Slab | undefined

/** Writes a value after `from` bytes, which the caller fills. Undefined when all would take more than `bytesMax`. */
export const written = (type: AvroType, value: unknown, from: number, bytesMax: number): Uint8Array | undefined => {
  // The slab is taken away while it is in use: a getter of the value could encode something else.
  let slab = spare ?? newSlab()
  spare = undefined
  try {
    for (;;) {
      const end = type.encode(value, slab.bytes, slab.used + from)
      const size = (end < 0 ? slabBytes - end : end) - slab.used
      if (size > bytesMax) return undefined
      if (size > sharedBytesMax) return alone(type, value, from, size)
      if (end >= 0) {
        const view = slab.bytes.subarray(slab.used, end)
        slab.used = end
        return view
      }
      slab = newSlab()
    }
  } finally {
    spare = slab
  }
}

const alone = (type: AvroType, value: unknown, from: number, size: number): Uint8Array => {
  const bytes = Buffer.allocUnsafeSlow(size)
  type.encode(value, bytes, from)
  return bytes
}
