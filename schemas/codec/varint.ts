// Avro writes int and long as zigzag numbers of 7 bits a byte, the lowest first. What is read stands in three parts
// of 28, 28 and 8 bits, because 64 bits are more than a number holds and a bigint for each is slow.
import type { Tap } from './avsc.ts'
import { endsEarly, Fault, numberTooLong } from './fault.ts'

let low = 0
let middle = 0
let high = 0

const bit28 = 2 ** 28
const middleSafe = 2 ** 25

const readParts = (tap: Tap): void => {
  const { buf } = tap
  const start = tap.pos
  let at = start
  low = middle = high = 0
  for (let shift = 0; ; shift += 7) {
    const byte = buf[at++]
    if (byte === undefined) throw new Fault(start, endsEarly)
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift < 56) middle |= bits << (shift - 28)
    else high |= bits << (shift - 56)
    if (byte < 0x80) break
    if (shift === 63) throw new Fault(start, numberTooLong)
  }
  if (high > 0xff) throw new Fault(start, numberTooLong)
  tap.pos = at
}

/** The number that the parts make, or NaN where a number cannot hold it. */
const safeNumber = (): number => {
  if (high !== 0 || middle >= middleSafe) return Number.NaN
  const zigzag = middle * bit28 + low
  return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
}

const wide = (): bigint => {
  const zigzag = (BigInt(high) << 56n) | (BigInt(middle) << 28n) | BigInt(low)
  return (zigzag >> 1n) ^ -(zigzag & 1n)
}

export const readInt = (tap: Tap): number => {
  const byte = tap.buf[tap.pos]!
  if (byte < 0x80) {
    tap.pos++
    return (byte >>> 1) ^ -(byte & 1)
  }
  const start = tap.pos
  readParts(tap)
  if (high !== 0 || middle > 0xf) throw new Fault(start, numberTooLong)
  const zigzag = (low | (middle << 28)) >>> 0
  return (zigzag >>> 1) ^ -(zigzag & 1)
}

export const readBigint = (tap: Tap): bigint => {
  readParts(tap)
  const number = safeNumber()
  return Number.isNaN(number) ? wide() : BigInt(number)
}

/** Throws where the number is beyond what a JavaScript number holds exactly. */
export const readSafeNumber = (tap: Tap): number => {
  const { buf } = tap
  const start = tap.pos
  // Up to seven bytes, as every date of our time has, no bit can be lost.
  let zigzag = 0
  for (let index = 0, scale = 1; index < 7; index++, scale *= 128) {
    const byte = buf[start + index]!
    zigzag += (byte & 0x7f) * scale
    if (byte < 0x80) {
      tap.pos = start + index + 1
      return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2
    }
  }
  readParts(tap)
  const number = safeNumber()
  if (!Number.isNaN(number)) return number
  const exact = wide()
  if (exact >= -maxSafe && exact <= maxSafe) return Number(exact)
  throw new Fault(start, `${exact} is beyond 2^53, where numbers lose digits: read it with { long: 'bigint' }`)
}

/** The nearest number, as promotion to float and double wants it. */
export const readNearest = (tap: Tap): number => {
  readParts(tap)
  const number = safeNumber()
  return Number.isNaN(number) ? Number(wide()) : number
}

/** A count, a length or an index: never beyond what one datum could hold. */
export const readCount = (tap: Tap): number => {
  const byte = tap.buf[tap.pos]!
  if (byte < 0x80) {
    tap.pos++
    return (byte >>> 1) ^ -(byte & 1)
  }
  return readNearest(tap)
}

const maxSafe = BigInt(Number.MAX_SAFE_INTEGER)
/** Up to here avsc's arithmetic is exact; beyond it, twice the number no longer fits. */
const plainMax = 2 ** 51

export const writeNumber = (tap: Tap, value: number): void => {
  if (value < plainMax && value > -plainMax) tap.writeLong(value)
  else writeWide(tap, BigInt(value))
}

export const writeBigint = (tap: Tap, value: bigint): void => {
  const number = Number(value)
  if (number < plainMax && number > -plainMax) tap.writeLong(number)
  else writeWide(tap, value)
}

const writeWide = (tap: Tap, value: bigint): void => {
  const { buf } = tap
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
  while (rest > 0x7fn) {
    buf[tap.pos++] = Number(rest & 0x7fn) | 0x80
    rest >>= 7n
  }
  buf[tap.pos++] = Number(rest)
}
