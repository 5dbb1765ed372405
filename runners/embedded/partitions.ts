import type { Fetched, LogRecord, Partition, StoredRecord } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { damaged, inPages } from '../lmdb/errors.ts'
import { after, numberKey } from '../lmdb/keys.ts'
import { BatchError, BatchReader, encodeBatch, sumOf } from './batch.ts'
import type { KeptTopic, TopicList } from './topic-list.ts'

/** A batch holds about this much at most, so that reading one costs little memory. */
const batchRecordsMax = 4_000
export const batchBytesMax = 1024 * 1024

/** Where a partition ends, and how much of it there is. */
export interface PartitionEnd {
  readonly next: number
  /** Of its batches. */
  readonly bytes: number
  /** Compaction has gone over all before this offset, and left so many bytes of it. */
  readonly compactedTo: number
  readonly compactedBytes: number
}

const nothing: PartitionEnd = { next: 0, bytes: 0, compactedTo: 0, compactedBytes: 0 }
const endFields = ['next', 'bytes', 'compactedTo', 'compactedBytes'] as const

/** A batch to be appended: as many records as its bytes hold. */
export type Batch = ReturnType<typeof encodeBatch>

/** Records as the batches they are stored in. */
export const batchesOf = (records: readonly LogRecord[]): Batch[] => {
  const batches: Batch[] = []
  for (let from = 0; from < records.length; from += batches.at(-1)!.records)
    batches.push(encodeBatch(records, from, batchRecordsMax, batchBytesMax))
  return batches
}

/** The partitions of all topics: their batches, and where each of them ends. */
export class Partitions {
  readonly #environment: Environment
  readonly #topics: TopicList
  readonly #batches: Bytes
  readonly #ends: Bytes

  constructor(environment: Environment, topics: TopicList) {
    this.#environment = environment
    this.#topics = topics
    this.#batches = environment.database('batches')
    this.#ends = environment.database('ends')
  }

  #at({ topic, partition }: Partition): { kept: KeptTopic; key: Buffer } {
    const kept = this.#topics.get(topic)
    if (kept === undefined || !(partition >= 0 && partition < kept.partitions))
      throw new RangeError(`there is no partition ${topic}-${partition}`)
    return { kept, key: numberKey([kept.number, 4], [partition, 2]) }
  }

  end(of: Partition): PartitionEnd {
    return this.#endAt(this.#at(of).key)
  }

  #endAt(key: Buffer): PartitionEnd {
    const found = this.#ends.get(key)
    if (found === undefined) return nothing
    const bytes = Buffer.from(found)
    const [next, size, compactedTo, compactedBytes] = endFields.map((_, at) => bytes.readUIntBE(6 * at, 6))
    return { next: next!, bytes: size!, compactedTo: compactedTo!, compactedBytes: compactedBytes! }
  }

  /** Inside a transaction only. */
  setEnd(of: Partition, end: PartitionEnd): void {
    this.#ends.put(this.#at(of).key, numberKey(...endFields.map(field => [end[field], 6] as const)))
  }

  /** The first offset kept. */
  first(of: Partition): number {
    const { key } = this.#at(of)
    for (const found of this.#batches.getKeys({ start: key, end: after(key), limit: 1 }))
      return Buffer.from(found).readUIntBE(6, 6)
    return this.#endAt(key).next
  }

  /** Inside a transaction only; the new end. */
  append(to: Partition, batches: readonly Batch[]): number {
    const { key } = this.#at(to)
    const end = this.#endAt(key)
    let { next, bytes } = end
    for (const batch of batches) {
      this.#batches.put(Buffer.concat([key, numberKey([next, 6])]), batch.bytes)
      next += batch.records
      bytes += batch.bytes.length
    }
    this.setEnd(to, { ...end, next, bytes })
    return next
  }

  /** Batches from the one that holds the offset on. */
  *batches(of: Partition, offset: number): Generator<BatchReader> {
    const { key } = this.#at(of)
    try {
      const range = { start: this.#batchOf(key, offset), end: after(key) }
      for (const { key: found, value } of this.#batches.getRange(range))
        yield this.#reader(of, Buffer.from(found).readUIntBE(6, 6), value)
    } catch (error) {
      throw inPages(this.#environment.folder, error as Error)
    }
  }

  /** The batch that holds the offset, or the first one behind it. */
  batch(of: Partition, offset: number): BatchReader | undefined {
    for (const reader of this.batches(of, offset)) {
      if (reader.end > offset) return reader
    }
    return undefined
  }

  /** Reads every batch, and throws where one is missing or not as it was written. */
  check(of: Partition): void {
    const end = this.end(of)
    let bytes = 0
    let next = 0
    for (const batch of this.batches(of, 0)) {
      if (batch.base < next || batch.end > end.next)
        throw damaged(this.#environment.folder, `${of.topic}-${of.partition} is out of order at ${batch.base}`)
      bytes += batch.bytes
      next = batch.end
    }
    if (bytes === end.bytes) return
    const what = `${of.topic}-${of.partition} has batches of ${bytes} bytes, and ${end.bytes} were written`
    throw damaged(this.#environment.folder, what)
  }

  #reader({ topic, partition }: Partition, base: number, value: Uint8Array): BatchReader {
    try {
      return new BatchReader(value as Buffer, base)
    } catch (error) {
      if (!(error instanceof BatchError)) throw error
      throw damaged(this.#environment.folder, `in ${topic}-${partition} ${error.message}`, error)
    }
  }

  /** The key of the batch that holds the offset. */
  #batchOf(partition: Buffer, offset: number): Buffer {
    const start = Buffer.concat([partition, numberKey([offset, 6])])
    for (const found of this.#batches.getKeys({ start, end: partition, reverse: true, limit: 1 }))
      return Buffer.from(found)
    return start
  }

  /** Inside a transaction only. */
  put(of: Partition, base: number, batch: Buffer): void {
    this.#batches.put(Buffer.concat([this.#at(of).key, numberKey([base, 6])]), batch)
  }

  /** Whether a batch is still there as it was read. */
  holds(of: Partition, { base, bytes, sum }: BatchReader): boolean {
    const found = this.#batches.get(Buffer.concat([this.#at(of).key, numberKey([base, 6])])) as Buffer | undefined
    return found !== undefined && found.length === bytes && sumOf(found) === sum
  }

  /** Inside a transaction only. */
  remove(of: Partition, base: number): void {
    this.#batches.remove(Buffer.concat([this.#at(of).key, numberKey([base, 6])]))
  }

  /** Inside a transaction only: no record remains; offsets go on where they were. */
  purge({ name, number, partitions }: KeptTopic): void {
    const topic = numberKey([number, 4])
    for (const key of [...this.#batches.getKeys({ start: topic, end: after(topic) })]) this.#batches.remove(key)
    for (let partition = 0; partition < partitions; partition++) {
      const at = { topic: name, partition }
      const { next } = this.end(at)
      this.setEnd(at, { next, bytes: 0, compactedTo: next, compactedBytes: 0 })
    }
  }

  /** Inside a transaction only: nothing of the topic remains. */
  removeAll({ number }: KeptTopic): void {
    const topic = numberKey([number, 4])
    for (const database of [this.#batches, this.#ends])
      for (const key of [...database.getKeys({ start: topic, end: after(topic) })]) database.remove(key)
  }

  /** Committed records from an offset on. */
  read(at: Partition, offset: number, recordsMax: number): Fetched {
    return new PartitionReader(this, at, offset).read(recordsMax)
  }
}

/** Goes through a partition: what it has read of a batch it does not read again. */
export class PartitionReader {
  readonly at: Partition
  readonly #partitions: Partitions
  #next: number
  #batch: BatchReader | undefined

  constructor(partitions: Partitions, at: Partition, next: number) {
    this.#partitions = partitions
    this.at = at
    this.#next = next
  }

  get next(): number {
    return this.#next
  }

  read(recordsMax: number): Fetched {
    const end = this.#partitions.end(this.at).next
    const records: StoredRecord[] = []
    while (this.#next < end && records.length < recordsMax) {
      this.#batch ??= this.#partitions.batch(this.at, this.#next)
      // What is missing at the end was compacted away, or is over.
      if (this.#batch === undefined) this.#next = end
      else this.#take(this.#batch, recordsMax, records)
    }
    return { ...this.at, records, next: this.#next, drained: this.#next >= end }
  }

  #take(batch: BatchReader, recordsMax: number, records: StoredRecord[]): void {
    const done = batch.take(this.#next, recordsMax, records)
    const last = records.at(-1)
    this.#next = done ? batch.end : (last?.offset ?? this.#next - 1) + 1
    if (done) this.#batch = undefined
  }
}
