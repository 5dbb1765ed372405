import type { LogicalType } from '../avro/schema.ts'
import { type AvroType, bareType, type CopyOptions, type Hook, type OpenResolver, refuse, type Tap } from './avsc.ts'
import { endsEarly, Fault } from './fault.ts'
import { refuseClash } from './logical.ts'
import { readBigint, readInt, readNearest, readSafeNumber, writeBigint, writeNumber } from './varint.ts'

/** The check and copy methods that follow from one question. */
export const checkedBy = (holds: (value: unknown) => boolean, type: string) => ({
  _check(this: AvroType, value: unknown, _flags?: number, hook?: Hook): boolean {
    const valid = holds(value)
    if (!valid && hook) hook(value, this)
    return valid
  },
  _copy(value: unknown, _options?: CopyOptions): unknown {
    return holds(value) ? value : refuse(type)
  },
})

const isInt = (value: unknown): boolean => value === ((value as number) | 0)
const isLongNumber = (value: unknown): boolean => Number.isSafeInteger(value)
const longMin = -(2n ** 63n)
const longMax = 2n ** 63n - 1n
const isLongBigint = (value: unknown): boolean => typeof value === 'bigint' && value >= longMin && value <= longMax

export const readBoolean = (tap: Tap): boolean => {
  const byte = tap.buf[tap.pos]
  if (byte === undefined) throw new Fault(tap.pos, endsEarly)
  if (byte > 1) throw new Fault(tap.pos, `${byte} is no boolean: one is a byte of 0 or 1`)
  tap.pos++
  return byte === 1
}

export const booleanType = (): AvroType => bareType('BooleanType', undefined, undefined, { _read: readBoolean })

export const intType = (logical: LogicalType | undefined): AvroType =>
  bareType('IntType', undefined, undefined, {
    ...(logical && { logical }),
    ...checkedBy(isInt, 'int'),
    _read: readInt,
    _write(tap: Tap, value: unknown): void {
      if (!isInt(value)) refuse('int')
      tap.writeLong(value as number)
    },
    _update(resolver: OpenResolver, writer: AvroType): void {
      refuseClash(logical, writer.logical)
      if (writer.typeName === 'int') resolver._read = readInt
    },
  })

export const longType = (as: 'bigint' | 'number', logical: LogicalType | undefined): AvroType => {
  const read = as === 'bigint' ? readBigint : readSafeNumber
  const holds = as === 'bigint' ? isLongBigint : isLongNumber
  const write = (as === 'bigint' ? writeBigint : writeNumber) as (tap: Tap, value: unknown) => void
  return bareType('LongType', undefined, undefined, {
    ...(logical && { logical }),
    as,
    ...checkedBy(holds, 'long'),
    _read: read,
    _write(tap: Tap, value: unknown): void {
      if (!holds(value)) refuse('long')
      write(tap, value)
    },
    _copy(value: unknown, options?: CopyOptions): unknown {
      const whole = options && (Number.isInteger(value) || typeof value === 'bigint')
      const own = whole ? (as === 'bigint' ? BigInt(value as number) : Number(value)) : value
      return holds(own) ? own : refuse('long')
    },
    _update(resolver: OpenResolver, writer: AvroType): void {
      refuseClash(logical, writer.logical)
      if (writer.typeName === 'long') resolver._read = read
      else if (writer.typeName === 'int') {
        resolver._read = as === 'bigint' ? tap => BigInt(readInt(tap)) : readInt
      }
    },
  })
}

/** A finite number beyond the range of a float would be written as infinity. */
const isFloat = (value: unknown): boolean =>
  typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value))

export const floatType = (): AvroType =>
  bareType('FloatType', undefined, undefined, {
    ...checkedBy(isFloat, 'float'),
    _write(tap: Tap, value: unknown): void {
      if (!isFloat(value)) refuse('float')
      tap.writeFloat(value as number)
    },
    _update(resolver: OpenResolver, writer: AvroType): void {
      if (writer.typeName === 'float') resolver._read = tap => tap.readFloat()
      else if (isWhole(writer)) resolver._read = tap => Math.fround(readNearest(tap))
    },
  })

export const doubleType = (): AvroType =>
  bareType('DoubleType', undefined, undefined, {
    _update(resolver: OpenResolver, writer: AvroType): void {
      if (writer.typeName === 'double') resolver._read = tap => tap.readDouble()
      else if (writer.typeName === 'float') resolver._read = tap => tap.readFloat()
      else if (isWhole(writer)) resolver._read = readNearest
    },
  })

const isWhole = (writer: AvroType): boolean => writer.typeName === 'int' || writer.typeName === 'long'
