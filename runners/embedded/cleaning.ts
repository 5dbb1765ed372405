// Cleaning. Owns: what topics let go (retention by time and size, exchanges that have been read, compaction).
// Does not own: when it is done (EmbeddedLog). C1  every transaction leaves a partition that reads as before, but for
// what its topic lets go: a crash between two of them is harmless. C2  offsets stay as they are.

import { setImmediate } from 'node:timers/promises'
import type { Partition, StoredRecord } from '../../topology/ports/log.ts'
import type { Environment } from '../lmdb/environment.ts'
import { type BatchReader, encodeGaps } from './batch.ts'
import { batchBytesMax, type Partitions } from './partitions.ts'
import type { Positions } from './positions.ts'
import type { KeptTopic, TopicList } from './topic-list.ts'

/** Batches that one transaction lets go: others want to write too. */
const droppedMax = 256
/** Keys that one run of compaction knows the last record of; where there are more, it ends sooner and the next one goes on. */
const keysMax = 200_000
/** A partition is compacted when so much, and as much as was left of it the last time, has come since. */
const dirtyBytesMin = 1024 * 1024
/** How long a deletion stays readable after compaction first met it, where the topic says nothing: a day. */
const tombstonesMsDefault = 24 * 3_600_000

/** Moments of each time that something is let go. */
export const cleanPoints = ['let go', 'gone'] as const
export type CleanPoint = (typeof cleanPoints)[number]

export interface Cleaned {
  /** Batches that were let go whole. */
  batches: number
  /** Records that compaction has dropped. */
  records: number
}

export interface CleanOptions {
  /** How much must have come before a partition is compacted. */
  readonly dirtyBytesMin?: number
}

export class Cleaning {
  readonly #environment: Environment
  readonly #topics: TopicList
  readonly #partitions: Partitions
  readonly #positions: Positions
  readonly #now: () => number
  readonly #at: (point: CleanPoint) => void
  #running: Promise<Cleaned> | undefined

  constructor(
    environment: Environment,
    topics: TopicList,
    partitions: Partitions,
    positions: Positions,
    { now, at }: { readonly now: () => number; readonly at: (point: CleanPoint) => void },
  ) {
    this.#environment = environment
    this.#topics = topics
    this.#partitions = partitions
    this.#positions = positions
    this.#now = now
    this.#at = at
  }

  /** Lets go what is over, one short transaction after another. One run at a time. */
  run(signal: AbortSignal, options: CleanOptions = {}): Promise<Cleaned> {
    this.#running ??= this.#clean(signal, options).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Settles when nothing is being cleaned. */
  async idle(): Promise<void> {
    await this.#running?.catch(() => {})
  }

  async #clean(signal: AbortSignal, options: CleanOptions): Promise<Cleaned> {
    const cleaned: Cleaned = { batches: 0, records: 0 }
    for (const topic of this.#topics.all()) {
      for (let partition = 0; partition < topic.partitions; partition++) {
        for (const _ of this.#steps(topic, { topic: topic.name, partition }, cleaned, options)) {
          await setImmediate()
          if (signal.aborted) return cleaned
        }
      }
    }
    return cleaned
  }

  /** Each step is one transaction; a topic that is deleted meanwhile ends them. */
  *#steps(topic: KeptTopic, at: Partition, cleaned: Cleaned, options: CleanOptions): Generator<void> {
    const isThere = () => this.#topics.get(topic.name)?.id === topic.id
    const works = [
      ...(letsGo(topic) ? [() => this.#drop(topic, at, cleaned)] : []),
      ...(topic.cleanup === 'compact' ? [compacting(this.#compact(topic, at, cleaned, options))] : []),
    ]
    for (const work of works) while (isThere() && work()) yield
  }

  /** False: there is nothing more to let go. */
  #drop(topic: KeptTopic, at: Partition, cleaned: Cleaned): boolean {
    const end = this.#partitions.end(at)
    const isOver = this.#over(topic, at)
    const gone: BatchReader[] = []
    let bytes = end.bytes
    for (const batch of this.#partitions.batches(at, 0)) {
      if (gone.length === droppedMax || !isOver(batch, bytes)) break
      gone.push(batch)
      bytes -= batch.bytes
    }
    if (gone.length === 0 || !this.#inPlaceOf(at, gone, undefined)) return false
    cleaned.batches += gone.length
    return gone.length === droppedMax
  }

  /** One batch, or none, where several were; false: another process has been at them. */
  #inPlaceOf(at: Partition, old: readonly BatchReader[], batch: Buffer | undefined): boolean {
    const isDone = this.#environment.transaction(
      () => {
        if (!old.every(one => this.#partitions.holds(at, one))) return false
        for (const { base } of old) this.#partitions.remove(at, base)
        if (batch !== undefined) this.#partitions.put(at, old[0]!.base, batch)
        const end = this.#partitions.end(at)
        const bytes = end.bytes - bytesOf(old) + (batch?.length ?? 0)
        this.#partitions.setEnd(at, { ...end, bytes, compactedBytes: Math.min(end.compactedBytes, bytes) })
        this.#at('let go')
        return true
      },
      { frees: true },
    )
    if (isDone) this.#at('gone')
    return isDone
  }

  #over(
    { retentionMs, retentionBytes, purpose }: KeptTopic,
    at: Partition,
  ): (batch: BatchReader, bytes: number) => boolean {
    const read = purpose === 'exchange' ? (this.#positions.least(at) ?? 0) : 0
    const untilMs = retentionMs === undefined ? Number.NEGATIVE_INFINITY : this.#now() - retentionMs
    // A limit is what is kept at least: without that a batch larger than it would be gone before anybody has read it.
    return (batch, bytes) =>
      batch.head.latestMs < untilMs ||
      bytes - batch.bytes >= (retentionBytes ?? Number.POSITIVE_INFINITY) ||
      batch.end <= read
  }

  /** Keeps the last record of each key, one group of batches after another. */
  *#compact(topic: KeptTopic, at: Partition, cleaned: Cleaned, options: CleanOptions): Generator<void> {
    const before = this.#partitions.end(at)
    const dirty = before.bytes - before.compactedBytes
    if (dirty === 0 || dirty < Math.max(options.dirtyBytesMin ?? dirtyBytesMin, 0)) return
    if (options.dirtyBytesMin === undefined && dirty < before.compactedBytes) return
    const { last, until } = this.#lastOffsets(at, before.compactedTo)
    const goneMs = this.#now() - (topic.tombstonesMs ?? tombstonesMsDefault)
    const keeps = (record: StoredRecord, batch: BatchReader) => {
      const newest = last.get(keyOf(record)) ?? record.offset
      if (newest > record.offset) return false
      return record.value !== null || batch.head.compactedMs === 0 || batch.head.compactedMs > goneMs
    }
    let left = 0
    for (let from = this.#partitions.first(at); from < until; ) {
      const group = this.#group(at, from, until)
      const kept = group.flatMap(batch => batch.rest().filter(record => keeps(record, batch)))
      const read = group.reduce((sum, { head }) => sum + head.records, 0)
      const bytes = this.#replace(at, group, kept, kept.length < read || group.length > 1)
      if (bytes === undefined) return
      left += bytes
      cleaned.records += read - kept.length
      from = group.at(-1)!.end
      yield
    }
    this.#environment.transaction(
      () => this.#partitions.setEnd(at, { ...this.#partitions.end(at), compactedTo: until, compactedBytes: left }),
      { frees: true },
    )
  }

  /** The last record of each key among those that have come since, as far as memory goes. */
  #lastOffsets(at: Partition, compactedTo: number): { last: Map<string, number>; until: number } {
    const last = new Map<string, number>()
    let until = compactedTo
    for (const batch of this.#partitions.batches(at, compactedTo)) {
      if (last.size >= keysMax) break
      for (const record of batch.rest()) last.set(keyOf(record), record.offset)
      until = batch.end
    }
    return { last, until }
  }

  /** Batches that may become one. */
  #group(at: Partition, from: number, until: number): BatchReader[] {
    const group: BatchReader[] = []
    let bytes = 0
    for (const batch of this.#partitions.batches(at, from)) {
      if (batch.base >= until) break
      const before = group.at(-1)
      if (before && (bytes + batch.bytes > batchBytesMax || !mayJoin(before, batch))) break
      group.push(batch)
      bytes += batch.bytes
      if (group.length === droppedMax) break
    }
    return group
  }

  /** Writes what is left of a group in place of it. How many bytes that takes; undefined: another process has been at it. */
  #replace(at: Partition, group: readonly BatchReader[], kept: readonly StoredRecord[], isLess: boolean) {
    // Where nothing goes, it is written once to note when compaction first met it, then left alone.
    if (!isLess && group.every(({ head }) => head.compactedMs > 0)) return bytesOf(group)
    const { base } = group[0]!
    const span = group.at(-1)!.end - base
    const compactedMs = Math.max(...group.map(({ head }) => head.compactedMs || this.#now()))
    const batch = kept.length === 0 ? undefined : encodeGaps(kept, base, span, compactedMs)
    return this.#inPlaceOf(at, group, batch) ? (batch?.length ?? 0) : undefined
  }
}

const bytesOf = (batches: readonly BatchReader[]): number => batches.reduce((sum, { bytes }) => sum + bytes, 0)

/** Deletions go by when compaction first met them: what was met at another time stays apart from them. */
const mayJoin = ({ head: one }: BatchReader, { head: other }: BatchReader): boolean =>
  one.compactedMs === other.compactedMs ||
  (one.compactedMs > 0 && other.compactedMs > 0 && !one.deletions && !other.deletions)

const letsGo = ({ retentionMs, retentionBytes, purpose }: KeptTopic): boolean =>
  retentionMs !== undefined || retentionBytes !== undefined || purpose === 'exchange'

/** One more step of a generator at each call. */
const compacting = (steps: Generator<void>) => (): boolean => steps.next().done !== true

const keyOf = ({ key }: StoredRecord): string => Buffer.from(key ?? []).toString('latin1')
