/** The shape of a conformance case; README.md explains it in words. */

/** A function by name and its options, the same on the Java and on the TypeScript side. */
export interface Named {
  readonly fn: string
  readonly text?: string
  readonly length?: number
  readonly of?: Named
}

export type Window =
  | { readonly type: 'tumbling'; readonly sizeMs: number; readonly graceMs: number }
  | { readonly type: 'hopping'; readonly sizeMs: number; readonly advanceMs: number; readonly graceMs: number }
  | { readonly type: 'sliding'; readonly differenceMs: number; readonly graceMs: number }
  | { readonly type: 'session'; readonly gapMs: number; readonly graceMs: number }

export type JoinKind = 'inner' | 'left' | 'outer'

interface Base {
  readonly id: string
}

interface Fed extends Base {
  readonly from: readonly string[]
}

/** `historyMs` makes the node's store versioned. */
interface Stored {
  readonly historyMs?: number
}

export type CaseNode =
  | (Base & { readonly op: 'stream' | 'globalTable'; readonly topic: string })
  | (Base & Stored & { readonly op: 'table'; readonly topic: string })
  | (Fed & { readonly op: 'map'; readonly value: Named; readonly stored?: true })
  | (Fed & { readonly op: 'filter'; readonly keep: Named; readonly stored?: true })
  | (Fed & { readonly op: 'flatMap'; readonly values: Named })
  | (Fed & { readonly op: 'branch'; readonly arms: readonly { readonly id: string; readonly when?: Named }[] })
  | (Fed & { readonly op: 'merge' | 'peek' | 'repartition' | 'changes' | 'suppress' })
  | (Fed & { readonly op: 'rekey'; readonly key: Named })
  | (Fed & Stored & { readonly op: 'toTable' })
  | (Fed & Stored & { readonly op: 'count'; readonly by?: Named; readonly window?: Window })
  | (Fed &
      Stored & {
        readonly op: 'reduce'
        readonly by?: Named
        readonly window?: Window
        readonly reducer?: Named
        readonly adder?: Named
        readonly subtractor?: Named
      })
  | (Fed &
      Stored & {
        readonly op: 'aggregate'
        readonly by?: Named
        readonly window?: Window
        readonly aggregator?: Named
        readonly adder?: Named
        readonly subtractor?: Named
      })
  | (Fed & { readonly op: 'cogroup'; readonly aggregators: readonly Named[]; readonly window?: Window })
  | (Fed & {
      readonly op: 'join'
      readonly kind: JoinKind
      readonly joiner: Named
      readonly graceMs?: number
      readonly stored?: true
    })
  | (Fed & { readonly op: 'lookup'; readonly kind: 'inner' | 'left'; readonly key: Named; readonly joiner: Named })
  | (Fed & {
      readonly op: 'joinWithin'
      readonly kind: JoinKind
      readonly beforeMs: number
      readonly afterMs: number
      readonly graceMs: number
      readonly joiner: Named
    })
  | (Fed & { readonly op: 'process'; readonly streamEveryMs?: number; readonly wallEveryMs?: number })
  | (Fed & { readonly op: 'to'; readonly topic: string })

export type CaseStep =
  | { readonly in: string; readonly key: string | null; readonly value: string | null; readonly ts: number }
  | { readonly advance: number }

/** topic, key, value, timestamp */
export type CaseOutput = readonly [string, string | null, string | null, number]

export interface CaseSpec {
  readonly name: string
  readonly seed?: number
  /** Within a step, records of different keys may come in any order; those of one key may not. */
  readonly unordered?: true
  /** Only in deviations: what Kafka Streams gets wrong here, in a sentence. */
  readonly reason?: string
  readonly topology: readonly CaseNode[]
  readonly steps: readonly CaseStep[]
  /** Only in deviations: what is right, one list for each step. */
  readonly ours?: readonly (readonly CaseOutput[])[]
}

/** A case with what Kafka Streams emitted, one list for each step. */
export interface ConformanceCase extends CaseSpec {
  /** Only in deviations: what crashed Kafka Streams; then `out` ends before that step. */
  readonly fails?: string
  readonly out: readonly (readonly CaseOutput[])[]
}
