// Builder. Owns: the names defined so far, the references not yet resolved, the checks that must wait for them.
// Names are looked up where they stand; one that is defined only later, or in another file, is patched in by finish().
import { defaultFault, isQuotedNumber, shown } from './defaults.ts'
import { placeText } from './error.ts'
import { type JsonNode, type JsonObject, jsonText, plain } from './json.ts'
import { logicalTypeOf } from './logical.ts'
import { type Accept, type FullName, isPrimitiveName, nameFault, nearest, qualify } from './names.ts'
import { attributesOf, fail, optionalText, orderOf, required, sameLeaf, spot, texts } from './read.ts'
import {
  branchName,
  type Default,
  type EnumSchema,
  type Field,
  isNamed,
  type NamedSchema,
  type PrimitiveType,
  primitiveTypes,
  type RecordSchema,
  type Schema,
  type Spot,
  type UnionSchema,
} from './schema.ts'

/** A place that holds a schema, or will after finish(). */
export interface Use {
  schema: Schema
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Pending {
  readonly written: string
  readonly fullName: string
  readonly at: JsonNode
  put(schema: Schema): void
}

export class Builder {
  readonly named = new Map<string, NamedSchema>()
  readonly references = new Map<string, Set<string>>()
  readonly #accept: Accept
  readonly #known: ReadonlyMap<string, Schema>
  readonly #pending: Pending[] = []
  readonly #checks: (() => void)[] = []

  constructor(accept: Accept, known: ReadonlyMap<string, Schema> = new Map()) {
    this.#accept = accept
    this.#known = known
  }

  root(node: JsonNode): Use {
    const use = {} as Use
    this.#type(node, '', schema => {
      use.schema = schema
    })
    return use
  }

  /** Resolves what was named before it was defined, then makes the checks that need all types whole. */
  finish(): void {
    for (const pending of this.#pending) {
      const found = this.#find(pending.fullName) ?? this.#unknown(pending)
      this.#refer(pending.at, found)
      pending.put(found)
    }
    for (const check of this.#checks) check()
  }

  #find(fullName: string): NamedSchema | undefined {
    const known = this.#known.get(fullName)
    return known !== undefined && isNamed(known) ? known : this.named.get(fullName)
  }

  #unknown({ written, fullName, at }: Pending): never {
    const meant = nearest(written, [...this.named.keys(), ...this.#known.keys(), ...primitiveTypes])
    const seen = written === fullName ? '' : ` (looked for "${fullName}")`
    const fix = meant === undefined ? 'define it, or name the file that does' : `did you mean "${meant}"`
    return fail('reference', at, `no type is called "${written}"${seen}`, fix)
  }

  #refer(at: Spot, to: NamedSchema): void {
    const [from, target] = [at.position.file, to.position.file]
    if (from === undefined || target === undefined || from === target) return
    const files = this.references.get(from) ?? new Set()
    this.references.set(from, files.add(target))
  }

  #type(node: JsonNode, namespace: string, put: (schema: Schema) => void): void {
    if (node.kind === 'string') this.#name(String(node.value), node, namespace, put)
    else if (node.kind === 'array') put(this.#union(node, node.items, namespace))
    else if (node.kind === 'object') this.#object(node, namespace, put)
    else fail('shape', node, `${shown(node)} is no schema`, 'write a type name, an object, or an array for a union')
  }

  #name(written: string, at: JsonNode, namespace: string, put: (schema: Schema) => void): void {
    if (isPrimitiveName(written)) {
      put({ type: written as PrimitiveType, logicalType: undefined, attributes: {}, ...spot(at) })
      return
    }
    const { fullName } = qualify(written, namespace)
    const found = this.#find(fullName) ?? this.#find(written)
    if (found === undefined) this.#pending.push({ written, fullName, at, put })
    else {
      this.#refer(at, found)
      put(found)
    }
  }

  #object(node: JsonObject, namespace: string, put: (schema: Schema) => void): void {
    this.#once(node)
    const typeNode = required(node, 'type', 'the schema')
    if (typeNode.kind !== 'string')
      throw fail('shape', typeNode, '"type" must be a name here', 'put the inner schema in place of the outer one')
    const type = String(typeNode.value)
    if (isPrimitiveName(type)) {
      const attributes = attributesOf(node, 'primitive')
      put({ type: type as PrimitiveType, logicalType: logicalTypeOf(type, attributes), attributes, ...spot(node) })
    } else if (type === 'record' || type === 'error') put(this.#record(node, namespace, type === 'error'))
    else if (type === 'enum') put(this.#enum(node, namespace))
    else if (type === 'fixed') put(this.#fixed(node, namespace))
    else if (type === 'array' || type === 'map') put(this.#container(node, type, namespace))
    else this.#name(type, typeNode, namespace, put)
  }

  #once(node: JsonObject): void {
    const again = node.repeated[0]
    if (again !== undefined && this.#accept === 'strict')
      fail('duplicate', again.key, 'this key stands twice in one object', 'remove one of the two')
  }

  #container(node: JsonObject, type: 'array' | 'map', namespace: string): Schema {
    const key = type === 'array' ? 'items' : 'values'
    const inner = required(node, key, `the ${type}`)
    const attributes = attributesOf(node, type)
    const result = { type, logicalType: undefined, attributes, [`${key}At`]: spot(inner), ...spot(node) } as never
    this.#type(inner, namespace, schema => {
      ;(result as Record<string, unknown>)[key] = schema
    })
    return result
  }

  #union(at: Spot, items: readonly JsonNode[], namespace: string): UnionSchema {
    const branches: Schema[] = []
    const branchesAt = items.map(spot)
    for (const [index, item] of items.entries()) {
      if (item.kind === 'array')
        fail('union', item, 'a union stands directly in a union', 'list its branches in the outer one')
      this.#type(item, namespace, schema => {
        branches[index] = schema
      })
    }
    this.#checks.push(() => {
      const names = branches.map(branchName)
      const twice = names.findIndex((name, index) => names.indexOf(name) < index)
      if (twice >= 0)
        fail('union', branchesAt[twice]!, `the union has two branches of type ${names[twice]}`, 'remove one')
    })
    return { type: 'union', branches, branchesAt, logicalType: undefined, attributes: {}, ...spot(at) }
  }

  /** What records, enums and fixeds have in common. */
  #header(node: JsonObject, kind: 'record' | 'enum' | 'fixed', namespace: string) {
    const nameNode = required(node, 'name', `the ${kind}`)
    if (nameNode.kind !== 'string')
      return fail('name', nameNode, `a name is a string, not ${shown(nameNode)}`, 'quote it')
    const name = qualify(String(nameNode.value), optionalText(node, 'namespace') ?? namespace)
    this.#checkName(name, nameNode)
    if (isPrimitiveName(name.fullName))
      fail('name', nameNode, `"${name.fullName}" is a type of Avro's own`, 'rename it')
    const aliases = texts(node.members.get('aliases')?.value, '"aliases"').map(({ text, at }) => {
      const alias = qualify(text, name.namespace)
      this.#checkName(alias, at)
      return alias.fullName
    })
    const doc = optionalText(node, 'doc')
    const attributes = attributesOf(node, kind)
    return { ...name, nameAt: spot(nameNode), aliases: [...new Set(aliases)], doc, attributes, ...spot(node) }
  }

  #checkName({ name, namespace }: FullName, at: Spot): void {
    for (const part of [...(namespace === '' ? [] : namespace.split('.')), name]) {
      const fault = nameFault(part, this.#accept)
      if (fault !== undefined) fail('name', at, fault, 'rename it')
    }
  }

  #define<T extends NamedSchema>(schema: T): T {
    const before = this.#find(schema.fullName)
    const harmless = this.#accept === 'apache' && before !== undefined && sameLeaf(before, schema)
    if (before !== undefined && !harmless)
      fail(
        'duplicate',
        schema.nameAt,
        `"${schema.fullName}" is already defined at ${placeText(before.nameAt.position)}`,
        'rename one of the two, or refer to the first by its name',
      )
    if (before === undefined) this.named.set(schema.fullName, schema)
    return schema
  }

  #record(node: JsonObject, namespace: string, isError: boolean): RecordSchema {
    const header = this.#header(node, 'record', namespace)
    const fields: Field[] = []
    const record = this.#define({ type: 'record', logicalType: undefined, isError, fields, ...header })
    const list = required(node, 'fields', 'the record')
    if (list.kind !== 'array')
      return fail('shape', list, `"fields" must be an array, not ${shown(list)}`, 'write [...]')
    for (const each of list.items) {
      const field = this.#field(each, record)
      const before = fields.find(other => other.name === field.name)
      if (before !== undefined)
        fail('duplicate', field.nameAt, `the record has two fields called "${field.name}"`, 'rename or remove one')
      fields.push(field)
    }
    return record
  }

  #field(node: JsonNode, record: RecordSchema): Field {
    if (node.kind !== 'object')
      return fail('shape', node, `a field is an object, not ${shown(node)}`, 'write {"name", "type"}')
    this.#once(node)
    const nameNode = required(node, 'name', 'the field')
    if (nameNode.kind !== 'string')
      return fail('name', nameNode, `a name is a string, not ${shown(nameNode)}`, 'quote it')
    const name = String(nameNode.value)
    const fault = nameFault(name, this.#accept)
    if (fault !== undefined) fail('name', nameNode, fault, 'rename it')
    const typeNode = required(node, 'type', `field "${name}"`)
    const field = {
      name,
      type: undefined as unknown as Schema,
      nameAt: spot(nameNode),
      typeAt: spot(typeNode),
      default: undefined as Default | undefined,
      aliases: [...new Set(texts(node.members.get('aliases')?.value, '"aliases"').map(({ text }) => text))],
      doc: optionalText(node, 'doc'),
      order: orderOf(node),
      attributes: attributesOf(node, 'field'),
      ...spot(node),
    } satisfies Mutable<Field>
    this.#type(typeNode, record.namespace, schema => {
      field.type = schema
    })
    this.#default(node.members.get('default')?.value, field, record)
    return field
  }

  #default(node: JsonNode | undefined, field: Mutable<Field>, record: RecordSchema): void {
    if (node === undefined) return
    field.default = { value: plain(node), text: jsonText(node), ...spot(node) }
    this.#checks.push(() => {
      if (this.#accept === 'apache' && isQuotedNumber(field.type, node)) return
      const fault = defaultFault(field.type, node, this.#accept)
      if (fault !== undefined)
        fail(
          'default',
          node,
          `the default of ${record.name}.${field.name}: ${fault}`,
          "give a value of the field's type",
        )
    })
  }

  #enum(node: JsonObject, namespace: string): EnumSchema {
    const header = this.#header(node, 'enum', namespace)
    const symbols = texts(required(node, 'symbols', 'the enum'), '"symbols"')
    for (const [index, { text, at }] of symbols.entries()) {
      const fault = nameFault(text, this.#accept)
      if (fault !== undefined) fail('symbol', at, fault, 'rename the symbol')
      if (symbols.findIndex(other => other.text === text) < index)
        fail('duplicate', at, `the symbol "${text}" stands twice`, 'remove one')
    }
    const names = symbols.map(symbol => symbol.text)
    const defaultNode = node.members.get('default')?.value
    const fallback = optionalText(node, 'default')
    if (defaultNode !== undefined && (fallback === undefined ? this.#accept === 'strict' : !names.includes(fallback)))
      fail(
        'default',
        defaultNode,
        `the default ${shown(defaultNode)} is no symbol of the enum`,
        `use one of ${names.join(', ')}`,
      )
    const at = defaultNode === undefined ? undefined : spot(defaultNode)
    const symbolsAt = symbols.map(symbol => symbol.at)
    return this.#define({
      type: 'enum',
      logicalType: undefined,
      symbols: names,
      symbolsAt,
      default: fallback,
      defaultAt: at,
      ...header,
    })
  }

  #fixed(node: JsonObject, namespace: string): NamedSchema {
    const header = this.#header(node, 'fixed', namespace)
    const size = required(node, 'size', 'the fixed')
    const sizeBytes = size.kind === 'number' && /^\d+$/.test(size.text) ? Number(size.text) : undefined
    if (sizeBytes === undefined || sizeBytes >= 2 ** 31)
      return fail('shape', size, `the size ${shown(size)} is no whole number of bytes`, 'write a number such as 16')
    const logicalType = logicalTypeOf('fixed', header.attributes, sizeBytes)
    return this.#define({ type: 'fixed', sizeBytes, sizeAt: spot(size), ...header, logicalType })
  }
}
