import type { CancelSignal } from '../abort.ts'
import type { Format } from './codec.ts'
import type { Headers, Partition, Position } from './log.ts'

// The edges of a topology. A source appends records and its cursor in one commit; a sink writes records and keeps its
// position, by itself or in the log. Both see decoded values: bytes, retries and positions in the log are the runner's.

/** For people: what happened and what is done about it. */
export type Note = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void

/**
 * A record as a source brings it; without a timestamp it has the time of its intake.
 * @example const mail: Incoming<string, { subject: string }> = { key: 'message-1', value: { subject: 'Help' } }
 */
export interface Incoming<out K, out V> {
  readonly key: K | null
  readonly value: V | null
  readonly timestamp?: number | undefined
  readonly headers?: Headers | undefined
}

/**
 * What a source is given: where it stood, and the only way in.
 * @example const fill = (feed: Feed<string, string>) => feed.append([{ key: 'a', value: 'hello' }], 'uid 7')
 */
export interface Feed<in K, in V> {
  /** What the last committed `append` carried; undefined before the first. */
  readonly cursor: string | undefined
  /**
   * Appends records and the cursor in one commit: durable when it resolves, nothing of it when it rejects. It waits while
   * too much is under way, so a source that awaits it never runs ahead of the log.
   */
  append(records: readonly Incoming<K, V>[], cursor?: string): Promise<void>
  /** Aborted when the source is to stop. */
  readonly signal: CancelSignal
  readonly note: Note
}

/**
 * What has been opened, until it is closed.
 * @example const idle: Opened = { close: async () => {} }
 */
export interface Opened {
  /** Rejects with what ended it by itself: it is closed, and opened again after a pause. */
  readonly ended?: Promise<never> | undefined
  close(): Promise<void>
}

/**
 * A part of the outside world that records come from.
 * @example
 * const once: SourceConnector<string, string> = {
 *   async open(feed) {
 *     if (feed.cursor === undefined) await feed.append([{ key: 'a', value: 'hello' }], 'done')
 *     return { close: async () => {} }
 *   },
 * }
 */
export interface SourceConnector<in K = never, in V = never> {
  /** Starts; resolves once records can come. What it throws is told, and tried again after a pause. */
  open(feed: Feed<K, V>): Promise<Opened>
}

/**
 * A record as a sink is given it, with the place where it stands.
 * @example const where = ({ topic, partition, offset }: Outgoing<string, string>) => `${topic}/${partition}@${offset}`
 */
export interface Outgoing<out K, out V> extends Partition {
  readonly offset: number
  readonly timestamp: number
  readonly headers: Headers
  readonly key: K | null
  readonly value: V | null
}

/** A topic as connectors name it: its formats come with it. */
export interface TopicOf<K, V> {
  readonly name: string
  readonly key: Format<K, never>
  readonly value: Format<V, never>
}

/**
 * What became of a batch, where there is more to say than that it was written.
 * @example const refusing: Delivery = { refused: [] }
 */
export interface Delivery {
  /** Records that the sink will never take: each meets the error policy of its topology, in the commit of the position. */
  readonly refused?: readonly { readonly record: Outgoing<unknown, unknown>; readonly reason: string }[]
  /** Records of its own, appended in the commit of the position: what it made outside, for whoever wants to know. */
  readonly appends?: readonly {
    readonly topic: {
      readonly name: string
      readonly key: Format<unknown, never>
      readonly value: Format<unknown, never>
    }
    readonly key: unknown
    readonly value: unknown
  }[]
}

/**
 * What a sink is told when it opens.
 * @example const label = ({ topology, name }: SinkContext) => `${topology}.${name}`
 */
export interface SinkContext {
  readonly topology: string
  readonly name: string
  /** Positions that were kept for another log mean nothing in this one. */
  readonly logId: string
  readonly signal: CancelSignal
  readonly note: Note
  /** Reads a topic from its first record to its committed end, as a sink does that keeps a map of what it made outside. */
  read<K, V>(topic: TopicOf<K, V>): AsyncIterable<Outgoing<K, V>>
}

/**
 * A sink at work. One call at a time.
 * @example const nowhere: OpenSink<string, string> = { deliver: async () => undefined, close: async () => {} }
 */
export interface OpenSink<in K, in V> extends Opened {
  /**
   * These partitions are its own from now on. A sink that keeps its positions with what it writes returns the next offset
   * of each; the others go on where the log says. What lies between the log's position and the sink's comes again, since the
   * commit that followed it is missing: the sink writes none of it twice, but answers for it as before.
   */
  assigned?(partitions: readonly Partition[]): Promise<readonly Position[]>
  /**
   * Writes records, each partition in its order: durable outside when it resolves. Where it throws the same records come
   * again after a pause, so what it writes must bear being written twice, or be kept with its position.
   */
  deliver(records: readonly Outgoing<K, V>[]): Promise<Delivery | undefined>
  revoked?(partitions: readonly Partition[]): Promise<void>
}

/**
 * A part of the outside world that records go to.
 * @example
 * const printer: SinkConnector<string, string> = {
 *   async open({ note }) {
 *     return {
 *       async deliver(records) {
 *         for (const { value } of records) note('info', value ?? 'gone')
 *         return undefined
 *       },
 *       close: async () => {},
 *     }
 *   },
 * }
 */
export interface SinkConnector<in K = never, in V = never> {
  open(context: SinkContext): Promise<OpenSink<K, V>>
}
