// What describe() says as data. Keys are always there and null says "none" or "not known", so that programs in any
// language read it alike. Names in `readBy`, `writtenBy`, `node` and `from` are ids of nodes.

/**
 * A topology as its plan has it: every topic with its formats, every store, call and connector, by name.
 * `descriptionVersion` is raised when something here goes or changes its meaning; what is only added leaves it.
 * @example
 * const { stores }: Description = description(wordCount)
 * stores.map(store => `${store.name} holds ${store.layout}`)
 */
export interface Description {
  readonly descriptionVersion: 1
  readonly topology: string
  readonly errors: DescribedErrors
  /** By name. */
  readonly topics: readonly DescribedTopic[]
  /** By name. */
  readonly stores: readonly DescribedStore[]
  readonly calls: readonly DescribedCall[]
  /** By name, once for each topic. */
  readonly connectors: readonly DescribedConnector[]
  /** Topics that it both reads and writes: it feeds itself. */
  readonly loops: readonly string[]
  readonly parts: readonly DescribedPart[]
}

export interface DescribedErrors {
  readonly policy: 'fail' | 'skip' | 'dead letter'
  readonly deadLetters: string | null
  readonly reports: string | null
}

export interface DescribedTopic {
  readonly name: string
  readonly purpose: 'declared' | 'exchange' | 'changelog'
  /** Names of formats; null for a topic that only ever gets bytes as they came. */
  readonly key: string | null
  readonly value: string | null
  readonly partitions: number | null
  readonly readBy: readonly string[]
  /** `all`: each instance reads every partition, for a global table. */
  readonly reads: 'own' | 'all' | null
  readonly writtenBy: readonly string[]
  /** Nodes whose records come here as dead letters, in the bytes of their own topics. */
  readonly deadLettersOf: readonly string[]
  readonly reports: boolean
  /** What a topic of the topology's own is made with; null for declared ones. */
  readonly settings: DescribedSettings | null
}

export interface DescribedSettings {
  readonly cleanup: 'delete' | 'compact'
  readonly tombstonesMs: number | null
  readonly segmentMs: number | null
  readonly segmentBytes: number | null
  readonly purged: boolean
}

export interface DescribedStore {
  readonly name: string
  readonly node: string
  readonly part: number
  readonly layout: string
  readonly key: string
  readonly value: string
  readonly version: number
  readonly window: string | null
  /** Null: it keeps everything until it is deleted. */
  readonly retentionMs: number | null
  /** Null: it is built anew from `rebuiltFrom` at each start. */
  readonly changelog: string | null
  readonly rebuiltFrom: string | null
  /** Topics whose records lead to it without a topic in between. */
  readonly fedBy: readonly string[]
  readonly partitions: number | null
}

export interface DescribedCall {
  readonly name: string
  readonly node: string
  readonly version: number
  readonly inFlight: number
  readonly timeoutMs: number
  readonly attempts: number
  /** Whether there is another answer where the call gives none. */
  readonly fallback: boolean
  /** Null: its failures meet the topology's own policy, unless there is a fallback. */
  readonly deadLetters: string | null
}

export interface DescribedConnector {
  readonly name: string
  readonly direction: 'source' | 'sink'
  readonly topic: string
  readonly node: string
}

export interface DescribedPart {
  readonly id: number
  /** Null while a partition count is not known. */
  readonly tasks: number | null
  readonly reads: readonly string[]
  /** Where equal keys must meet, and the topics that must be partitioned alike for it. */
  readonly meetings: readonly { readonly node: string; readonly topics: readonly string[] }[]
  /** In the order in which records pass them. */
  readonly nodes: readonly DescribedNode[]
}

export interface DescribedNode {
  readonly id: string
  readonly kind: string
  /** An exchange is written in one part and read in another. */
  readonly role: 'whole' | 'writer' | 'reader'
  readonly inputs: readonly { readonly from: string; readonly port: string }[]
  readonly reads: string | null
  readonly writes: string | null
  readonly stores: readonly string[]
  readonly globals: readonly string[]
  readonly call: string | null
  readonly connector: string | null
  /** Its results wait for later records or for time to pass. */
  readonly holds: boolean
  readonly note: string | null
}
