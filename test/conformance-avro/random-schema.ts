// Random schemas as plain JSON: few names, so that two of them often meet by chance.
import type { Chance } from './random.ts'

// biome-ignore lint/suspicious/noExplicitAny: schemas under construction have no one shape
export type Loose = any

const primitives = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string']
export const pools = {
  names: ['A', 'B', 'C', 'D', 'E', 'F'],
  spaces: ['', 'x', 'x.y', 'z'],
  fields: ['a', 'b', 'c', 'd', 'e', 'f'],
  aliases: ['c', 'f', 'g', 'h'],
  symbols: ['X', 'Y', 'Z', 'V', 'W'],
}
const logical: Loose[] = [
  { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 },
  { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 3 },
  { type: 'int', logicalType: 'date' },
  { type: 'long', logicalType: 'timestamp-millis' },
  { type: 'long', logicalType: 'timestamp-micros' },
  { type: 'string', logicalType: 'uuid' },
]

export class SchemaMaker {
  readonly chance: Chance
  /** The named types so far, by full name. */
  readonly defined = new Map<string, Loose>()

  constructor(chance: Chance) {
    this.chance = chance
  }

  schema(depth: number, space = ''): Loose {
    const kind = this.chance.below(100)
    if (this.defined.size > 0 && kind < 12) return this.reference()
    if (depth <= 0 || kind < 45) return this.primitive()
    if (kind < 62) return this.record(depth, space)
    if (kind < 70) return this.enum(space)
    if (kind < 75) return this.fixed(space)
    if (kind < 82) return { type: 'array', items: this.schema(depth - 1, space) }
    if (kind < 87) return { type: 'map', values: this.schema(depth - 1, space) }
    return this.union(depth, space)
  }

  primitive(): Loose {
    if (this.chance.often(0.08)) return structuredClone(this.chance.pick(logical))
    const type = this.chance.pick(primitives)
    return this.chance.often(0.1) ? { type } : type
  }

  reference(): string {
    return this.chance.pick([...this.defined.keys()])
  }

  #header(space: string): { header: Loose; space: string; fullName: string } | undefined {
    for (let attempt = 0; attempt < 8; attempt++) {
      const name = this.chance.pick(pools.names)
      const explicit = this.chance.often(0.3) ? this.chance.pick(pools.spaces) : undefined
      const own = explicit ?? space
      const fullName = own === '' ? name : `${own}.${name}`
      if (this.defined.has(fullName)) continue
      const header: Loose = { name }
      if (explicit !== undefined) {
        if (explicit !== '' && this.chance.often(0.4)) header.name = fullName
        else header.namespace = explicit
      }
      if (this.chance.often(0.2)) header.aliases = [this.alias()]
      return { header, space: own, fullName }
    }
    return undefined
  }

  alias(): string {
    const space = this.chance.pick(pools.spaces)
    const name = this.chance.pick(pools.names)
    return this.chance.often(0.5) || space === '' ? name : `${space}.${name}`
  }

  record(depth: number, space: string): Loose {
    const made = this.#header(space)
    if (made === undefined) return this.reference()
    const record: Loose = { type: this.chance.often(0.03) ? 'error' : 'record', ...made.header, fields: [] }
    this.defined.set(made.fullName, record)
    const names = pools.fields.filter(() => this.chance.often(0.5))
    if (this.chance.often(0.2)) names.reverse()
    for (const name of names) record.fields.push(this.field(name, depth - 1, made.space))
    return record
  }

  field(name: string, depth: number, space: string): Loose {
    const field: Loose = { name, type: this.schema(depth, space) }
    if (this.chance.often(0.4)) {
      const value = this.valueFor(field.type, 3)
      if (value !== undefined) field.default = value
    }
    if (this.chance.often(0.07)) field.aliases = [this.chance.pick(pools.aliases)]
    if (this.chance.often(0.03)) field.order = this.chance.pick(['ascending', 'descending', 'ignore'])
    return field
  }

  enum(space: string): Loose {
    const made = this.#header(space)
    if (made === undefined) return this.reference()
    const symbols = pools.symbols.filter(() => this.chance.often(0.5))
    if (symbols.length === 0) symbols.push('X')
    const schema: Loose = { type: 'enum', ...made.header, symbols }
    if (this.chance.often(0.35)) schema.default = this.chance.pick(symbols)
    this.defined.set(made.fullName, schema)
    return schema
  }

  fixed(space: string): Loose {
    const made = this.#header(space)
    if (made === undefined) return this.reference()
    const schema = { type: 'fixed', ...made.header, size: this.chance.pick([0, 1, 4, 16]) }
    this.defined.set(made.fullName, schema)
    return schema
  }

  union(depth: number, space: string): Loose {
    const branches: Loose[] = this.chance.often(0.6) ? ['null'] : []
    const keys = new Set(branches)
    const count = 1 + this.chance.below(3)
    for (let index = 0; index < count; index++) {
      const branch = this.schema(depth - 1, space)
      const key = this.key(branch)
      if (key === 'union') continue
      // A named type that was just defined must stay, so a clash is only possible among the others.
      if (keys.has(key)) continue
      keys.add(key)
      branches.push(branch)
    }
    if (branches.length === 0) branches.push('string')
    if (this.chance.often(0.25)) branches.reverse()
    return branches
  }

  key(schema: Loose): string {
    if (Array.isArray(schema)) return 'union'
    if (typeof schema === 'string') return schema
    for (const [fullName, defined] of this.defined) if (defined === schema) return fullName
    return schema.type
  }

  /** A JSON value that is a default for the schema, or undefined when none comes easily. */
  valueFor(schema: Loose, depth: number): Loose {
    if (Array.isArray(schema)) {
      if (schema.length === 0) return undefined
      const branch = this.chance.often(0.1) ? this.chance.pick(schema) : schema[0]
      return this.valueFor(branch, depth)
    }
    const type = typeof schema === 'string' ? schema : schema.type
    const named = typeof schema === 'string' ? this.defined.get(schema) : undefined
    if (named !== undefined) return depth > 0 ? this.valueFor(named, depth - 1) : undefined
    if (typeof schema === 'string' && !primitives.includes(schema)) return undefined
    if (type === 'null') return null
    if (type === 'boolean') return this.chance.often(0.5)
    if (type === 'int' || type === 'long') return this.chance.below(100)
    if (type === 'float' || type === 'double') return this.chance.below(100) / 4
    if (type === 'string' || type === 'bytes') return this.chance.pick(['', 'hello', '\u00ff'])
    if (type === 'array') return []
    if (type === 'map') return {}
    if (type === 'enum') return this.chance.pick(schema.symbols)
    if (type === 'fixed') return 'f'.repeat(schema.size)
    return depth > 0 ? this.#recordValue(schema, depth) : undefined
  }

  #recordValue(record: Loose, depth: number): Loose {
    const value: Loose = {}
    for (const field of record.fields) {
      if (field.default !== undefined && this.chance.often(0.5)) continue
      const inner = this.valueFor(field.type, depth - 1)
      if (inner === undefined) return undefined
      value[field.name] = inner
    }
    return value
  }
}
