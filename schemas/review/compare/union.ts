// Unions: which branch of one belongs to which of the other, and what becomes of those that are left.
import { isNamed, type RecordSchema, type Schema, type Spot, type UnionSchema } from '../../avro/schema.ts'
import { unionTags } from '../../codec/shape.ts'
import type { At, Walk } from './change.ts'
import { named, typeText } from './describe.ts'
import { atPlace, isSameName } from './leaf.ts'

interface Branch {
  readonly schema: Schema
  readonly at: Spot
}

const branchesOf = (schema: Schema, at: Spot): readonly Branch[] =>
  schema.type === 'union'
    ? schema.branches.map((branch, index) => ({ schema: branch, at: schema.branchesAt[index]! }))
    : [{ schema, at }]

/** How well two branches fit; the first row that finds a partner wins. */
const fits: readonly ((old: Schema, next: Schema) => boolean)[] = [
  (old, next) => isNamed(old) && isNamed(next) && old.type === next.type && old.fullName === next.fullName,
  (old, next) => old.type === next.type && (!isNamed(old) || isSameName(old, next)),
  (old, next) => old.type === 'record' && next.type === 'record' && isSameShape(old, next),
  (old, next) => (old.type === 'enum' || old.type === 'fixed') && old.type === next.type && isSameLeaf(old, next),
]

const isSameShape = (old: RecordSchema, next: RecordSchema): boolean => {
  const names = new Set(old.fields.map(({ name }) => name))
  const shared = next.fields.filter(({ name }) => names.has(name)).length
  return shared > 0 && shared * 2 >= Math.max(old.fields.length, next.fields.length)
}

const isSameLeaf = (old: Schema, next: Schema): boolean => {
  if (old.type === 'fixed') return next.type === 'fixed' && old.sizeBytes === next.sizeBytes
  if (old.type !== 'enum' || next.type !== 'enum') return false
  return old.symbols.every(symbol => next.symbols.includes(symbol))
}

/** Two types of which at least one is a union. */
export const compareUnions = (walk: Walk, old: Schema, next: Schema, at: At): void => {
  const [before, after] = [[...branchesOf(old, at.old)], [...branchesOf(next, at.new)]]
  const partners: [Branch, Branch][] = []
  const widens = (one: Schema, other: Schema) => walk.reads(one, other) || walk.reads(other, one)
  for (const belongs of [...fits, widens]) {
    for (const branch of [...before]) {
      const partner = after.find(other => belongs(branch.schema, other.schema))
      if (partner === undefined) continue
      partners.push([branch, partner])
      before.splice(before.indexOf(branch), 1)
      after.splice(after.indexOf(partner), 1)
    }
  }
  // With nothing in common, it is a change of type.
  if (partners.length === 0 && (old.type !== 'union' || next.type !== 'union')) {
    const message = `${named(at.path)} was ${typeText(old)} and is ${typeText(next)} now: neither schema reads what the other wrote`
    walk.emit('AV105', { ...atPlace(old, next, at), direction: 'both', message })
    return
  }
  for (const branch of before) goneBranch(walk, old, next, at, branch)
  for (const branch of after) newBranch(walk, old, next, at, branch)
  for (const [mine, theirs] of partners) walk.visit(mine.schema, theirs.schema, { ...at, old: mine.at, new: theirs.at })
  if (old.type === 'union' && next.type === 'union') compareOrder(walk, old, next, at, partners)
  compareTags(walk, old, next, at)
}

const goneBranch = (walk: Walk, old: Schema, next: Schema, at: At, gone: Branch): void => {
  const readable = walk.reads(next, gone.schema)
  const kind = typeText(gone.schema)
  walk.emit('AV106', {
    ...atPlace(old, next, at),
    old: { spot: gone.at, value: kind },
    shows: { old, new: next, holds: { branch: gone.schema } },
    direction: readable ? 'none' : 'backward',
    ...(readable && { level: 'info', axis: ['WIRE'] }),
    message: readable
      ? `${named(at.path)} no longer has the branch ${kind}, and another branch reads it`
      : `${named(at.path)} can no longer be ${kind}: old records in which it is cannot be read`,
  })
}

const newBranch = (walk: Walk, old: Schema, next: Schema, at: At, added: Branch): void => {
  const readable = walk.reads(old, added.schema)
  const kind = typeText(added.schema)
  walk.emit('AV107', {
    ...atPlace(old, next, at),
    new: { spot: added.at, value: kind },
    shows: { old, new: next, holds: { branch: added.schema } },
    direction: readable ? 'none' : 'forward',
    ...(readable && { level: 'info', axis: ['WIRE'] }),
    message: readable
      ? `${named(at.path)} has the new branch ${kind}, which old readers read as another`
      : `${named(at.path)} can be ${kind} now: readers with the old schema cannot read records in which it is`,
  })
}

const compareOrder = (
  walk: Walk,
  old: UnionSchema,
  next: UnionSchema,
  at: At,
  partners: readonly (readonly [Branch, Branch])[],
): void => {
  const order = (all: readonly Schema[], side: 0 | 1) =>
    all.flatMap(branch => {
      const index = partners.findIndex(pair => pair[side].schema === branch)
      return index < 0 ? [] : [index]
    })
  if (order(old.branches, 0).join() === order(next.branches, 1).join()) return
  const message = `the branches of ${named(at.path)} stand in another order`
  walk.emit('AV003', { ...atPlace(old, next, at), direction: 'none', message })
}

/** Whether values stand bare or as { type, value }. */
const compareTags = (walk: Walk, old: Schema, next: Schema, at: At): void => {
  const tagged = (schema: Schema) => schema.type === 'union' && unionTags(schema, walk.options.long) !== undefined
  if (tagged(old) === tagged(next)) return
  const message = tagged(next)
    ? `values of ${named(at.path)} stand as { type, value } in JavaScript now, because two branches look alike`
    : `values of ${named(at.path)} stand bare in JavaScript now, and stood as { type, value } before`
  walk.emit('AV204', { ...atPlace(old, next, at), direction: 'both', message })
}
