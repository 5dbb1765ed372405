// Values that show a finding: small, and holding the symbol or the branch it is about.
import { reachable, type Schema, type UnionSchema } from '../avro/schema.ts'
import { longModeOf, unionTags } from '../codec/shape.ts'
import type { Holds } from './compare/change.ts'

const digits = '123456789'

/** A value of a schema as our codec takes it; undefined where a schema has no finite value. */
export const sampleOf = (schema: Schema, holds: Holds = {}): unknown => new Sampler(holds).value(schema, new Set())

const nothing = Symbol('no finite value')

class Sampler {
  readonly #holds: Holds
  constructor(holds: Holds) {
    this.#holds = holds
  }

  value(schema: Schema, inside: ReadonlySet<Schema>): unknown {
    const made = this.#make(schema, inside)
    return made === nothing ? undefined : made
  }

  /** Whether the value that is looked for can stand somewhere in a schema. */
  #leads(schema: Schema): boolean {
    const { branch, symbol } = this.#holds
    return reachable(schema).some(
      each => each === branch || (symbol !== undefined && each.type === 'enum' && each.symbols.includes(symbol)),
    )
  }

  #make(schema: Schema, inside: ReadonlySet<Schema>): unknown {
    switch (schema.type) {
      case 'null':
        return null
      case 'boolean':
        return true
      case 'int':
        return schema.logicalType?.name === 'date' ? 20_000 : 42
      case 'long':
        return longModeOf(schema, 'bigint') === 'number' ? 1_700_000_000_000 : 1_700_000_000_000n
      case 'float':
      case 'double':
        return 1.5
      case 'string':
        return schema.logicalType?.name === 'uuid' ? '6ba7b810-9dad-41d1-80b4-00c04fd430c8' : 'text'
      case 'bytes':
      case 'fixed':
        return this.#bytes(schema)
      case 'enum':
        return schema.symbols.find(symbol => symbol === this.#holds.symbol) ?? schema.symbols[0] ?? nothing
      case 'array':
        return this.#leads(schema.items) ? this.#kept(this.#make(schema.items, inside), item => [item], []) : []
      case 'map':
        return this.#leads(schema.values)
          ? this.#kept(this.#make(schema.values, inside), value => ({ key: value }), {})
          : {}
      case 'union':
        return this.#union(schema, inside)
      case 'record':
        return this.#record(schema, inside)
    }
  }

  #kept(inner: unknown, wrap: (value: unknown) => unknown, otherwise: unknown): unknown {
    return inner === nothing ? otherwise : wrap(inner)
  }

  #bytes(schema: Schema): unknown {
    const logical = schema.logicalType
    if (logical?.name === 'uuid') return '6ba7b810-9dad-41d1-80b4-00c04fd430c8'
    if (logical?.name === 'decimal') {
      const all = digits.slice(0, Math.min(logical.precision, Math.max(logical.scale + 3, 1), digits.length))
      const whole = all.padStart(logical.scale + 1, '0')
      return logical.scale === 0 ? whole : `${whole.slice(0, -logical.scale)}.${whole.slice(-logical.scale)}`
    }
    return schema.type === 'fixed' ? new Uint8Array(schema.sizeBytes).fill(0xff) : new Uint8Array([0xff])
  }

  #union(schema: UnionSchema, inside: ReadonlySet<Schema>): unknown {
    const wanted = this.#holds.branch === undefined ? -1 : schema.branches.indexOf(this.#holds.branch)
    const leading =
      wanted >= 0 ? wanted : schema.branches.findIndex(branch => this.#leads(branch) && !inside.has(branch))
    const order = [...schema.branches.keys()].sort((a, b) => Number(b === leading) - Number(a === leading))
    const tags = unionTags(schema, 'bigint')
    for (const index of order) {
      const inner = this.#make(schema.branches[index]!, inside)
      if (inner !== nothing) return tags === undefined || inner === null ? inner : { type: tags[index], value: inner }
    }
    return nothing
  }

  #record(schema: Schema & { type: 'record' }, inside: ReadonlySet<Schema>): unknown {
    if (inside.has(schema)) return nothing
    const within = new Set([...inside, schema])
    const entries = schema.fields.map(field => [field.name, this.#make(field.type, within)] as const)
    return entries.some(([, value]) => value === nothing) ? nothing : Object.fromEntries(entries)
  }
}

/** A value as a person writes it: bigints with an n, bytes in hexadecimal. */
export const shownValue = (value: unknown): string => {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`
  if (Array.isArray(value)) return `[${value.map(shownValue).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}: ${shownValue(each)}`)
    .join(', ')}}`
}
