// Reads a deployment from JSON and says where it is wrong.
import { SchemaError } from '../avro/error.ts'
import { type JsonNode, parseJson, plain } from '../avro/json.ts'
import type { Deployment } from './deployment.ts'

const wrong = (node: JsonNode, detail: string, fix: string): never => {
  throw new SchemaError({ mistake: 'shape', detail, fix, position: node.position, pointer: node.pointer })
}

/** What a member must be: text, a list of texts, a list of objects of some shape. */
type Shape = 'text' | 'texts' | 'number' | 'flag' | 'texts by name' | 'numbers by name' | 'lists of texts' | Members
interface Members {
  readonly [name: string]: { readonly is: Shape; readonly needed?: true }
}

const store: Members = {
  name: { is: 'text', needed: true },
  topic: { is: 'text' },
  key: { is: 'text' },
  value: { is: 'text' },
  retentionMs: { is: 'number' },
}
const column: Members = {
  field: { is: 'text', needed: true },
  column: { is: 'text', needed: true },
  nullable: { is: 'flag' },
}
const sink: Members = {
  name: { is: 'text', needed: true },
  topic: { is: 'text', needed: true },
  columns: { is: column },
}
const use: Members = {
  name: { is: 'text', needed: true },
  topic: { is: 'text', needed: true },
  field: { is: 'text', needed: true },
  in: { is: 'text', needed: true },
}
const pipeline: Members = {
  name: { is: 'text', needed: true },
  reads: { is: 'texts', needed: true },
  writes: { is: 'texts', needed: true },
  stores: { is: store },
  sinks: { is: sink },
  uses: { is: use },
  runtime: { is: 'text' },
}
const deployment: Members = {
  pipelines: { is: pipeline, needed: true },
  subjects: { is: 'texts by name' },
  files: { is: 'texts by name' },
  copartitioned: { is: 'lists of texts' },
  retentionMs: { is: 'numbers by name' },
  long: { is: 'text' },
}

const words: Readonly<Record<string, readonly string[]>> = {
  in: ['prompt', 'filter', 'view'],
  runtime: ['franz', 'avsc', 'avsc-strict', 'java'],
  long: ['bigint', 'number'],
}

/** Parses the text of a deployment file; throws a SchemaError that says where it is wrong. */
export const parseDeployment = (text: string, file: string): Deployment => {
  const root = parseJson(text, { file })
  checkObject(root, deployment, 'a deployment')
  return plain(root) as unknown as Deployment
}

const checkObject = (node: JsonNode, members: Members, what: string): void => {
  if (node.kind !== 'object') throw wrong(node, `${what} is an object`, `write {${Object.keys(members).join(', ')}}`)
  for (const [name, { is, needed }] of Object.entries(members)) {
    const member = node.members.get(name)?.value
    if (member !== undefined) check(member, is, name)
    else if (needed) wrong(node, `${what} needs "${name}"`, 'add it')
  }
  // A name that nobody reads is a mistake in the name.
  for (const [name, { key }] of node.members) {
    if (members[name] !== undefined) continue
    const { position, pointer } = key
    wrong({ ...node, position, pointer }, `"${name}" means nothing here`, `use ${Object.keys(members).join(', ')}`)
  }
}

const check = (node: JsonNode, is: Shape, name: string): void => {
  if (typeof is === 'object') checkEach(node, item => checkObject(item, is, `each of "${name}"`), name)
  else if (is === 'texts') checkEach(node, item => check(item, 'text', name), name)
  else if (is === 'lists of texts') checkEach(node, item => check(item, 'texts', name), name)
  else if (is === 'texts by name') checkMembers(node, 'text', name)
  else if (is === 'numbers by name') checkMembers(node, 'number', name)
  else checkScalar(node, is, name)
}

const kinds = { text: 'string', number: 'number', flag: 'boolean' } as const

const checkScalar = (node: JsonNode, is: keyof typeof kinds, name: string): void => {
  if (node.kind !== kinds[is]) wrong(node, `"${name}" is a ${kinds[is]}`, `write a ${kinds[is]}`)
  const allowed = words[name]
  if (allowed !== undefined && !allowed.includes(String(plain(node))))
    wrong(node, `"${name}" cannot be ${JSON.stringify(plain(node))}`, `use ${allowed.join(', ')}`)
}

const checkMembers = (node: JsonNode, is: Shape, name: string): void => {
  if (node.kind !== 'object') wrong(node, `"${name}" is an object`, 'write {"name": ...}')
  else for (const { value } of node.members.values()) check(value, is, name)
}

const checkEach = (node: JsonNode, checkItem: (item: JsonNode) => void, name: string): void => {
  if (node.kind !== 'array') wrong(node, `"${name}" is a list`, 'write [...]')
  else for (const item of node.items) checkItem(item)
}
