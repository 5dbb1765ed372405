// A time as Kafka writes one: 8 bytes, big endian, milliseconds since 1970. Byte by byte, for making a DataView costs more.

export const timeBytes = 8

const upper = 0x1_0000_0000

const writeWord = (bytes: Uint8Array, at: number, word: number): void => {
  bytes[at] = word >>> 24
  bytes[at + 1] = word >>> 16
  bytes[at + 2] = word >>> 8
  bytes[at + 3] = word
}

const readWord = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0

export const writeTime = (bytes: Uint8Array, at: number, timeMs: number): void => {
  writeWord(bytes, at, Math.floor(timeMs / upper))
  writeWord(bytes, at + 4, timeMs >>> 0)
}

export const readTime = (bytes: Uint8Array, at: number): number => readWord(bytes, at) * upper + readWord(bytes, at + 4)

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
