import type { Appends, LogRecord } from '../ports/log.ts'
import type { Journal } from '../state/journal.ts'
import { partitionOf } from './partitioner.ts'

interface Destination extends Appends {
  readonly records: LogRecord[]
}

/** What the tasks of one worker append with the next commit, gathered by partition. */
export class Outbox {
  readonly #counts: ReadonlyMap<string, number>
  #topics = new Map<string, (Destination | undefined)[]>()
  #filled: Destination[] = []
  #records = 0

  constructor(counts: ReadonlyMap<string, number>) {
    this.#counts = counts
  }

  get records(): number {
    return this.#records
  }

  partitions(topic: string): number {
    return this.#counts.get(topic) ?? 1
  }

  /** Where a record goes: to the partition that is given, or to that of its key's bytes. */
  partitionFor(topic: string, place: Uint8Array | number): number {
    const count = this.#counts.get(topic) ?? 1
    return count === 1 ? 0 : typeof place === 'number' ? place % count : partitionOf(place, count)
  }

  append(
    topic: string,
    record: LogRecord,
    placedBy: Uint8Array | number | null,
    partitionOfNull: number,
    journal: Journal,
  ): void {
    const partition = this.partitionFor(topic, placedBy ?? partitionOfNull)
    let destinations = this.#topics.get(topic)
    if (destinations === undefined) {
      destinations = []
      this.#topics.set(topic, destinations)
    }
    let destination = destinations[partition]
    if (destination === undefined) {
      destination = { topic, partition, records: [] }
      destinations[partition] = destination
      this.#filled.push(destination)
    }
    const { records } = destination
    records.push(record)
    this.#records++
    if (journal.open) {
      journal.note(() => {
        records.pop()
        this.#records--
      })
    }
  }

  /** Gives all of it away; what is appended from now on belongs to the next commit. */
  take(): readonly Appends[] {
    const filled = this.#filled.filter(destination => destination.records.length > 0)
    this.clear()
    return filled
  }

  clear(): void {
    this.#topics = new Map()
    this.#filled = []
    this.#records = 0
  }
}
