// Small changes to a schema, of the kinds that people make: the close calls of a compatibility check.
import type { Chance } from './random.ts'
import { type Loose, pools, SchemaMaker } from './random-schema.ts'

/** A place in the tree that holds a type. */
interface Slot {
  readonly schema: Loose
  put(schema: Loose): void
}

const slotsOf = (root: { schema: Loose }): Slot[] => {
  const slots: Slot[] = []
  const visit = (holder: Loose, key: string | number) => {
    const schema = holder[key]
    slots.push({
      schema,
      put: next => {
        holder[key] = next
      },
    })
    if (Array.isArray(schema)) for (const index of schema.keys()) visit(schema, index)
    else if (typeof schema === 'object') {
      for (const field of schema.fields ?? []) visit(field, 'type')
      if (schema.items !== undefined) visit(schema, 'items')
      if (schema.values !== undefined) visit(schema, 'values')
    }
  }
  visit(root, 'schema')
  return slots
}

const widened: Loose = { int: ['long', 'float', 'double'], long: ['float', 'double'], float: ['double'] }
const other: Loose = { string: 'bytes', bytes: 'string', long: 'int', double: 'float', float: 'long', boolean: 'int' }

type Change = (slot: Slot, chance: Chance, maker: SchemaMaker) => boolean
const is = (slot: Slot, type: string) => slot.schema?.type === type
const only =
  (type: string, change: (schema: Loose, chance: Chance, maker: SchemaMaker) => unknown): Change =>
  (slot, chance, maker) =>
    is(slot, type) && change(slot.schema, chance, maker) !== false
const onPrimitive =
  (change: (type: string, chance: Chance) => Loose): Change =>
  (slot, chance) => {
    const next = typeof slot.schema === 'string' ? change(slot.schema, chance) : undefined
    if (next !== undefined) slot.put(next)
    return next !== undefined
  }
const onUnion =
  (change: (branches: Loose[], chance: Chance, maker: SchemaMaker) => Loose): Change =>
  (slot, chance, maker) => {
    if (!Array.isArray(slot.schema)) return false
    const next = change(slot.schema, chance, maker)
    if (next !== undefined) slot.put(next)
    return next !== undefined
  }
const onField = (change: (field: Loose, chance: Chance, maker: SchemaMaker, record: Loose) => unknown): Change =>
  only('record', (record, chance, maker) =>
    record.fields.length === 0 ? false : change(chance.pick(record.fields as Loose[]), chance, maker, record),
  )
const onNamed =
  (change: (schema: Loose, chance: Chance) => unknown): Change =>
  (slot, chance) =>
    slot.schema?.name !== undefined && change(slot.schema, chance) !== false

const changes: readonly Change[] = [
  onPrimitive((type, chance) => (widened[type] ? chance.pick(widened[type] as string[]) : undefined)),
  onPrimitive(type => other[type]),
  onPrimitive((type, chance) => (type === 'null' ? undefined : chance.often(0.5) ? ['null', type] : [type, 'null'])),
  onUnion((branches, chance) => branches.toSpliced(chance.below(branches.length), 1)),
  onUnion((branches, _, maker) => {
    const branch = maker.schema(1)
    return Array.isArray(branch) ? undefined : [...branches, branch]
  }),
  onUnion(branches => branches.toReversed()),
  onUnion((branches, chance) => chance.pick(branches)),
  only('record', (record, chance, maker) => {
    record.fields.splice(chance.below(record.fields.length + 1), 0, maker.field(chance.pick(pools.fields), 1, ''))
  }),
  onField((field, _, _maker, record) => record.fields.splice(record.fields.indexOf(field), 1)),
  onField((field, chance) => {
    field.aliases = [field.name]
    field.name = chance.pick(pools.fields)
  }),
  onField((field, chance) => {
    field.name = chance.pick(pools.fields)
  }),
  onField((field, chance) => {
    field.aliases = [...(field.aliases ?? []), chance.pick(pools.aliases)]
  }),
  onField(field => field.default !== undefined && delete field.default),
  onField((field, _, maker) => {
    const value = maker.valueFor(field.type, 3)
    if (value === undefined) return false
    field.default = value
    return true
  }),
  onField((_field, _, _maker, record) => record.fields.reverse()),
  onField((field, chance, maker) => {
    const type = maker.schema(2)
    field.type = chance.often(0.5) && !Array.isArray(type) && type !== 'null' ? ['null', type] : type
    delete field.default
  }),
  only('enum', (schema, chance) => schema.symbols.push(chance.pick(pools.symbols))),
  only('enum', (schema, chance) => schema.symbols.splice(chance.below(schema.symbols.length), 1)),
  only('enum', schema => schema.symbols.reverse()),
  only('enum', schema => schema.default !== undefined && delete schema.default),
  only('enum', (schema, chance) => {
    schema.default = chance.pick(schema.symbols)
  }),
  only('fixed', (schema, chance) => {
    schema.size = chance.pick([1, 4, 16])
  }),
  onNamed(schema => {
    schema.namespace = 'moved'
    schema.name = schema.name.split('.').at(-1)
  }),
  onNamed((schema, chance) => {
    schema.aliases = [chance.often(0.7) ? schema.name : chance.pick(pools.names)]
    schema.name = `${schema.name}2`
  }),
  onNamed(schema => {
    schema.name = `${schema.name}2`
  }),
  onNamed((schema, chance) => {
    schema.aliases = [`${chance.pick(['x', 'z', 'moved'])}.${schema.name.split('.').at(-1)}`]
  }),
]

/** Renames may leave references behind: this makes them follow, most of the time. */
const followNames = (root: { schema: Loose }, before: readonly Loose[], after: readonly Loose[], chance: Chance) => {
  for (const [index, old] of before.entries()) {
    const now = after[index]
    if (now === undefined || old === now || chance.often(0.05)) continue
    for (const slot of slotsOf(root)) if (slot.schema === old) slot.put(now)
  }
}

const namesIn = (root: { schema: Loose }): string[] => {
  const names: string[] = []
  const visit = (schema: Loose, space: string): void => {
    if (Array.isArray(schema)) for (const branch of schema) visit(branch, space)
    if (typeof schema !== 'object' || Array.isArray(schema)) return
    let inner = space
    if (schema.name !== undefined) {
      const dot = schema.name.lastIndexOf('.')
      inner = dot < 0 ? (schema.namespace ?? space) : schema.name.slice(0, dot)
      const short = schema.name.slice(dot + 1)
      names.push(inner === '' ? short : `${inner}.${short}`)
    }
    for (const field of schema.fields ?? []) visit(field.type, inner)
    if (schema.items !== undefined) visit(schema.items, inner)
    if (schema.values !== undefined) visit(schema.values, inner)
  }
  visit(root.schema, '')
  return names
}

/** A near neighbour of a schema: one to three changes away. Not always a valid one. */
export const mutate = (schema: Loose, chance: Chance): Loose => {
  const root = { schema: structuredClone(schema) }
  const count = 1 + chance.below(3)
  for (let done = 0, attempt = 0; done < count && attempt < 200; attempt++) {
    const maker = new SchemaMaker(chance)
    const before = namesIn(root)
    if (!chance.pick(changes)(chance.pick(slotsOf(root)), chance, maker)) continue
    const after = namesIn(root)
    if (after.length === before.length) followNames(root, before, after, chance)
    done++
  }
  return root.schema
}
