// Random values of a schema, as our codec reads them: edges are as likely as anything between.
import type { Primitive, Schema, UnionSchema } from '../../schemas/avro/schema.ts'
import { type LongMode, longModeOf, unionTags } from '../../schemas/codec/shape.ts'
import type { Chance } from '../conformance-avro/random.ts'

/** A schema whose every value contains another of its own has no value at all. */
export class Endless extends Error {}

const nestingMax = 40

export class ValueMaker {
  readonly #chance: Chance
  readonly #long: LongMode

  constructor(chance: Chance, long: LongMode = 'bigint') {
    this.#chance = chance
    this.#long = long
  }

  /** `depth` counts the levels that may still be filled freely; below it everything is as small as can be. */
  of(schema: Schema, depth = 5): unknown {
    if (depth < -nestingMax) throw new Endless()
    const chance = this.#chance
    switch (schema.type) {
      case 'null':
        return null
      case 'boolean':
        return chance.often(0.5)
      case 'int':
        return this.#whole(31n, 'number')
      case 'long':
        return this.#whole(longModeOf(schema, this.#long) === 'number' ? 53n : 63n, longModeOf(schema, this.#long))
      case 'float':
        return Math.fround(this.#real(1e38))
      case 'double':
        return this.#real(1e300)
      case 'string':
        return schema.logicalType?.name === 'uuid' ? this.#uuid() : this.#text()
      case 'bytes':
      case 'fixed':
        return this.#bytes(schema)
      case 'enum':
        return chance.pick(schema.symbols)
      case 'array':
        return Array.from({ length: this.#size(depth) }, () => this.of(schema.items, depth - 1))
      case 'map':
        return this.#map(schema.values, depth)
      case 'union':
        return this.#branch(schema, depth)
      case 'record':
        return Object.fromEntries(schema.fields.map(field => [field.name, this.of(field.type, depth - 1)]))
    }
  }

  #size(depth: number): number {
    return depth <= 0 ? 0 : this.#chance.below(this.#chance.often(0.05) ? 40 : 4)
  }

  /** Numbers of every length, each sign alike: half of them at the edge of a length. */
  #whole(bits: bigint, as: LongMode): number | bigint {
    const length = BigInt(this.#chance.below(Number(bits) + 1))
    const edge = 2n ** length
    const inside = this.#chance.often(0.5) ? edge - 1n : this.#below(edge)
    const value = this.#chance.often(0.5) ? inside : -inside - (bits === 53n ? 0n : 1n)
    return as === 'number' ? Number(value) : value
  }

  #below(limit: bigint): bigint {
    const wide = (BigInt(this.#chance.below(2 ** 32)) << 32n) | BigInt(this.#chance.below(2 ** 32))
    return wide % limit
  }

  #real(scale: number): number {
    const special = [0, -0, 1, -1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 16_777_217]
    if (this.#chance.often(0.4)) return this.#chance.pick(special)
    const random = this.#chance.below(2 ** 32) / 2 ** 32 - 0.5
    return this.#chance.often(0.5) ? random * 1000 : random * scale
  }

  #uuid(): string {
    const hex = Array.from({ length: 32 }, () => this.#chance.below(16).toString(16)).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  }

  #text(): string {
    const pieces = [
      '',
      'a',
      'Ticket',
      ' ',
      '"\\\n',
      'ä',
      '€',
      '🎫',
      '\u0000',
      '__proto__',
      '0',
      '10',
      '2',
      'x'.repeat(70),
    ]
    return Array.from({ length: this.#chance.below(4) }, () => this.#chance.pick(pieces)).join('')
  }

  #bytes(schema: Extract<Schema, { readonly type: 'fixed' }> | Primitive): unknown {
    const { logicalType: logical } = schema
    if (logical?.name === 'uuid') return this.#uuid()
    if (logical?.name === 'decimal') return this.#decimal(logical.precision, logical.scale)
    const length = schema.type === 'fixed' ? schema.sizeBytes : this.#chance.below(this.#chance.often(0.1) ? 300 : 5)
    return Uint8Array.from({ length }, () => this.#chance.below(256))
  }

  #decimal(precision: number, scale: number): string {
    const limit = 10n ** BigInt(1 + this.#chance.below(precision))
    const digits = (this.#chance.often(0.3) ? limit - 1n : this.#below(limit)).toString().padStart(scale + 1, '0')
    const point = digits.length - scale
    const text = scale === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`
    return this.#chance.often(0.5) && /[1-9]/.test(text) ? `-${text}` : text
  }

  #map(values: Schema, depth: number): object {
    const map = Object.create(null)
    const keys = [...new Set(Array.from({ length: this.#size(depth) }, () => this.#text()))].sort()
    for (const key of keys) map[key] = this.of(values, depth - 1)
    return map
  }

  #branch(union: UnionSchema, depth: number): unknown {
    const flat = union.branches.findIndex(branch => !['record', 'array', 'map'].includes(branch.type))
    const index = depth <= 0 ? Math.max(flat, 0) : this.#chance.below(union.branches.length)
    const branch = union.branches[index]!
    const tag = unionTags(union, this.#long)?.[index]
    const value = this.of(branch, depth - 1)
    return tag === undefined || branch.type === 'null' ? value : { type: tag, value }
  }
}
