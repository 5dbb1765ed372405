// Small readers of one JSON node each: they give the attribute asked for, or say what stands there instead.
import { shown } from './defaults.ts'
import { SchemaError, type SchemaMistake } from './error.ts'
import { type Json, type JsonNode, type JsonObject, plain } from './json.ts'
import type { Field, Spot } from './schema.ts'

export const fail = (mistake: SchemaMistake, at: Spot, detail: string, fix: string): never => {
  throw new SchemaError({ mistake, detail, fix, position: at.position, pointer: at.pointer })
}
export const spot = (at: Spot): Spot => ({ position: at.position, pointer: at.pointer })

const reserved: Readonly<Record<string, readonly string[]>> = {
  record: ['type', 'name', 'namespace', 'doc', 'aliases', 'fields'],
  enum: ['type', 'name', 'namespace', 'doc', 'aliases', 'symbols', 'default'],
  fixed: ['type', 'name', 'namespace', 'doc', 'aliases', 'size'],
  array: ['type', 'items'],
  map: ['type', 'values'],
  field: ['name', 'type', 'doc', 'default', 'order', 'aliases'],
  primitive: ['type'],
}
const none: Readonly<Record<string, Json>> = Object.freeze({})

export const attributesOf = (node: JsonObject, kind: string): Readonly<Record<string, Json>> => {
  const own: [string, Json][] = []
  for (const [key, { value }] of node.members) if (!reserved[kind]!.includes(key)) own.push([key, plain(value)])
  return own.length === 0 ? none : Object.fromEntries(own)
}

export const required = (node: JsonObject, key: string, what: string): JsonNode =>
  node.members.get(key)?.value ?? fail('shape', node, `${what} has no "${key}"`, `add "${key}"`)
export const optionalText = (node: JsonObject, key: string): string | undefined => {
  const member = node.members.get(key)?.value
  return member?.kind === 'string' ? String(member.value) : undefined
}
const noTexts: readonly never[] = []

export const texts = (node: JsonNode | undefined, what: string): readonly { text: string; at: Spot }[] => {
  if (node === undefined) return noTexts
  if (node.kind !== 'array') return fail('shape', node, `${what} must be an array, not ${shown(node)}`, 'write [...]')
  return node.items.map(item =>
    item.kind === 'string'
      ? { text: String(item.value), at: spot(item) }
      : fail('shape', item, `${what} holds ${shown(item)}`, 'write a string'),
  )
}

export const orderOf = (node: JsonObject): Field['order'] => {
  const at = node.members.get('order')?.value
  const order = at === undefined ? 'ascending' : String(at.kind === 'string' ? at.value : '').toLowerCase()
  if (order === 'ascending' || order === 'descending' || order === 'ignore') return order
  return fail('shape', at!, `the order ${shown(at!)} is unknown`, 'use "ascending", "descending" or "ignore"')
}
