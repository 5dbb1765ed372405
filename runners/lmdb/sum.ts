import { crc32 } from 'node:zlib'

/** Up to this many bytes are summed here: going over into the runtime costs more than that. */
const shortBytesMax = 96
const polynomial = 0xedb88320

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1
  return sum
})

const summed = (bytes: Uint8Array, before: number): number => {
  let sum = before
  for (let at = 0; at < bytes.length; at++) sum = (sum >>> 8) ^ table[(sum ^ bytes[at]!) & 0xff]!
  return sum
}

/** The CRC-32 of a key and its value. */
export const sumOf = (key: Uint8Array, value: Uint8Array): number =>
  key.length + value.length <= shortBytesMax ? ~summed(value, summed(key, -1)) >>> 0 : crc32(value, crc32(key))
