import type { TopologyError } from '../errors.ts'
import type { Facts } from '../graph/graph.ts'
import type { Codec } from '../ports/codec.ts'
import type { Headers, LogRecord, StoredRecord } from '../ports/log.ts'
import type { Alarms } from '../state/alarms.ts'
import type { Staged, ValueCodec } from '../state/staged.ts'

/** What flows from step to step. Frozen by convention: a step makes a new one, for branches share it. */
export interface Item {
  readonly key: unknown
  /** Null: a tombstone, or a table's deletion. */
  readonly value: unknown
  /** Tables only: the value before this change, null if there was none. */
  readonly old: unknown
  readonly timestamp: number
  readonly headers: Headers
  /** Versioned tables only: a newer version of the row is known. What keeps newest rows alone passes this one over. */
  readonly superseded?: true
}

/** Takes one item to its end, synchronously. */
export type Step = (item: Item) => void

/** A table's row with the time of its last change. */
export interface Row<V = unknown> {
  readonly value: V
  readonly timestamp: number
}

/** Looks up what a table holds now, for a join on the other side. */
export interface View {
  get(key: unknown): Row | undefined
  /** What it held at a time; only tables with versions know. */
  asOf?(key: unknown, timestamp: number): Row | undefined
}

/** Stream time of one operator in one task: the highest timestamp it has seen. Kept with its state. */
export interface StreamTime {
  readonly now: number
  advance(timestamp: number): void
}

/** Why an item went no further, for the counters. */
export type DropReason =
  | 'null key'
  | 'null value'
  | 'tombstone'
  | 'late'
  | 'expired'
  | 'skipped'
  | 'duplicate'
  | 'superseded'
  | 'discarded'

/** The record that made a step run: dead letters carry its bytes. */
export interface Origin {
  readonly topic: string
  readonly partition: number
  readonly record: StoredRecord
  /** The key of the record where it is text: what is written under the same text has the same bytes for its key. */
  readonly text?: string | undefined
  /** Set where no record but a timer of this operator was at work: key and timestamp are the timer's. */
  readonly timer?: string
}

/** `stream`: the time of the records; `wall`: the time of day. */
export type ClockName = 'stream' | 'wall'

/** Who waits for an answer. */
export interface Answered {
  /** Brings an answer into the form that is kept; throws where it is none, which makes it a failed attempt. Changes nothing. */
  read(answer: unknown): unknown
  answered(read: unknown): void
  failed(error: TopologyError): void
}

/** Where an operator asks. */
export interface Asking {
  /** What the answers of the implementation depend on beside the question. */
  readonly version: string
  /** Asks; equal hashes are one question. The answer comes later and by itself; what is given back takes the question back. */
  ask(hash: string, question: unknown, taker: Answered): () => void
}

/** What a task gives an operator that it opens. */
export interface Context {
  /** The operator's own name in errors, logs and figures. */
  readonly id: string
  readonly partition: number
  /** To every consumer of the operator's main output. */
  readonly emit: Step
  /** To every consumer of a named output; does nothing where there is none. */
  port(name: string): Step
  /** The codecs of a store that the facts name. */
  codecs(store: string): { readonly key: Codec<unknown, unknown>; readonly value: Codec<unknown, unknown> }
  /**
   * A store that the facts name, as values under binary-string keys. Several codecs may share one store under different
   * tags: each key has its tag, or all of them stand behind `prefix`.
   */
  staged<V>(store: string, codec: ValueCodec<V>, prefix?: string): Staged<V>
  /** The operator's stream time, kept in the first store that the facts name, or only in memory where there is none. */
  time(): StreamTime
  /** The table behind an input. */
  view(input: number): View
  /** A global table that the facts name. */
  global(store: string): View
  /** The record at work. */
  origin(): Origin | undefined
  /** The codecs of a topic that the facts name. */
  topicCodecs(topic: string): { readonly key: Codec<unknown, unknown>; readonly value: Codec<unknown, unknown> }
  /** The full name of an exchange's topic. */
  exchangeTopic(name: string): string
  /** Appends to the topic's partition for these bytes of the key, or with that number; for a null key, to the one with the task's own. */
  append(topic: string, record: LogRecord, placedBy: Uint8Array | number | null): void
  /** Writes the record at work, bytes and headers as they came, with the error's headers. */
  deadLetter(topic: string, error: TopologyError): void
  /** Counts an item that goes no further here. */
  drop(reason: DropReason, item: Item): void
  /** Runs `work` in every commit before its changes are gathered, and before the same of what stands downstream. */
  beforeCommit(work: () => void): void
  /**
   * Runs `work` on behalf of that record: its error meets the error policy by itself, and only what `work` did is taken
   * back. For what a record or a commit sets free without having caused it, as a window that closes.
   */
  apart(work: () => void, origin?: Origin): void
  /** Takes back what an operator keeps in memory beside its stores, should the record at work fail. */
  undo(work: () => void): void
  /**
   * Runs `work` at every multiple of the interval in stream time, the first time after the first record; or each time
   * that so much wall time has passed. Several at once are one call. The name keeps it apart from the operator's others.
   */
  every(clock: ClockName, name: string, intervalMs: number, work: (timeMs: number) => void): void
  /** Alarms by key in the first store that the facts name. `ring` is run when one is due, as by itself. */
  alarms(clock: ClockName, name: string, ring: (key: string, timeMs: number) => void): Alarms
  /** The call that the facts name. */
  call(): Asking
  /** Runs `work` by itself before the next record is taken. */
  soon(work: () => void): void
  /** Wall time: for deadlines and age, never for what comes out. */
  wallNow(): number
}

/** An operator at work in one task. */
export interface Opened {
  /** One for each input, in their order. */
  readonly steps: readonly Step[]
  readonly view?: View
  /** What each of its stores holds, by name, where it has several. */
  readonly views?: Readonly<Record<string, View>>
  /**
   * The oldest timestamp of the records that wait here for an answer: time downstream does not pass it. `staying`: of
   * those that still wait when the one has left that is leaving at the moment.
   */
  readonly ceiling?: (staying: boolean) => number
  /** It holds so much that the task should take no more records. */
  readonly full?: () => boolean
  /** The task ends: whatever is under way elsewhere is wanted no more. */
  readonly close?: () => void
  /** The source has been quiet: time passes without a record. Downstream operators are told by the task. */
  readonly advance?: (time: number) => void
}

/** One operator: what the planner must know, and what a record does. */
export interface OperatorOf {
  readonly kind: string
  readonly facts: Facts
  readonly open: (context: Context) => Opened | Step
}
