/** Numbers as keys: big endian, so that they sort as they count. */
export const numberKey = (...parts: readonly (readonly [value: number, bytes: 2 | 4 | 6])[]): Buffer => {
  const key = Buffer.allocUnsafe(parts.reduce((sum, [, bytes]) => sum + bytes, 0))
  let at = 0
  for (const [value, bytes] of parts) at = key.writeUIntBE(value, at, bytes)
  return key
}

/** No key comes before it; where no start is given, lmdb-js begins at the byte 5. */
export const firstKey = Buffer.from([0])

/** The end of going backwards through all there is; without one, lmdb-js would end at its own first key. */
export const beforeAll = Buffer.alloc(0)

/** The first key after all that start with this one; the tags in front are never all ones. */
export const after = (prefix: Uint8Array): Buffer => {
  const end = Buffer.from(prefix)
  for (let at = end.length - 1; at >= 0; at--) {
    if (end[at] !== 0xff) {
      end[at] = end[at]! + 1
      return end.subarray(0, at + 1)
    }
  }
  throw new RangeError('no key is greater than this prefix')
}
