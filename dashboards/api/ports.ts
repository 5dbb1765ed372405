import type { Description } from '../../topology/index.ts'

// What the API needs of the world beside its own HTTP: the tables, the log and the runners. Who composes the desk gives
// an implementation of each; nothing here knows whether the log is on this machine or on Kafka.

/** A column of an answer, with the number by which PostgreSQL names its type. */
export interface Field {
  readonly name: string
  readonly dataTypeID: number
}

export interface Rows {
  readonly fields: readonly Field[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
}

/** The desk's tables, to be read. */
export interface Database {
  /**
   * Runs one statement as a reader that cannot write, for `queryDeadlineMs` at most. Rejects with `DatabaseAway` where
   * there is no database to ask, and with `QueryOverTime` where the answer took too long.
   */
  read(sql: string, parameters: readonly unknown[]): Promise<Rows>
}

/** No database answers at the moment: it is asked again at the next request. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway'
}

/** A statement was ended because it ran over its time. */
export class QueryOverTime extends Error {
  override readonly name = 'QueryOverTime'
}

/** A ticket as it was filed over HTTP. */
export interface Filed {
  readonly ticketId: string
  readonly title: string
  readonly description: string
  readonly userName: string
  readonly userEmail: string | null
  /** ISO 8601. */
  readonly timestamp: string
  /** The caller's own; null where it gave none. */
  readonly idempotencyKey: string | null
}

/** What is known of a ticket as soon as it has been labelled. */
export interface Labels {
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly department: string | null
  /** From 0 to 1. */
  readonly confidence: number | null
}

/** The way into the log for tickets filed over HTTP. */
export interface Intake {
  /** Resolves once the ticket is committed: it is never lost after that. */
  file(ticket: Filed): Promise<void>
  /** What was filed under this id before, by this process or another, before or after a restart. */
  filed(ticketId: string): Promise<Filed | undefined>
  /** The labels of a ticket as soon as it has them; undefined when the time is over. */
  labels(ticketId: string, waitMs: number): Promise<Labels | undefined>
}

/** Something that happened to a ticket. */
export interface TicketEvent {
  readonly ticketId: string
  /** ISO 8601. */
  readonly at: string
  /** created, labelled, exported, dead-lettered; later others. */
  readonly event: string
  readonly details: Readonly<Record<string, unknown>>
}

/** An event where it stands: `after` is what a reader goes on from. */
export interface LoggedEvent extends TicketEvent {
  readonly after: string
}

/** The audit trail. */
export interface Story {
  /** Everything that happened to a ticket, oldest first. */
  of(ticketId: string): Promise<readonly TicketEvent[]>
  /** The position after the last event: who reads on from here sees only what is new. */
  end(): Promise<string>
  /** The first position kept. */
  start(): Promise<string>
  /**
   * Events from a position on, and whatever comes, in batches, until the signal is aborted.
   * Throws `UnknownPosition` for a text that is none of this log's.
   */
  follow(from: string, signal: AbortSignal): AsyncIterable<readonly LoggedEvent[]>
}

/** A position of another log, or none at all. */
export class UnknownPosition extends Error {
  override readonly name = 'UnknownPosition'
}

export interface TopicFigures {
  readonly name: string
  readonly records: number
  /** Null until it has been looked at twice. */
  readonly per_second: number | null
}

/** A topology or one of its sinks, reading a topic. */
export interface ReaderFigures {
  readonly group: string
  readonly topic: string
  readonly lag: number
  /** Null until it has been looked at twice. */
  readonly per_second: number | null
}

export interface StoreFigures {
  readonly topology: string
  readonly name: string
  readonly keys: number | null
  readonly bytes: number | null
}

export interface CallFigures {
  readonly topology: string
  readonly name: string
  readonly pending: number
}

export interface PipelineFigures {
  readonly topics: readonly TopicFigures[]
  readonly readers: readonly ReaderFigures[]
  readonly stores: readonly StoreFigures[]
  readonly calls: readonly CallFigures[]
}

/** The topologies at work. */
export interface Pipeline {
  readonly topologies: readonly Description[]
  figures(): Promise<PipelineFigures>
}

/** A record that could not be processed. */
export interface DeadLetter {
  /** Names it: topic, partition and offset. */
  readonly id: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** When it was given up, ISO 8601. */
  readonly at: string
  readonly key: string | null
  /** As JSON or text where it can be shown as such; null where there was none. */
  readonly value: string | null
  /** How `value` is written: what an edited one must be, too. */
  readonly format: 'json' | 'text' | 'base64'
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly error: { readonly message: string; readonly exception: string | null; readonly stack: string | null }
  readonly origin: { readonly topic: string; readonly partition: number; readonly offset: number } | null
  readonly attempts: number
  /** When it was sent again, ISO 8601. */
  readonly redriven_at: string | null
}

export interface DeadLetters {
  /** The topics that dead letters go to, with how many they hold. */
  topics(): Promise<readonly { readonly name: string; readonly records: number }[]>
  /** Newest first; `before` is the id of the last one seen. */
  list(ask: { topic?: string; text?: string; before?: string; limit: number }): Promise<readonly DeadLetter[]>
  show(id: string): Promise<DeadLetter | undefined>
  /**
   * Sends it to the topic it came from, unchanged or with another value in its `format`; resolves once that is committed.
   * Throws `Unfit` where the value cannot be written as that topic's records are.
   */
  redrive(id: string, value?: string): Promise<{ readonly topic: string; readonly partition: number }>
}

/** A value that was edited into something its topic does not take. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
}

/** How the parts of the desk are, as they say themselves. */
export interface Health {
  services(): Promise<Readonly<Record<string, 'healthy' | 'degraded' | 'unreachable'>>>
}

/** All of it. */
export interface Desk {
  readonly database: Database
  readonly intake: Intake
  readonly story: Story
  readonly pipeline: Pipeline
  readonly deadLetters: DeadLetters
  readonly health: Health
  /** In the text format of Prometheus. */
  metrics(): Promise<string>
}
