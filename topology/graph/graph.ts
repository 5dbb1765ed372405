import type { Format } from '../ports/codec.ts'

// What a declared topology is: frozen data. Handles draw it, the planner reads its facts, a task opens its operators.

/** One output of a node: `out`, or the name of a branch's arm. */
export interface Edge {
  readonly from: string
  readonly port: string
}

/** A topic as its topology knows it. */
export interface TopicSpec {
  readonly name: string
  readonly key: Format<unknown, never>
  readonly value: Format<unknown, never>
  /** Undefined: the runner's default, or what the log has. */
  readonly partitions?: number | undefined
  /** What a log that makes it keeps of it; one that exists stays as it is. */
  readonly keeping?: TopicKeeping | undefined
}

/** Undefined everywhere: all of it, for ever. */
export interface TopicKeeping {
  readonly cleanup?: 'delete' | 'compact' | undefined
  readonly retentionMs?: number | undefined
  readonly retentionBytes?: number | undefined
}

/** What a record that cannot be handled meets: the task stops, the record is skipped and counted, or it goes to a topic of dead letters. */
export type ErrorPolicy = 'fail' | 'skip' | { readonly deadLetter: string }

export interface SourceFacts {
  readonly topic: TopicSpec
  /** `all`: every instance reads every partition (global tables). */
  readonly reads: 'own' | 'all'
  readonly tombstones: 'keep' | 'drop'
  readonly timestamp?: ((value: unknown, recordTime: number) => number) | undefined
  readonly onError?: ErrorPolicy | undefined
  /** Quiet for so long, the source lets time pass without records. */
  readonly idleMs?: number | undefined
  /** A record this far ahead of the wall clock meets the error policy. */
  readonly aheadMaxMs?: number | undefined
  /** The name of the connector that fills the topic, if one does. */
  readonly connector?: string | undefined
}

export interface SinkFacts {
  readonly topic: TopicSpec
  /** It takes the bytes of the records that led there, whatever the topic's own formats are. */
  readonly deadLetters?: true
}

/** Topics that a connector takes to the outside: no task does it but the runner, as a group of its own. */
export interface DeliveryFacts {
  readonly connector: string
  readonly topics: readonly TopicSpec[]
}

/** An internal topic between two sub-topologies: written under a new key by one, read by the other. */
export interface ExchangeFacts {
  readonly name: string
  readonly key: Format<unknown, never>
  readonly value: Format<unknown, never>
  readonly partitions?: number | undefined
}

export interface StoreFacts {
  readonly name: string
  /** What its bytes are, for the lock file: layout, then formats, as `window 1h text -> whole`. */
  readonly layout: string
  readonly key: Format<unknown, never>
  readonly value: Format<unknown, never>
  /** Raised by hand when the meaning of the content changes though its format does not. */
  readonly version: number
  /** What it keeps is at most this old in stream time; undefined: for ever. */
  readonly retentionMs?: number | undefined
  /**
   * Windows, for the lock file, part by part: `tumbling 1h, grace 5m`. A changed `grace` or `history` keeps what is
   * stored, any other change needs a new store.
   */
  readonly window?: string | undefined
  /** Rebuilt from its source topic instead of a changelog (global tables). */
  readonly sourceTopic?: string | undefined
}

/** A call by name: what waits for its answer leaves the task's hands and comes back later. */
export interface CallFacts {
  readonly name: string
  readonly version: number
  /** Attempts out at once, for each process. */
  readonly inFlight: number
  /** How long one attempt may take. */
  readonly timeoutMs: number
  readonly attempts: number
  /** Before the second attempt; twice as long before each further one. */
  readonly backoffMs: number
  /** There is another answer where the call gives none. */
  readonly fallback: boolean
  readonly breaker?: { readonly failures: number; readonly pauseMs: number } | undefined
}

/** All that shared code may know of an operator. It never asks for its kind. */
export interface Facts {
  readonly source?: SourceFacts
  readonly sink?: SinkFacts
  readonly delivers?: DeliveryFacts
  readonly exchange?: ExchangeFacts
  readonly stores?: readonly StoreFacts[]
  readonly call?: CallFacts
  /** Named outputs of which each needs a consumer, for what nobody takes there would be lost. */
  readonly arms?: readonly string[]
  /** Inputs must be partitioned alike, for equal keys must meet in one task. */
  readonly together?: boolean
  /** The key of what it emits may differ from the key of what it took (own code only; `rekey` is an exchange). */
  readonly key?: 'kept' | 'lost'
  /** Global tables, by store name, that it looks into. */
  readonly globals?: readonly string[]
  /** What it keeps for others to look into, or does outside, is result enough: nobody need consume its output. */
  readonly effect?: boolean
  /** Results wait for later records or for time to pass. */
  readonly holds?: boolean
  /** A line or two for `describe()`: window, join kind, reason of a dead letter. */
  readonly note?: string
}

/** An operator as the graph keeps it; what `open` gives is between the operators and the task. */
export interface Operator {
  readonly kind: string
  readonly facts: Facts
  readonly open: unknown
}

export interface Node extends Operator {
  readonly id: string
  readonly inputs: readonly Edge[]
}

export interface Graph {
  readonly name: string
  readonly nodes: readonly Node[]
  readonly errors: ErrorsFacts
}

/** The topology's own answer to errors. */
export interface ErrorsFacts {
  readonly policy: ErrorPolicy
  /** What a null key meets where a key is needed; undefined: it is dropped. */
  readonly nullKeys?: 'refuse' | undefined
  readonly deadLetters?: TopicSpec | undefined
  /** One record for each dead letter, for people to read. */
  readonly reports?: TopicSpec | undefined
}
