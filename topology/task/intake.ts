// Intake. Owns: the records of a task that wait to be worked on, one queue for each source partition.
// Does not own: reading (Member), decoding (Source), the order of steps (Task).
// I1  next() gives the record with the lowest timestamp, and only when no partition can still bring a lower one unseen.
// I2  within a partition, records come in the order of their offsets.

import type { Fetched, StoredRecord } from '../ports/log.ts'
import type { Decoded, Source } from './source.ts'

/** A partition with this many records waiting is not read any further. */
export const waitingRecordsMax = 10_000

export class Queue {
  readonly source: Source
  readonly partition: number
  #records: readonly StoredRecord[] = []
  #at = 0
  #later: (readonly StoredRecord[])[] = []
  #waiting = 0
  #head: Decoded | undefined
  /** Where reading goes on after all that waits here. */
  #next: number | undefined
  /** Nothing more was in the log when it was last read. */
  drained = false
  /** The next offset to work on; undefined: nothing has been read. */
  position: number | undefined
  /** The position differs from the committed one. */
  moved = false

  constructor(source: Source, partition: number) {
    this.source = source
    this.partition = partition
  }

  get waiting(): number {
    return this.#waiting
  }

  add({ records, next, drained }: Fetched): void {
    if (records.length > 0) this.#later.push(records)
    this.#waiting += records.length
    this.#next = next
    this.drained = drained
    if (this.#waiting === 0) this.position = next
  }

  /** The first record, decoded once. */
  head(): Decoded | undefined {
    if (this.#head === undefined && this.#waiting > 0) this.#head = this.source.decode(this.#first())
    return this.#head
  }

  #first(): StoredRecord {
    if (this.#at === this.#records.length) {
      this.#records = this.#later.shift()!
      this.#at = 0
    }
    return this.#records[this.#at]!
  }

  take(): Decoded {
    const taken = this.#head ?? this.source.decode(this.#first())
    this.#head = undefined
    this.#at++
    this.#waiting--
    this.moved = true
    this.position = this.#waiting === 0 ? this.#next! : taken.record.offset + 1
    return taken
  }
}

export class Intake {
  readonly queues: readonly Queue[]

  constructor(queues: readonly Queue[]) {
    this.queues = queues
  }

  get waiting(): number {
    let waiting = 0
    for (const queue of this.queues) waiting += queue.waiting
    return waiting
  }

  /** The queue to take from now; undefined: all are empty, or one that is empty may still bring an earlier record. */
  next(): Queue | undefined {
    const { queues } = this
    if (queues.length === 1) return queues[0]!.waiting > 0 ? queues[0] : undefined
    let lowest: Queue | undefined
    let time = Number.POSITIVE_INFINITY
    for (const queue of queues) {
      if (queue.waiting === 0) {
        if (!queue.drained) return undefined
      } else {
        const { timestamp } = queue.head()!
        if (lowest === undefined || timestamp < time) {
          lowest = queue
          time = timestamp
        }
      }
    }
    return lowest
  }
}
