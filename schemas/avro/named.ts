// What the JSON of a record, an enum and a fixed says about itself, without looking at any other type.
import { shown } from './defaults.ts'
import type { JsonObject } from './json.ts'
import { type Accept, type FullName, isPrimitiveName, nameFault, qualify } from './names.ts'
import { attributesOf, fail, optionalText, required, spot, texts } from './read.ts'
import type { Spot } from './schema.ts'

/** A name without dots, checked. */
export const readName = (node: JsonObject, what: string): { name: string; nameAt: Spot } => {
  const nameNode = required(node, 'name', what)
  return nameNode.kind === 'string'
    ? { name: String(nameNode.value), nameAt: spot(nameNode) }
    : fail('name', nameNode, `a name is a string, not ${shown(nameNode)}`, 'quote it')
}

const checkFullName = ({ name, namespace }: FullName, at: Spot, accept: Accept): void => {
  for (const part of [...(namespace === '' ? [] : namespace.split('.')), name]) checkName(part, at, accept)
}

export const checkName = (name: string, at: Spot, accept: Accept): void => {
  const fault = nameFault(name, accept)
  if (fault !== undefined) fail('name', at, fault, 'rename it')
}

/** What records, enums and fixeds have in common. */
export const readHeader = (node: JsonObject, kind: 'record' | 'enum' | 'fixed', namespace: string, accept: Accept) => {
  const { name: written, nameAt } = readName(node, `the ${kind}`)
  const name = qualify(written, optionalText(node, 'namespace') ?? namespace)
  checkFullName(name, nameAt, accept)
  if (isPrimitiveName(name.fullName)) fail('name', nameAt, `"${name.fullName}" is a type of Avro's own`, 'rename it')
  const aliases = texts(node.members.get('aliases')?.value, '"aliases"').map(({ text, at }) => {
    const alias = qualify(text, name.namespace)
    checkFullName(alias, at, accept)
    return alias.fullName
  })
  const doc = optionalText(node, 'doc')
  return { ...name, nameAt, aliases: [...new Set(aliases)], doc, attributes: attributesOf(node, kind), ...spot(node) }
}

export const readSymbols = (node: JsonObject, accept: Accept) => {
  const list = required(node, 'symbols', 'the enum')
  const written = texts(list, '"symbols"')
  const symbols = written.map(symbol => symbol.text)
  for (const [index, { text, at }] of written.entries()) {
    const fault = nameFault(text, accept)
    if (fault !== undefined) fail('symbol', at, fault, 'rename the symbol')
    if (symbols.indexOf(text) < index) fail('duplicate', at, `the symbol "${text}" stands twice`, 'remove one')
  }
  const fallbackNode = node.members.get('default')?.value
  const fallback = optionalText(node, 'default')
  if (fallbackNode !== undefined && (fallback === undefined ? accept === 'strict' : !symbols.includes(fallback))) {
    const fix = `use one of ${symbols.join(', ')}`
    fail('default', fallbackNode, `the default ${shown(fallbackNode)} is no symbol of the enum`, fix)
  }
  const defaultAt = fallbackNode === undefined ? undefined : spot(fallbackNode)
  const symbolsAt = written.map(symbol => symbol.at)
  return { symbols, symbolsAt, listAt: spot(list), default: fallback, defaultAt }
}

const sizeBytesMax = 2 ** 31 - 1

export const readSize = (node: JsonObject): { sizeBytes: number; sizeAt: Spot } => {
  const size = required(node, 'size', 'the fixed')
  const sizeBytes = size.kind === 'number' && /^\d+$/.test(size.text) ? Number(size.text) : undefined
  return sizeBytes === undefined || sizeBytes > sizeBytesMax
    ? fail('shape', size, `the size ${shown(size)} is no whole number of bytes`, 'write a number such as 16')
    : { sizeBytes, sizeAt: spot(size) }
}
