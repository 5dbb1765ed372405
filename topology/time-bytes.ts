// A time as Kafka writes one: 8 bytes, big endian, milliseconds since 1970.

export const timeBytes = 8

const upper = 0x1_0000_0000

export const writeTime = (view: DataView, at: number, timeMs: number): void => {
  view.setUint32(at, Math.floor(timeMs / upper))
  view.setUint32(at + 4, timeMs >>> 0)
}

export const readTime = (view: DataView, at: number): number => view.getUint32(at) * upper + view.getUint32(at + 4)

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
