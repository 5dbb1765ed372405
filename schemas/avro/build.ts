// Builder. Owns: the names defined so far, the references not yet resolved, the checks that must wait for them.
// Names are looked up where they stand; one that is defined only later, or in another file, is patched in by finish().
import { defaultFault, isQuotedNumber, shown } from './defaults.ts'
import { placeText } from './error.ts'
import { type JsonNode, type JsonObject, jsonText, plain } from './json.ts'
import { logicalTypeOf } from './logical.ts'
import { checkName, readHeader, readName, readSize, readSymbols } from './named.ts'
import { type Accept, isPrimitiveName, nearest, qualify } from './names.ts'
import { attributesOf, fail, optionalText, orderOf, required, spot, texts } from './read.ts'
import {
  branchName,
  type Default,
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
  /** Several files are read, whose order says nothing. */
  readonly #together: boolean
  readonly #pending: Pending[] = []
  readonly #checks: (() => void)[] = []
  /** Records whose fields are being read. */
  readonly #open = new Set<Schema>()

  constructor(accept: Accept, known: ReadonlyMap<string, Schema> = new Map(), together = false) {
    this.#accept = accept
    this.#together = together
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
      // As where the name stands behind its type: the order of files must not matter.
      const other = this.#together ? this.#find(pending.written) : undefined
      const found = this.#find(pending.fullName) ?? other ?? this.#unknown(pending)
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

  #define<T extends NamedSchema>(schema: T): T {
    const before = this.#find(schema.fullName)
    if (before === undefined) this.named.set(schema.fullName, schema)
    else if (this.#accept === 'strict' || !this.#isTwin(before, schema)) {
      const where = placeText(before.nameAt.position)
      const fix = 'rename one of the two, or refer to the first by its name'
      fail('duplicate', schema.nameAt, `"${schema.fullName}" is already defined at ${where}`, fix)
    }
    return schema
  }

  /**
   * Java lets a type be written out twice when both look the same at that moment: bare enums and fixeds, and a record
   * inside one of the same name, none of whose fields it has seen yet.
   */
  #isTwin(before: NamedSchema, again: NamedSchema): boolean {
    if (before.type === 'record') return again.type === 'record' && this.#open.has(before)
    if (Object.keys(before.attributes).length > 0) return false
    if (before.type === 'enum') return again.type === 'enum' && before.symbols.join() === again.symbols.join()
    return again.type === 'fixed' && before.sizeBytes === again.sizeBytes
  }

  #record(node: JsonObject, namespace: string, isError: boolean): RecordSchema {
    const header = readHeader(node, 'record', namespace, this.#accept)
    const fields: Field[] = []
    const record = this.#define({ type: 'record', logicalType: undefined, isError, fields, ...header })
    const list = required(node, 'fields', 'the record')
    if (list.kind !== 'array')
      return fail('shape', list, `"fields" must be an array, not ${shown(list)}`, 'write [...]')
    this.#open.add(record)
    for (const each of list.items) {
      const field = this.#field(each, record)
      if (fields.some(other => other.name === field.name))
        fail('duplicate', field.nameAt, `the record has two fields called "${field.name}"`, 'rename or remove one')
      fields.push(field)
    }
    this.#open.delete(record)
    return record
  }

  #field(node: JsonNode, record: RecordSchema): Field {
    if (node.kind !== 'object')
      return fail('shape', node, `a field is an object, not ${shown(node)}`, 'write {"name", "type"}')
    this.#once(node)
    const { name, nameAt } = readName(node, 'the field')
    checkName(name, nameAt, this.#accept)
    const typeNode = required(node, 'type', `field "${name}"`)
    const aliases = node.members.get('aliases')?.value
    // Written out, because a spread costs more than all the rest, and schemas are mostly fields.
    const field: Mutable<Field> = {
      name,
      nameAt,
      type: undefined as unknown as Schema,
      typeAt: spot(typeNode),
      default: undefined as Default | undefined,
      aliases: aliases === undefined ? [] : [...new Set(texts(aliases, '"aliases"').map(({ text }) => text))],
      doc: optionalText(node, 'doc'),
      order: orderOf(node),
      attributes: attributesOf(node, 'field'),
      position: node.position,
      pointer: node.pointer,
    }
    const pendingBefore = this.#pending.length
    this.#type(typeNode, record.namespace, schema => {
      field.type = schema
    })
    const defaultNode = node.members.get('default')?.value
    if (defaultNode !== undefined) {
      field.default = { value: plain(defaultNode), text: jsonText(defaultNode), ...spot(defaultNode) }
      const check = () => this.#checkDefault(defaultNode, field, record)
      // A type that is still to come can only be checked against when all is read; Java checks both then and now.
      const isWhole = this.#pending.length === pendingBefore
      if (isWhole || (this.#accept === 'apache' && !this.#together)) check()
      if (!isWhole) this.#checks.push(check)
    }
    return field
  }

  #checkDefault(node: JsonNode, field: Field, record: RecordSchema): void {
    if (this.#accept === 'apache' && isQuotedNumber(field.type, node)) return
    let openFault: string | undefined
    const metOpen = (open: Schema) => {
      openFault ??= `${branchName(open)} is still being defined here, so nothing can be a default of it`
    }
    const fault = defaultFault(field.type, node, { accept: this.#accept, open: this.#open, metOpen })
    if ((openFault ?? fault) === undefined) return
    const detail = `the default of ${record.name}.${field.name}: ${openFault ?? fault}`
    fail('default', node, detail, "give a value of the field's type")
  }

  #enum(node: JsonObject, namespace: string): NamedSchema {
    const header = readHeader(node, 'enum', namespace, this.#accept)
    return this.#define({ type: 'enum', logicalType: undefined, ...header, ...readSymbols(node, this.#accept) })
  }

  #fixed(node: JsonObject, namespace: string): NamedSchema {
    const header = readHeader(node, 'fixed', namespace, this.#accept)
    const size = readSize(node)
    const logicalType = logicalTypeOf('fixed', header.attributes, size.sizeBytes)
    return this.#define({ type: 'fixed', ...size, ...header, logicalType })
  }
}
