// Who a change hits, and when. The direction decides: backward breaks those who upgrade, forward those who have not.
import { namedTypes, type Schema } from '../avro/schema.ts'
import type { Change } from './compare/change.ts'
import {
  type DeployedPipeline,
  type DeployedStore,
  type Deployment,
  downstream,
  readersOf,
  writersTo,
} from './deployment.ts'
import type { Affected, Level } from './finding.ts'
import { isSafe } from './rules/index.ts'
import { isSinkUse, usesOf } from './uses.ts'

const dayMs = 86_400_000

const list = (names: readonly string[], none: string): string => (names.length === 0 ? none : names.join(', '))
const namesOf = (pipelines: readonly DeployedPipeline[]): readonly string[] => pipelines.map(({ name }) => name)

/** Services and stores that a change of the schema of a topic hits. */
export const affectedBy = (
  change: Change,
  where: { readonly topic: string; readonly part: 'key' | 'value'; readonly schema: Schema },
  deployment: Deployment,
): readonly Affected[] => {
  if (isSafe(change.code)) return []
  if (change.code === 'AV503' || change.code === 'AV504') return byName(change, where.topic, deployment)
  if (change.code === 'AV402') return stores(change, where, deployment)
  const readers = readersOf(where.topic, deployment).filter(reader => isHit(reader, change))
  const found: Affected[] = []
  if (change.direction === 'none') found.push(...source(change, readers, writersTo(where.topic, deployment)))
  else {
    const when = whenBroken(change, list(namesOf(writersTo(where.topic, deployment)), 'a writer'))
    found.push(...readers.map(({ name }) => ({ service: name, role: 'reader' as const, when, scope: scopeOf(change) })))
    found.push(...stores(change, where, deployment))
  }
  if (change.axis[0] === 'VALUE' && change.level !== 'info') found.push(...further(where.topic, deployment))
  return found
}

/** What only Node minds does not hit a program on Java; what only the bare avsc minds does not hit our codec. */
const isHit = ({ runtime = 'franz' }: DeployedPipeline, change: Change): boolean => {
  if (change.code === 'AV201') return runtime === 'avsc-strict'
  if (change.code === 'AV202') return runtime.startsWith('avsc')
  return runtime !== 'java' || change.axis[0] !== 'NODE'
}

/** A warning about other runtimes is an error where such a runtime reads the topic. */
export const levelOf = (change: Change, topic: string, deployment: Deployment): Level => {
  const isForOthers = change.code === 'AV201' || change.code === 'AV202'
  return isForOthers && readersOf(topic, deployment).some(reader => isHit(reader, change)) ? 'error' : change.level
}

const scopeOf = (change: Change): 'all' | 'some' => {
  if (change.axis.includes('NODE')) return 'all'
  return ['AV105', 'AV106', 'AV107', 'AV108', 'AV109', 'AV303', 'AV305', 'AV306'].includes(change.code) ? 'some' : 'all'
}

const whenBroken = (change: Change, writers: string): string => {
  if (change.axis[0] === 'VALUE' && !change.axis.includes('NODE'))
    return 'silently, as soon as it reads with the new schema'
  if (change.direction === 'backward') return 'as soon as it reads old records with the new schema'
  if (change.direction === 'forward') return `as soon as ${writers} deploys, until it is upgraded itself`
  return `as soon as it or ${writers} deploys, whichever is first`
}

const source = (
  change: Change,
  readers: readonly DeployedPipeline[],
  writers: readonly DeployedPipeline[],
): readonly Affected[] => {
  if (change.axis[0] !== 'SOURCE') return []
  const when = 'when it is built with the new types'
  const both = change.code === 'AV502' ? readers : [...new Set([...writers, ...readers])]
  return both.map(({ name, reads }) => ({
    service: name,
    role: readers.some(reader => reader.name === name && reader.reads === reads) ? 'reader' : 'writer',
    when,
    scope: 'all',
  }))
}

/** Whether a store holds values of the schema of this topic. */
export const holdsValuesOf = (store: DeployedStore, topic: string, schema: Schema): boolean =>
  store.topic === topic || [...namedTypes(schema).keys()].some(name => store.value?.split(' ').includes(name))

const stores = (
  change: Change,
  where: { readonly topic: string; readonly schema: Schema },
  deployment: Deployment,
): readonly Affected[] =>
  deployment.pipelines.flatMap(pipeline =>
    (pipeline.stores ?? []).flatMap(store => {
      if (change.direction === 'forward' || !holdsValuesOf(store, where.topic, where.schema)) return []
      const kept = store.retentionMs === undefined ? 'for ever' : `${Math.round(store.retentionMs / dayMs)} days`
      const when = `when it is rebuilt from its changelog, which is kept ${kept}`
      return { service: `${pipeline.name}/${store.name}`, role: 'store' as const, when, scope: 'some' as const }
    }),
  )

const further = (topic: string, deployment: Deployment): readonly Affected[] =>
  downstream(topic, deployment).map(({ pipeline, path }) => ({
    service: pipeline.name,
    role: 'reader',
    when: 'silently, through the topics on the way',
    scope: 'some',
    path,
  }))

const byName = (change: Change, topic: string, deployment: Deployment): readonly Affected[] =>
  usesOf(change.path, topic, deployment)
    .filter(use => isSinkUse(use) === (change.code === 'AV503'))
    .map(({ service, role }) => ({ service, role, when: 'with the first record of the new schema', scope: 'all' }))
