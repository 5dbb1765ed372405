import type { Codec, Format } from './ports/codec.ts'
import { room } from './room.ts'
import { fromUtf8, utf8 } from './text.ts'
import { viewOf } from './time-bytes.ts'

const format = <R, W = R>(name: string, codec: Codec<R, W>): Format<R, W> => ({ name, open: () => codec })

/** The one codec of `text`: stores know text keys by it and skip their way through bytes. */
export const textCodec: Codec<string> = { decode: fromUtf8, encode: utf8 }

/**
 * UTF-8 text.
 * @example topic('lines', { key: text, value: text })
 */
export const text: Format<string> = format('text', textCodec)

/**
 * The bytes as they are.
 * @example topic('raw', { key: bytes, value: bytes })
 */
export const bytes: Format<Uint8Array> = format('bytes', {
  decode: value => value,
  encode(value) {
    if (!(value instanceof Uint8Array)) throw new TypeError(`bytes must stand here, and this is a ${typeof value}`)
    return value
  },
})

const wholeCodec: Codec<number> = {
  decode(bytes) {
    if (bytes.length !== 8) throw new RangeError(`a whole number has 8 bytes, these are ${bytes.length}`)
    const high = (bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!
    const low = ((bytes[4]! << 24) | (bytes[5]! << 16) | (bytes[6]! << 8) | bytes[7]!) >>> 0
    const value = high * 0x1_0000_0000 + low
    if (!Number.isSafeInteger(value)) throw new RangeError(`the whole number ${value} is beyond 2^53 - 1`)
    return value
  },
  encode(value) {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number below 2^53`)
    const bytes = room(8)
    let high = Math.floor(value / 0x1_0000_0000)
    let low = value - high * 0x1_0000_0000
    for (let at = 3; at >= 0; at--) {
      bytes[at] = high & 0xff
      bytes[at + 4] = low & 0xff
      high >>= 8
      low = Math.floor(low / 256)
    }
    return bytes
  },
}

/**
 * A whole number below 2^53 as 8 bytes, big endian: what Kafka's own long serializer writes.
 * @example topic('counts', { key: text, value: whole })
 */
export const whole: Format<number> = format('whole', wholeCodec)

const realCodec: Codec<number> = {
  decode(bytes) {
    if (bytes.length !== 8) throw new RangeError(`a real number has 8 bytes, these are ${bytes.length}`)
    return viewOf(bytes).getFloat64(0)
  },
  encode(value) {
    if (typeof value !== 'number') throw new TypeError(`a number must stand here, and this is a ${typeof value}`)
    const bytes = room(8)
    viewOf(bytes).setFloat64(0, value)
    return bytes
  },
}

/**
 * A floating-point number as 8 bytes, big endian: what Kafka's own double serializer writes.
 * @example topic('temperatures', { key: text, value: real })
 */
export const real: Format<number> = format('real', realCodec)

/**
 * JSON, for prototypes and tests: nothing checks that old bytes still fit the type. `name` tells the lock file which type it is.
 * @example topic('orders', { key: text, value: json<Order>('Order') })
 */
export const json = <T>(name = 'value'): Format<T> =>
  format(`json ${name}`, {
    decode: bytes => JSON.parse(fromUtf8(bytes)) as T,
    encode(value) {
      const written = JSON.stringify(value)
      if (written === undefined) throw new TypeError(`${typeof value} cannot be written as JSON`)
      return utf8(written)
    },
  })
