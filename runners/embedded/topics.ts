import { randomUUID } from 'node:crypto'
import type { Fetched, LogRecord, Partition, StoredRecord, TopicInfo, TopicSettings } from '../../topology/ports/log.ts'
import type { Bytes, Environment } from '../lmdb/environment.ts'
import { after, numberKey } from '../lmdb/keys.ts'
import { decodeBatch, encodeBatch } from './batch.ts'

/** A batch holds at most this much, so that reading one costs little memory. */
const batchRecordsMax = 4_000
const batchBytesMax = 1024 * 1024

/** A topic as the data folder keeps it; its number stands in the keys of its batches. */
export interface KeptTopic extends TopicInfo, TopicSettings {
  readonly number: number
}

/** The topics of a data folder: their list, their batches and where each partition ends. */
export class Topics {
  readonly #environment: Environment
  readonly #list: Bytes
  readonly #batches: Bytes
  readonly #ends: Bytes
  readonly #known = new Map<string, KeptTopic>()

  constructor(environment: Environment) {
    this.#environment = environment
    this.#list = environment.database('topics')
    this.#batches = environment.database('batches')
    this.#ends = environment.database('ends')
  }

  get(name: string): KeptTopic | undefined {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = this.#list.get(Buffer.from(name))
    if (found === undefined) return undefined
    const topic = JSON.parse(Buffer.from(found).toString()) as KeptTopic
    this.#known.set(name, topic)
    return topic
  }

  all(): KeptTopic[] {
    return [...this.#list.getRange({})].map(({ value }) => JSON.parse(Buffer.from(value).toString()) as KeptTopic)
  }

  /** Makes those that are missing; another process may be at it too. */
  create(topics: readonly TopicSettings[]): void {
    if (topics.every(({ name }) => this.get(name) !== undefined)) return
    this.#environment.transaction(() => {
      let number = this.#list.getKeysCount({})
      for (const settings of topics) {
        if (this.#list.get(Buffer.from(settings.name)) !== undefined) continue
        const topic: KeptTopic = { ...settings, id: randomUUID(), number: number++ }
        this.#list.put(Buffer.from(settings.name), Buffer.from(JSON.stringify(topic)))
      }
    })
  }

  #at({ topic, partition }: Partition): { kept: KeptTopic; key: Buffer } {
    const kept = this.get(topic)
    if (kept === undefined || partition >= kept.partitions)
      throw new RangeError(`there is no partition ${topic}-${partition}`)
    return { kept, key: numberKey([kept.number, 4], [partition, 2]) }
  }

  /** The next offset of a partition. */
  end(of: Partition): number {
    return this.#endAt(this.#at(of).key)
  }

  #endAt(key: Buffer): number {
    const found = this.#ends.get(key)
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  /** The first offset kept. */
  first(of: Partition): number {
    const { key } = this.#at(of)
    for (const found of this.#batches.getKeys({ start: key, end: after(key), limit: 1 }))
      return Buffer.from(found).readUIntBE(6, 6)
    return this.#endAt(key)
  }

  /** Inside a transaction only. */
  append(to: Partition, records: readonly LogRecord[]): void {
    const { kept, key } = this.#at(to)
    let offset = this.#endAt(key)
    for (let from = 0; from < records.length; ) {
      const until = batchEnd(records, from)
      const batch = records.slice(from, until)
      this.#batches.put(numberKey([kept.number, 4], [to.partition, 2], [offset, 6]), encodeBatch(batch))
      offset += batch.length
      from = until
    }
    this.#ends.put(key, numberKey([offset, 6]))
  }

  /** Deletes every record; offsets go on where they were. Inside a transaction only. */
  purge(name: string): void {
    const topic = this.get(name)
    if (topic === undefined) return
    const prefix = numberKey([topic.number, 4])
    for (const key of [...this.#batches.getKeys({ start: prefix, end: after(prefix) })]) this.#batches.remove(key)
  }

  /** Committed records from an offset on: whole batches until there are enough. */
  read(at: Partition, offset: number, recordsMax: number): Fetched {
    const { key } = this.#at(at)
    const end = this.#endAt(key)
    if (offset >= end) return { ...at, records: [], next: offset, drained: true }
    const records: StoredRecord[] = []
    for (const { key: found, value } of this.#batches.getRange({
      start: this.#batchOf(key, offset),
      end: after(key),
    })) {
      const base = Buffer.from(found).readUIntBE(6, 6)
      decodeBatch(Buffer.from(value), base, offset, recordsMax, records)
      if (records.length >= recordsMax) break
    }
    const last = records.at(-1)
    const next = last === undefined ? end : last.offset + 1
    return { ...at, records, next, drained: next >= end }
  }

  /** The key of the batch that holds the offset. */
  #batchOf(partition: Buffer, offset: number): Buffer {
    const start = Buffer.concat([partition, numberKey([offset, 6])])
    for (const found of this.#batches.getKeys({ start, end: partition, reverse: true, limit: 1 }))
      return Buffer.from(found)
    return start
  }
}

const batchEnd = (records: readonly LogRecord[], from: number): number => {
  let bytes = 0
  let until = from
  while (until < records.length && until - from < batchRecordsMax && bytes < batchBytesMax) {
    const { key, value } = records[until++]!
    bytes += (key?.length ?? 0) + (value?.length ?? 0)
  }
  return until
}
