import type { Commit, Fetched, Log, LogRecord, Member, Ownership, Partition, StoredRecord } from '../../ports/log.ts'
import { utf8 } from '../../text.ts'
import { equal, holds } from './check.ts'

/** Empty fetches in a row after which a test no longer hopes for records. */
export const emptyFetchesMax = 100
export const waitMs = 100

export const record = (key: string | null, value: string | null, timestamp = 1_000): LogRecord => ({
  key: key === null ? null : utf8(key),
  value: value === null ? null : utf8(value),
  timestamp,
  headers: [],
})

export const plain = ({ key, value, timestamp, headers }: LogRecord) => ({ key, value, timestamp, headers })

/** A member as the checks use it: it notes what it owns, and reads until it has what it waits for. */
export class Reader {
  readonly owned = new Map<string, Partition>()
  member!: Member
  readonly ownership: Ownership = {
    assigned: partitions => {
      // Whoever owns a thing by being told would own it again by word that nothing came.
      holds(partitions.length > 0, 'nothing is no assignment')
      for (const partition of partitions) this.owned.set(`${partition.topic}/${partition.partition}`, partition)
    },
    revoked: partitions => this.#forget(partitions),
    lost: partitions => this.#forget(partitions),
  }

  static async join(log: Log, group: string, instance: string, topics: readonly string[]): Promise<Reader> {
    const reader = new Reader()
    reader.member = await log.join(group, instance, topics, reader.ownership)
    return reader
  }

  #forget(partitions: readonly Partition[]): void {
    for (const { topic, partition } of partitions) this.owned.delete(`${topic}/${partition}`)
  }

  /** Fetches until so many partitions are owned: a log may hand them over in fetches. */
  async own(count: number): Promise<void> {
    for (let tries = 0; this.owned.size !== count && tries < emptyFetchesMax; tries++)
      await this.member.fetch(1, waitMs)
    equal(this.owned.size, count, 'the number of partitions owned')
    this.member.resume([...this.owned.values()])
  }

  async take(count: number): Promise<StoredRecord[]> {
    const found: Fetched[] = []
    const records = () => found.flatMap(fetched => fetched.records)
    for (let empty = 0; records().length < count && empty < emptyFetchesMax; ) {
      const fetched = await this.member.fetch(1_000, waitMs)
      empty = fetched.some(({ records }) => records.length > 0) ? 0 : empty + 1
      found.push(...fetched)
    }
    equal(records().length, count, 'the number of records fetched')
    return records()
  }
}

/** Reads a partition to its committed end. */
export const readAll = async (log: Log, partition: Partition): Promise<StoredRecord[]> => {
  const { first, next } = await log.ends(partition)
  const found: StoredRecord[] = []
  for (let offset = first; offset < next; ) {
    const fetched = await log.read(partition, offset, 1_000)
    found.push(...fetched.records)
    offset = fetched.next
  }
  return found
}

export const commitOf = (parts: Partial<Commit>): Commit => ({ appends: [], changes: [], positions: [], ...parts })
