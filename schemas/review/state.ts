// Keys and stores: what must not change although every reader could cope.
import { incompatibilities } from '../avro/resolve.ts'
import type { RecordSchema, Schema } from '../avro/schema.ts'
import { holdsValuesOf } from './affected.ts'
import { changeOf } from './compare/change.ts'
import { typeText } from './compare/describe.ts'
import type { Deployment } from './deployment.ts'
import type { DatedChange, Version } from './history.ts'
import { nodeReason } from './node.ts'

/** Whether two schemas write equal values as equal bytes: names, docs and defaults are not written. */
export const writesAlike = (one: Schema, other: Schema, seen = new Map<Schema, Schema>()): boolean => {
  if (seen.get(one) === other) return true
  seen.set(one, other)
  if (one.type === 'record' && other.type === 'record') {
    const types = (record: RecordSchema) => record.fields.map(field => field.type)
    return one.fields.length === other.fields.length && pairwise(types(one), types(other), seen)
  }
  // What is added at the end changes nothing for what was there before.
  if (one.type === 'union' && other.type === 'union') return pairwise(one.branches, other.branches, seen)
  if (one.type === 'enum' && other.type === 'enum')
    return one.symbols.every((symbol, index) => other.symbols.length <= index || other.symbols[index] === symbol)
  if (one.type === 'fixed' && other.type === 'fixed') return one.sizeBytes === other.sizeBytes
  if (one.type === 'array' && other.type === 'array') return writesAlike(one.items, other.items, seen)
  if (one.type === 'map' && other.type === 'map') return writesAlike(one.values, other.values, seen)
  return (written[one.type] ?? one.type) === (written[other.type] ?? other.type)
}

/** An int is written like a long, a string like bytes. */
const written: Partial<Record<Schema['type'], string>> = { int: 'long', string: 'bytes' }

const pairwise = (some: readonly Schema[], others: readonly Schema[], seen: Map<Schema, Schema>): boolean =>
  some.every((each, index) => others.length <= index || writesAlike(each, others[index]!, seen))

const ends = (old: Schema, next: Schema) => ({
  old: { spot: old, value: typeText(old) },
  new: { spot: next, value: typeText(next) },
  path: '',
  shows: { old, new: next },
})

/** AV401: a key that is written as other bytes. */
export const keyChanges = (versions: readonly Version[], next: Schema): readonly DatedChange[] => {
  const version = versions.length - 1
  const latest = versions[version]
  if (latest === undefined || writesAlike(latest.schema, next)) return []
  const message = 'the key is written as other bytes: equal keys land in other partitions, and compaction keeps both'
  return [{ ...changeOf('AV401', { ...ends(latest.schema, next), direction: 'both', message }), version }]
}

/** AV402: stores whose changelog holds versions that the new schema cannot read. */
export const storeChanges = (
  versions: readonly Version[],
  next: Schema,
  topic: string,
  deployment: Deployment,
): readonly DatedChange[] => {
  const stores = deployment.pipelines.flatMap(({ name, stores: own }) =>
    (own ?? []).filter(store => holdsValuesOf(store, topic, next)).map(store => `${name}/${store.name}`),
  )
  if (stores.length === 0) return []
  const version = versions.findIndex(
    ({ schema }) => incompatibilities(next, schema).length > 0 || nodeReason(next, schema, 'franz') !== undefined,
  )
  const oldest = versions[version]
  if (oldest === undefined) return []
  const message = `${stores.join(', ')} may hold values written with ${oldest.label}, which the new schema cannot read: it cannot be rebuilt from its changelog`
  return [{ ...changeOf('AV402', { ...ends(oldest.schema, next), direction: 'backward', message }), version }]
}

/** AV403: for each group of topics that are joined, those whose key is written unlike that of the first. */
export const unlikeKeys = (
  keys: ReadonlyMap<string, Schema>,
  deployment: Deployment,
): readonly { readonly topic: string; readonly first: string; readonly change: DatedChange }[] =>
  (deployment.copartitioned ?? []).flatMap(group => {
    const [first, ...others] = group.filter(topic => keys.has(topic))
    if (first === undefined) return []
    return others
      .filter(topic => !writesAlike(keys.get(first)!, keys.get(topic)!))
      .map(topic => {
        const message = `the keys of ${topic} and ${first} are joined and written differently: records that belong together never meet`
        const pair = ends(keys.get(first)!, keys.get(topic)!)
        return { topic, first, change: { ...changeOf('AV403', { ...pair, direction: 'none', message }), version: 0 } }
      })
  })
