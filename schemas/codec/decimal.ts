import type { LogicalType } from '../avro/schema.ts'
import type { Form } from './bytes.ts'
import { Fault } from './fault.ts'

const pattern = /^-?\d+(?:\.\d+)?$/

/** The number without its point, or undefined where the text is no decimal of at most so many digits. */
const unscaledOf = (value: unknown, precision: number, scale: number): bigint | undefined => {
  if (typeof value !== 'string' || value.length > precision + 3 + scale || !pattern.test(value)) return undefined
  const point = value.indexOf('.')
  const fraction = point < 0 ? '' : value.slice(point + 1)
  if (fraction.length > scale) return undefined
  const digits = (point < 0 ? value : value.slice(0, point)) + fraction.padEnd(scale, '0')
  const unscaled = BigInt(digits)
  return fits(unscaled, precision) ? unscaled : undefined
}

const fits = (unscaled: bigint, precision: number): boolean => {
  const bound = 10n ** BigInt(precision)
  return unscaled < bound && unscaled > -bound
}

const textOf = (unscaled: bigint, scale: number): string => {
  if (scale === 0) return unscaled.toString()
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const point = digits.length - scale
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`
}

const fromBytes = (bytes: Uint8Array, from: number, to: number): bigint => {
  let value = 0n
  for (let at = from; at < to; at++) value = (value << 8n) | BigInt(bytes[at]!)
  return to > from ? BigInt.asIntN((to - from) * 8, value) : 0n
}

/** Two's complement, the highest byte first, in `size` bytes or as few as will do. */
const toBytes = (value: bigint, size: number | undefined): Uint8Array => {
  const bits = (value < 0n ? ~value : value).toString(2).length
  const length = size ?? (value === 0n || value === -1n ? 1 : Math.floor(bits / 8) + 1)
  const bytes = new Uint8Array(length)
  let rest = value
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/** A sign that is repeated over whole bytes says nothing, and must not cost anything either. */
const skipSign = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (to - at > 1 && (bytes[at] === 0 ? bytes[at + 1]! < 0x80 : bytes[at] === 0xff && bytes[at + 1]! >= 0x80)) at++
  return at
}

/** A decimal is text such as `-12.50`, always with all digits of its scale: nothing is lost, and equal ones are equal. */
export const decimalForm = (
  { precision, scale }: Extract<LogicalType, { name: 'decimal' }>,
  size: number | undefined,
): Form => {
  const bytesMax = Math.floor((precision * Math.log2(10)) / 8) + 1
  return {
    holds: value => unscaledOf(value, precision, scale) !== undefined,
    read(bytes, from, to) {
      const start = skipSign(bytes, from, to)
      const unscaled = to - start > bytesMax ? undefined : fromBytes(bytes, start, to)
      if (unscaled === undefined || !fits(unscaled, precision))
        throw new Fault(from, `the decimal has more than the ${precision} digits of its precision`)
      return textOf(unscaled, scale)
    },
    write: (value: string) => toBytes(unscaledOf(value, precision, scale)!, size),
  }
}
