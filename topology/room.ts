// Room. Owns: the memory that small byte arrays share. An array with memory of its own costs three times as much to make and
// to clean up as a view of memory that is there, and every record makes several. As with Node's own small buffers, one
// array that somebody keeps holds the memory of its neighbours.

const sharedBytes = 8_192
/** Larger ones get memory of their own. */
const roomBytesMax = sharedBytes / 8

let memory = new ArrayBuffer(sharedBytes)
let used = 0

/** So many bytes, all zero. */
export const room = (length: number): Uint8Array => {
  if (length > roomBytesMax) return new Uint8Array(length)
  if (used + length > sharedBytes) {
    memory = new ArrayBuffer(sharedBytes)
    used = 0
  }
  const at = used
  used += length
  return new Uint8Array(memory, at, length)
}

/** The beginning of a room that was made too large. What was taken last gives the rest back, which must be untouched. */
export const shortened = (bytes: Uint8Array, length: number): Uint8Array => {
  const isLast = bytes.buffer === memory && bytes.byteOffset + bytes.length === used
  if (isLast) used -= bytes.length - length
  return bytes.subarray(0, length)
}
