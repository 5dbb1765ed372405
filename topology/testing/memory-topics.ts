import type { Fetched, LogRecord, Partition, StoredRecord, TopicInfo, TopicSettings } from '../ports/log.ts'

/** An entry's transaction decides who sees it: readers stop at the first open one and pass over aborted ones. */
export interface Transaction {
  state: 'open' | 'committed' | 'aborted'
}

interface Entry {
  readonly record: StoredRecord
  readonly transaction: Transaction
}

const always: Transaction = { state: 'committed' }

/** The topics of a log in memory, with read-committed reading. */
export class MemoryTopics {
  readonly #topics = new Map<string, { readonly info: TopicInfo; readonly partitions: Entry[][] }>()
  #made = 0
  /** A planted defect for tests of the tests: readers see what was aborted, too. */
  readsAborted = false

  topic(name: string): TopicInfo | undefined {
    return this.#topics.get(name)?.info
  }

  names(): string[] {
    return [...this.#topics.keys()]
  }

  create({ name, partitions }: TopicSettings): void {
    if (this.#topics.has(name)) return
    this.#made++
    const info = { id: `topic-${this.#made}`, partitions }
    this.#topics.set(name, { info, partitions: Array.from({ length: partitions }, () => []) })
  }

  #entries({ topic, partition }: Partition): Entry[] {
    const entries = this.#topics.get(topic)?.partitions[partition]
    if (entries === undefined) throw new RangeError(`there is no partition ${topic}-${partition}`)
    return entries
  }

  append(to: Partition, records: readonly LogRecord[], transaction: Transaction = always): void {
    const entries = this.#entries(to)
    for (const { key, value, timestamp, headers } of records) {
      entries.push({ record: { key, value, timestamp, headers, offset: entries.length }, transaction })
    }
  }

  /** The offset after the last entry that a reader may pass. */
  stableEnd(of: Partition): number {
    const entries = this.#entries(of)
    // Open transactions are the newest, so the end is found from the back.
    let end = entries.length
    for (let at = entries.length - 1; at >= 0 && entries[at]!.transaction !== always; at--) {
      if (entries[at]!.transaction.state === 'open') end = at
    }
    return end
  }

  read(from: Partition, offset: number, recordsMax: number): Fetched {
    const entries = this.#entries(from)
    const end = this.stableEnd(from)
    const records: StoredRecord[] = []
    let next = offset
    for (; next < end && records.length < recordsMax; next++) {
      const { record, transaction } = entries[next]!
      if (transaction.state === 'committed' || this.readsAborted) records.push(record)
    }
    return { ...from, records, next, drained: next >= end }
  }
}
