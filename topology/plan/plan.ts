import type { Graph, Node, StoreFacts } from '../graph/graph.ts'

/** A node as a part runs it: an exchange is written by one part and read by another. */
export interface PartNode {
  readonly node: Node
  readonly role: 'whole' | 'writer' | 'reader'
}

export interface PartSource {
  readonly node: string
  readonly topic: string
  readonly reads: 'own' | 'all'
}

export interface PartStore {
  readonly node: string
  readonly facts: StoreFacts
  readonly changelog: string
  /** The topics whose records lead to it without a topic in between: their partitions are its partitions. */
  readonly fedBy: readonly string[]
}

/** Source topics that must have one partition count and one format of keys, for their keys meet at this node. */
export interface Meeting {
  readonly node: string
  readonly topics: readonly string[]
}

/** A sub-topology: what runs in one task for each partition, with no topic in between. */
export interface Part {
  readonly id: number
  /** Every node after its inputs. */
  readonly nodes: readonly PartNode[]
  readonly sources: readonly PartSource[]
  readonly stores: readonly PartStore[]
  readonly meetings: readonly Meeting[]
}

/** A topic of the topology's own, with the settings that a runner makes it with. */
export interface InternalTopic {
  readonly name: string
  readonly purpose: 'exchange' | 'changelog'
  /** The part whose tasks write it. */
  readonly writer: number
  readonly partitions?: number | undefined
  readonly cleanup: 'delete' | 'compact'
  /** How long deletions stay readable in a changelog: a store that was away for longer is built anew. */
  readonly tombstonesMs?: number | undefined
  /** Hints for a log that keeps its topics in segments, of which it cleans only the closed ones. */
  readonly segmentMs?: number | undefined
  readonly segmentBytes?: number | undefined
  /** Its records may be deleted as soon as their reader has committed them, and never before. */
  readonly purged: boolean
}

/**
 * What a topology becomes: the only thing that passes between describing and running.
 * @example const changelogs = (planned: Plan) => planned.topics.filter(topic => topic.purpose === 'changelog')
 */
export interface Plan {
  readonly name: string
  readonly graph: Graph
  readonly parts: readonly Part[]
  readonly topics: readonly InternalTopic[]
}

export const exchangeTopic = (topology: string, name: string): string => `${topology}-${name}-repartition`
export const changelogTopic = (topology: string, store: string): string => `${topology}-${store}-changelog`
