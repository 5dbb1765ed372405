// Compares two versions of a schema, part by part, and judges every difference by itself.
import { incompatibilities } from '../../avro/resolve.ts'
import { isNamed, type Schema } from '../../avro/schema.ts'
import { type At, type Change, type CompareOptions, changeOf, type Emitted, type Walk } from './change.ts'
import { compareEnums, compareFixeds, compareKinds, compareLogical, compareNames } from './leaf.ts'
import { movedData } from './moved.ts'
import { onNode } from './on-node.ts'
import { reconcile } from './reconcile.ts'
import { compareRecords } from './record.ts'
import { compareUnions } from './union.ts'

/** Every difference between an old and a new schema that somebody might notice, in the order of the new one. */
export const compareSchemas = (
  old: Schema,
  next: Schema,
  options: CompareOptions = { long: 'bigint' },
): readonly Change[] => {
  const walk = new Comparison(options)
  walk.visit(old, next, { path: '', old, new: next, field: undefined })
  const pair = { old, new: next }
  const changes = reconcile([...walk.changes, ...movedData(walk)], pair, {
    backward: incompatibilities(next, old),
    forward: incompatibilities(old, next),
  })
  return onNode(changes, pair)
}

class Comparison implements Walk {
  readonly changes: Change[] = []
  readonly options: CompareOptions
  readonly came: Walk['came'] = []
  readonly went: Walk['went'] = []
  readonly #seen = new Map<Schema, Set<Schema>>()

  constructor(options: CompareOptions) {
    this.options = options
  }

  emit(code: Change['code'], emitted: Emitted): void {
    this.changes.push(changeOf(code, emitted))
  }

  reads(reader: Schema, writer: Schema): boolean {
    return incompatibilities(reader, writer).length === 0
  }

  visit(old: Schema, next: Schema, at: At): void {
    const seen = this.#seen.get(old) ?? new Set()
    this.#seen.set(old, seen)
    if (seen.has(next)) return
    seen.add(next)
    if (old.type === 'union' || next.type === 'union') compareUnions(this, old, next, at)
    else if (old.type !== next.type) compareKinds(this, old, next, at)
    else this.#sameKind(old, next, at)
  }

  #sameKind(old: Schema, next: Schema, at: At): void {
    if (isNamed(old) && isNamed(next)) compareNames(this, old, next, at)
    if (old.type === 'record' && next.type === 'record') compareRecords(this, old, next, at)
    else if (old.type === 'enum' && next.type === 'enum') compareEnums(this, old, next, at)
    else if (old.type === 'fixed' && next.type === 'fixed') compareFixeds(this, old, next, at)
    else if (old.type === 'array' && next.type === 'array')
      this.visit(old.items, next.items, { ...at, path: `${at.path}[]`, old: old.itemsAt, new: next.itemsAt })
    else if (old.type === 'map' && next.type === 'map')
      this.visit(old.values, next.values, { ...at, path: `${at.path}{}`, old: old.valuesAt, new: next.valuesAt })
    compareLogical(this, old, next, at)
  }
}
