import type { Description } from '../../topology/index.ts'
import type { DeployedStore, Deployment } from './deployment.ts'

/** Changelogs and exchanges are a pipeline's own: what others see of it are declared topics. */
const declared = ({ topics }: Description) => topics.filter(({ purpose }) => purpose === 'declared')

/** A table holds the values of the topic that feeds it; what an aggregate holds is its own. */
const storeOf = ({ name, layout, fedBy, key, value, retentionMs }: Description['stores'][number]): DeployedStore => ({
  name,
  key,
  value,
  ...(layout.startsWith('table ') && fedBy.length === 1 && { topic: fedBy[0]! }),
  ...(retentionMs !== null && { retentionMs }),
})

/**
 * What a review must know of the pipelines around the schemas, taken from the topologies themselves.
 * @example review({ ...input, deployment: deploymentFrom([description(desk), description(figures)]) })
 */
export const deploymentFrom = (descriptions: readonly Description[]): Deployment => ({
  pipelines: descriptions.map(described => ({
    name: described.topology,
    reads: declared(described).flatMap(({ name, readBy }) => (readBy.length > 0 ? [name] : [])),
    writes: declared(described).flatMap(({ name, writtenBy }) => (writtenBy.length > 0 ? [name] : [])),
    stores: described.stores.map(storeOf),
  })),
  copartitioned: descriptions.flatMap(({ parts }) =>
    parts.flatMap(({ meetings }) => meetings.map(({ topics }) => topics)),
  ),
})
