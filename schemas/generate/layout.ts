import type { ParsedFiles } from '../avro/parse.ts'
import { isNamed, type NamedSchema, reachable, type Schema } from '../avro/schema.ts'
import { constantName, constantNames, fileNames, nameOfFile, typeNames } from './names.ts'

/** A schema that gets names of its own: a record, an enum, a fixed, or whatever else a file holds. */
export interface Entry {
  readonly schema: Schema
  /** The type that is read. */
  readonly name: string
  /** The type that is written; the same name where the two cannot differ. */
  readonly input: string
  /** The ready format of a record, or of a union or another type without a name. */
  readonly format: string | undefined
  /** The list of an enum's symbols. */
  readonly symbols: string | undefined
}

/** One emitted file: the types of one namespace, whichever files they come from. */
export interface Module {
  readonly path: string
  readonly namespace: string
  readonly sources: readonly string[]
  readonly entries: readonly Entry[]
}

interface Wanted {
  readonly schema: Schema
  readonly wanted: string
  readonly namespace: string
  readonly source: string
  readonly hasFormat: boolean
}

const noNamespace = 'no-namespace'

/**
 * Which file and which names every schema gets. It depends on the schemas alone, not on the order of the files.
 * `shown` is how a file is named in what is emitted.
 */
export const layOut = ({ schemas, named }: ParsedFiles, shown: (file: string) => string): readonly Module[] => {
  const wanted = [
    ...[...named.values()].map(schema => wantedByName(schema, shown)),
    ...[...schemas].flatMap(([file, schema]) => (isNamed(schema) ? [] : [wantedByFile(file, schema, shown)])),
  ]
  wanted.sort((a, b) => order(a.wanted, b.wanted) || order(a.source, b.source))
  const files = fileNames()
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))].sort(order)
  return namespaces.map(namespace => {
    const inside = wanted.filter(each => each.namespace === namespace)
    const path = `${files.claim(namespace === '' ? noNamespace : namespace)}.ts`
    const sources = [...new Set(inside.map(({ source }) => source))].sort(order)
    return { path, namespace, sources, entries: entriesOf(inside) }
  })
}

const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const wantedByName = (schema: NamedSchema, shown: (file: string) => string): Wanted => {
  const { name: wanted, namespace, position } = schema
  const source = position.file === undefined ? '' : shown(position.file)
  return { schema, wanted, namespace, source, hasFormat: schema.type === 'record' }
}

/** A union or an array has no name: it takes the file's, and stands beside the first named type that it holds. */
const wantedByFile = (file: string, schema: Schema, shown: (file: string) => string): Wanted => {
  const namespace = reachable(schema).find(isNamed)?.namespace ?? ''
  return { schema, wanted: nameOfFile(file), namespace, source: shown(file), hasFormat: true }
}

const entriesOf = (wanted: readonly Wanted[]): readonly Entry[] => {
  const [types, constants] = [typeNames(), constantNames()]
  // First come the names as they are written, then those that are made from them.
  const names = wanted.map(each => types.claim(each.wanted))
  return wanted.map(({ schema, hasFormat }, index) => {
    const name = names[index]!
    const input = schema.type === 'enum' || schema.type === 'fixed' ? name : types.claim(`${name}Input`)
    const format = hasFormat ? constants.claim(constantName(name)) : undefined
    const symbols = schema.type === 'enum' ? constants.claim(`${constantName(name)}Symbols`) : undefined
    return { schema, name, input, format, symbols }
  })
}
