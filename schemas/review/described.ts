import type { Description } from '../../topology/index.ts'
import type { DeployedPipeline, DeployedStore, Deployment } from './deployment.ts'

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

/** A topology by itself: what connectors read and write beside it is theirs. */
const pipelineOf = (described: Description): DeployedPipeline => {
  const theirs = new Set(described.connectors.map(({ node, direction }) => `${direction} ${node}`))
  const own = (nodes: readonly string[], direction: 'source' | 'sink') =>
    nodes.some(node => !theirs.has(`${direction} ${node}`))
  return {
    name: described.topology,
    reads: declared(described).flatMap(({ name, readBy }) => (own(readBy, 'sink') ? [name] : [])),
    writes: declared(described).flatMap(({ name, writtenBy }) => (own(writtenBy, 'source') ? [name] : [])),
    stores: described.stores.map(storeOf),
  }
}

/** Each connector is named as its group is. */
const connectorsOf = ({ topology, connectors }: Description): DeployedPipeline[] =>
  [...new Set(connectors.map(({ name }) => name))].map(connector => {
    const topics = (wanted: 'source' | 'sink') =>
      connectors.flatMap(({ name, direction, topic }) => (name === connector && direction === wanted ? [topic] : []))
    return { name: `${topology}.${connector}`, reads: topics('sink'), writes: topics('source') }
  })

/**
 * What a review must know of the pipelines around the schemas, taken from the topologies themselves.
 * @example review({ ...input, deployment: deploymentFrom([description(desk), description(figures)]) })
 */
export const deploymentFrom = (descriptions: readonly Description[]): Deployment => ({
  pipelines: descriptions.flatMap(described => [pipelineOf(described), ...connectorsOf(described)]),
  copartitioned: descriptions.flatMap(({ parts }) =>
    parts.flatMap(({ meetings }) => meetings.map(({ topics }) => topics)),
  ),
})
