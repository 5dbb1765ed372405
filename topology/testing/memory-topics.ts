import type { Fetched, LogRecord, Partition, StoredRecord, TopicInfo, TopicSettings } from '../ports/log.ts'

/** An entry's transaction decides who sees it: readers stop at the first open one and pass over aborted ones. */
export interface Transaction {
  state: 'open' | 'committed' | 'aborted'
}

/** Where a transaction wrote: offsets `from <= offset < to`. */
interface Stretch {
  readonly transaction: Transaction
  readonly from: number
  readonly to: number
}

interface Content {
  records: StoredRecord[]
  /** The offset of the first record kept. */
  first: number
  open: Stretch[]
  readonly aborted: Stretch[]
}

/** The topics of a log in memory, with read-committed reading. */
export class MemoryTopics {
  readonly #topics = new Map<string, { readonly info: TopicInfo; readonly partitions: Content[] }>()
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
    const empty = (): Content => ({ records: [], first: 0, open: [], aborted: [] })
    this.#topics.set(name, { info, partitions: Array.from({ length: partitions }, empty) })
  }

  #content({ topic, partition }: Partition): Content {
    const content = this.#topics.get(topic)?.partitions[partition]
    if (content === undefined) throw new RangeError(`there is no partition ${topic}-${partition}`)
    return content
  }

  append(to: Partition, records: readonly LogRecord[], transaction?: Transaction): void {
    const content = this.#content(to)
    const from = content.first + content.records.length
    let offset = from
    for (const { key, value, timestamp, headers } of records) {
      content.records.push({ key, value, timestamp, headers, offset: offset++ })
    }
    if (transaction !== undefined) content.open.push({ transaction, from, to: offset })
  }

  /** The offset of the first record kept. */
  first(of: Partition): number {
    return this.#content(of).first
  }

  /** The offset after the last record that a reader may pass. */
  stableEnd(of: Partition): number {
    const content = this.#content(of)
    if (content.open.length > 0) {
      content.aborted.push(...content.open.filter(({ transaction }) => transaction.state === 'aborted'))
      content.open = content.open.filter(({ transaction }) => transaction.state === 'open')
    }
    return content.open[0]?.from ?? content.first + content.records.length
  }

  read(at: Partition, offset: number, recordsMax: number): Fetched {
    const end = this.stableEnd(at)
    const { records, first, aborted } = this.#content(at)
    const start = Math.max(offset, first)
    const next = Math.max(start, Math.min(end, start + recordsMax))
    const found = records.slice(start - first, next - first)
    const hidden = (record: StoredRecord) => aborted.some(({ from, to }) => from <= record.offset && record.offset < to)
    const visible = aborted.length === 0 || this.readsAborted ? found : found.filter(record => !hidden(record))
    return { ...at, records: visible, next, drained: next >= end }
  }

  /** Forgets the records before an offset, as retention does. */
  trim(of: Partition, before: number): void {
    const content = this.#content(of)
    const forgotten = Math.min(content.records.length, Math.max(0, before - content.first))
    content.records = content.records.slice(forgotten)
    content.first += forgotten
  }
}
