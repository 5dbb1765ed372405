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
}

/** A sub-topology: what runs in one task for each partition, with no topic in between. */
export interface Part {
  readonly id: number
  /** Every node after its inputs. */
  readonly nodes: readonly PartNode[]
  readonly sources: readonly PartSource[]
  readonly stores: readonly PartStore[]
  /** Source topics that must have one partition count, for their keys meet here. */
  readonly together: readonly (readonly string[])[]
}

/** A topic of the topology's own. */
export interface InternalTopic {
  readonly name: string
  readonly purpose: 'exchange' | 'changelog'
  /** The part whose tasks write it. */
  readonly writer: number
  readonly partitions?: number | undefined
  readonly retentionMs?: number | undefined
}

/** What a topology becomes: the only thing that passes between describing and running. */
export interface Plan {
  readonly name: string
  readonly graph: Graph
  readonly parts: readonly Part[]
  readonly topics: readonly InternalTopic[]
}

export const exchangeTopic = (topology: string, name: string): string => `${topology}-${name}-repartition`
export const changelogTopic = (topology: string, store: string): string => `${topology}-${store}-changelog`
