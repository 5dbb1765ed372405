// Which field of an old record belongs to which of the new one.
import { nearest } from '../../avro/names.ts'
import { fieldNamed, sources } from '../../avro/resolve.ts'
import type { Field, RecordSchema } from '../../avro/schema.ts'
import { typeKey } from './describe.ts'

export interface Pairing {
  /** Fields that belong together, by name, by alias, or because one looks like the other renamed. */
  readonly pairs: readonly { readonly old: Field; readonly new: Field; readonly how: 'name' | 'alias' | 'guess' }[]
  readonly came: readonly Field[]
  readonly went: readonly Field[]
}

export const pairFields = (old: RecordSchema, next: RecordSchema): Pairing => {
  const pairs: { old: Field; new: Field; how: 'name' | 'alias' | 'guess' }[] = []
  const [came, went] = [new Set(next.fields), new Set(old.fields)]
  const pair = (one: Field, other: Field, how: 'name' | 'alias' | 'guess') => {
    pairs.push({ old: one, new: other, how })
    came.delete(other)
    went.delete(one)
  }
  for (const field of next.fields) {
    const same = fieldNamed(old, field.name)
    if (same !== undefined) pair(same, field, 'name')
  }
  // An alias of either schema tells that a field was renamed.
  for (const field of [...came]) {
    const source =
      sources(field, old).find(each => went.has(each)) ?? [...went].find(each => each.aliases.includes(field.name))
    if (source !== undefined) pair(source, field, 'alias')
  }
  for (const field of [...went]) {
    const candidates = [...came].filter(other => typeKey(other.type) === typeKey(field.type))
    const partner = likelyRename(field, candidates, old, next, came.size === 1 && went.size === 1)
    if (partner !== undefined) pair(field, partner, 'guess')
  }
  return { pairs, came: [...came], went: [...went] }
}

/** Alike by name, or in the same place, or the only two that are left. */
const likelyRename = (
  gone: Field,
  candidates: readonly Field[],
  old: RecordSchema,
  next: RecordSchema,
  onlyTwo: boolean,
): Field | undefined => {
  const alike = nearest(
    gone.name,
    candidates.map(({ name }) => name),
  )
  const byName = candidates.find(({ name }) => name === alike)
  if (byName !== undefined) return byName
  const inPlace = candidates.find(field => next.fields.indexOf(field) === old.fields.indexOf(gone))
  return inPlace ?? (onlyTwo ? candidates[0] : undefined)
}
