// What programs on Node do with a pair of schemas. They decide when they first meet a writer's schema, for all of its
// records at once, where Apache Avro waits for the first record that really does not fit.

import { sources } from '../avro/resolve.ts'
import {
  branchName,
  type Field,
  isNamed,
  type NamedSchema,
  type RecordSchema,
  type Schema,
  type Spot,
  type UnionSchema,
} from '../avro/schema.ts'
import { logicalClash } from '../codec/logical.ts'
import { avscFault } from './avsc-fault.ts'
import { franzFault } from './franz-fault.ts'

/** `franz` is the codec of this library; `avsc` the bare npm package, with or without its option to ignore namespaces. */
export type NodeRuntime = 'franz' | 'avsc' | 'avsc-strict'

export type NodeReasonKind =
  | 'name'
  | 'fixed-size'
  | 'enum-symbols'
  | 'missing-default'
  | 'ambiguous-alias'
  | 'type'
  | 'missing-branch'
  | 'logical'
  | 'schema'

/** Why a program on Node refuses every record of a writer. */
export interface NodeReason {
  readonly kind: NodeReasonKind
  readonly reader: Schema
  readonly writer: Schema
  readonly field: Field | undefined
  readonly path: string
  readonly message: string
  /** Where the reader's schema itself is at fault, for `schema`. */
  readonly at?: Spot
}

/** Why a reader on Node refuses all that a writer wrote; undefined when it reads it. */
export const nodeReason = (reader: Schema, writer: Schema, runtime: NodeRuntime): NodeReason | undefined => {
  const about = { reader, writer, field: undefined, path: '' }
  const fault = runtime === 'franz' ? franzFault(reader) : (avscFault(reader) ?? avscFault(writer))
  if (fault !== undefined) return { kind: 'schema', ...about, ...fault }
  return new NodeCheck(runtime).decide(reader, writer)
}

const promotions: Readonly<Partial<Record<Schema['type'], readonly Schema['type'][]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
}
/** Types whose values the codec reads by their logical type. */
const annotated: readonly Schema['type'][] = ['int', 'long', 'bytes', 'fixed']

const shortName = (fullName: string): string => fullName.slice(fullName.lastIndexOf('.') + 1)

/** Whether two fields of named types belong together for a program on Node. */
export const nodeNamesMatch = (reader: NamedSchema, writer: NamedSchema, runtime: NodeRuntime): boolean => {
  const names = [reader.fullName, ...reader.aliases]
  return runtime === 'avsc-strict'
    ? names.includes(writer.fullName)
    : names.map(shortName).includes(shortName(writer.fullName))
}

class NodeCheck {
  readonly #runtime: NodeRuntime
  /** The pairs of records that were begun, by their names: taken for readable as long as nothing says otherwise. */
  #begun = new Set<string>()
  /** Pairs of records that cannot be read, whatever else can. */
  readonly #failed = new Map<string, NodeReason>()

  constructor(runtime: NodeRuntime) {
    this.#runtime = runtime
  }

  /**
   * Our codec takes back what rested on a pair that failed in the end, and tries again; so do we, until nothing fails
   * any more that was taken for readable. Whatever fails with the most generous beliefs fails with all others too.
   */
  decide(reader: Schema, writer: Schema): NodeReason | undefined {
    for (;;) {
      const failedBefore = this.#failed.size
      this.#begun = new Set()
      const reason = this.pair(reader, writer, '')
      if (reason !== undefined || this.#failed.size === failedBefore || this.#runtime !== 'franz') return reason
    }
  }

  pair(reader: Schema, writer: Schema, path: string): NodeReason | undefined {
    if (writer.type === 'union') return firstReason(writer.branches, branch => this.pair(reader, branch, path))
    if (reader.type === 'union') return this.#branch(reader, writer, path)
    if (reader.type === 'record' && writer.type === 'record') return this.#record(reader, writer, path)
    return this.#others(reader, writer, path)
  }

  #others(reader: Schema, writer: Schema, path: string): NodeReason | undefined {
    const because = (kind: NodeReasonKind, message: string) => ({
      kind,
      reader,
      writer,
      field: undefined,
      path,
      message,
    })
    if (this.#runtime === 'franz' && (annotated.includes(reader.type) || reader.logicalType?.name === 'uuid')) {
      const clash = logicalClash(reader.logicalType, writer.logicalType)
      if (clash !== undefined) return because('logical', clash)
    }
    if (reader.type === 'array' && writer.type === 'array')
      return this.pair(reader.items, writer.items, `${path}/items`)
    if (reader.type === 'map' && writer.type === 'map') return this.pair(reader.values, writer.values, `${path}/values`)
    if (isNamed(reader) && reader.type === writer.type && !nodeNamesMatch(reader, writer, this.#runtime))
      return because('name', `${reader.fullName} is not ${writer.fullName}, and has no such alias`)
    if (reader.type === 'enum' && writer.type === 'enum') {
      const unknown = writer.symbols.filter(symbol => !reader.symbols.includes(symbol))
      if (unknown.length === 0 || reader.default !== undefined) return undefined
      return because('enum-symbols', `enum ${reader.fullName} lacks ${unknown.join(', ')} and has no default`)
    }
    if (reader.type === 'fixed' && writer.type === 'fixed' && reader.sizeBytes !== writer.sizeBytes)
      return because('fixed-size', `${reader.sizeBytes} bytes are not ${writer.sizeBytes}`)
    if (reader.type === writer.type || promotions[writer.type]?.includes(reader.type)) return undefined
    return because('type', `${reader.type} cannot read ${writer.type}`)
  }

  /** The first branch that a resolver can be made for. */
  #branch(reader: UnionSchema, writer: Schema, path: string): NodeReason | undefined {
    const exact = (branch: Schema) => branch.type === writer.type && branchName(branch) === branchName(writer)
    const ordered = [...reader.branches.entries()]
    if (this.#runtime === 'franz') ordered.sort((a, b) => Number(exact(b[1])) - Number(exact(a[1])))
    let inner: NodeReason | undefined
    for (const [index, branch] of ordered) {
      const reason = this.pair(branch, writer, `${path}/${index}`)
      if (reason === undefined) return undefined
      if (branch.type === writer.type) inner ??= reason
    }
    const message = `no branch of the union reads ${branchName(writer)}`
    return inner ?? { kind: 'missing-branch', reader, writer, field: undefined, path, message }
  }

  #record(reader: RecordSchema, writer: RecordSchema, path: string): NodeReason | undefined {
    const key = `${reader.fullName}:${writer.fullName}`
    // avsc itself remembers a pair from its beginning on, even if it failed.
    const failed = this.#runtime === 'franz' ? this.#failed.get(key) : undefined
    if (failed !== undefined || this.#begun.has(key)) return failed
    this.#begun.add(key)
    const reason = this.#fields(reader, writer, path)
    if (reason !== undefined) this.#failed.set(key, reason)
    return reason
  }

  #fields(reader: RecordSchema, writer: RecordSchema, path: string): NodeReason | undefined {
    const because = (kind: NodeReasonKind, field: Field | undefined, at: string, message: string) => {
      return { kind, reader, writer, field, path: at, message }
    }
    if (!nodeNamesMatch(reader, writer, this.#runtime))
      return because('name', undefined, path, `${reader.fullName} is not ${writer.fullName}, and has no such alias`)
    return firstReason([...reader.fields.entries()], ([index, field]) => {
      const at = `${path}/fields/${index}`
      // Unlike Apache Avro, a field that lists its own name as an alias is not counted twice.
      const [match, other] = [...new Set(sources(field, writer))]
      if (other !== undefined)
        return because(
          'ambiguous-alias',
          field,
          at,
          `"${field.name}" may stand for ${match!.name} and for ${other.name}`,
        )
      if (match !== undefined) return this.pair(field.type, match.type, `${at}/type`)
      if (field.default !== undefined) return undefined
      return because('missing-default', field, at, `"${field.name}" is missing in what was written and has no default`)
    })
  }
}

const firstReason = <T>(each: Iterable<T>, reasonOf: (one: T) => NodeReason | undefined): NodeReason | undefined => {
  for (const one of each) {
    const reason = reasonOf(one)
    if (reason !== undefined) return reason
  }
  return undefined
}
