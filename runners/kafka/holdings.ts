import type { Fetched, Partition, StoredRecord } from '../../topology/ports/log.ts'
import type { Batch } from './intake.ts'
import type { Consumer, PlaceAt } from './native.ts'
import { storedOf } from './records.ts'

/** Records of a partition that wait here, for it is paused or whoever takes them is slow; with more than this the client stops fetching it, which costs a refetch. */
const waitingRecordsMax = 10_000
/** And with more than these bytes. */
const waitingBytesMax = 16 * 1024 * 1024
/** One fetch gives no more bytes of a partition than this, but always a record. */
const givenBytesMax = 16 * 1024 * 1024

export const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

interface Held {
  readonly at: Partition
  paused: boolean
  /** The client does not fetch it. */
  stopped: boolean
  records: StoredRecord[]
  bytes: number
  /** The next offset after what was brought. */
  next: number
  /** It was read to its committed end, and that has not been told yet. */
  ended: boolean
}

/** The partitions that a member owns, and what was read of them and has not been fetched yet. */
export class Holdings {
  readonly #consumer: Consumer
  readonly #held = new Map<string, Held>()

  constructor(consumer: Consumer) {
    this.#consumer = consumer
  }

  get partitions(): readonly Partition[] {
    return [...this.#held.values()].map(({ at }) => at)
  }

  has(partition: Partition): boolean {
    return this.#held.has(nameOf(partition))
  }

  /** From an offset on, paused. */
  take({ topic, partition, offset }: PlaceAt): void {
    const at = { topic, partition }
    this.#consumer.pause([at])
    const next = Math.max(0, offset)
    this.#held.set(nameOf(at), { at, paused: true, stopped: true, records: [], bytes: 0, next, ended: false })
  }

  drop(partition: Partition): void {
    this.#held.delete(nameOf(partition))
  }

  clear(): void {
    this.#held.clear()
  }

  /** Records of partitions that are not held are no business of ours any more. */
  absorb({ messages, ends }: Batch): void {
    let held: Held | undefined
    for (const message of messages) {
      if (held === undefined || held.at.partition !== message.partition || held.at.topic !== message.topic)
        held = this.#held.get(nameOf(message))
      if (held === undefined || message.offset < held.next) continue
      held.records.push(storedOf(message))
      held.bytes += sizeOf(message)
      held.next = message.offset + 1
      held.ended = false
    }
    for (const end of ends) {
      const place = this.#held.get(nameOf(end))
      if (place === undefined || end.offset < place.next) continue
      place.next = end.offset
      place.ended = true
    }
    for (const place of this.#held.values()) if (!place.stopped && isFull(place)) this.#stop(place)
  }

  /** What may be fetched, at most so many records of it. */
  give(recordsMax: number): Fetched[] {
    const found: Fetched[] = []
    let room = recordsMax
    for (const held of this.#held.values()) {
      if (held.paused || room <= 0 || (held.records.length === 0 && !held.ended)) continue
      const fetched = this.#cut(held, room)
      room -= fetched.records.length
      found.push(fetched)
      if (held.stopped && isHalfEmpty(held)) this.#start(held)
    }
    return found
  }

  #cut(held: Held, recordsMax: number): Fetched {
    const { at, records, next, ended, bytes } = held
    const count = Math.min(recordsMax, bytes <= givenBytesMax ? records.length : countWithin(records))
    if (records.length <= count) {
      held.records = []
      held.bytes = 0
      held.ended = false
      return { ...at, records, next, drained: ended }
    }
    const first = records.slice(0, count)
    held.records = records.slice(count)
    held.bytes -= first.reduce((sum, record) => sum + sizeOf(record), 0)
    return { ...at, records: first, next: first.at(-1)!.offset + 1, drained: false }
  }

  #stop(held: Held): void {
    held.stopped = true
    this.#consumer.pause([held.at])
  }

  #start(held: Held): void {
    held.stopped = false
    this.#consumer.resume([held.at])
  }

  pause(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      const held = this.#held.get(nameOf(partition))
      if (held) held.paused = true
    }
  }

  resume(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      const held = this.#held.get(nameOf(partition))
      if (held === undefined) continue
      held.paused = false
      if (held.stopped && !isFull(held)) this.#start(held)
    }
  }

  /** Partitions that the client is asked for and has brought nothing of that still waits here, with their next offsets. */
  get awaited(): readonly PlaceAt[] {
    return [...this.#held.values()].flatMap(({ at, paused, stopped, records, next }) =>
      paused || stopped || records.length > 0 ? [] : [{ ...at, offset: next }],
    )
  }

  /** Nothing is fetched of any of them. */
  stopAll(): void {
    for (const held of this.#held.values()) {
      held.paused = true
      if (!held.stopped) this.#stop(held)
    }
  }

  /** What was read is forgotten: it comes again from this offset on. */
  rewind(to: PlaceAt): void {
    const held = this.#held.get(nameOf(to))!
    held.records = []
    held.bytes = 0
    held.next = Math.max(0, to.offset)
    held.ended = false
  }
}

const sizeOf = ({ key, value }: Pick<StoredRecord, 'key' | 'value'>): number =>
  (key?.length ?? 0) + (value?.length ?? 0)

const isFull = ({ records, bytes }: Held): boolean => records.length >= waitingRecordsMax || bytes >= waitingBytesMax

const isHalfEmpty = ({ records, bytes }: Held): boolean =>
  records.length < waitingRecordsMax / 2 && bytes < waitingBytesMax / 2

/** At least one. */
const countWithin = (records: readonly StoredRecord[]): number => {
  let bytes = 0
  const at = records.findIndex(record => {
    bytes += sizeOf(record)
    return bytes > givenBytesMax
  })
  return at < 0 ? records.length : Math.max(1, at)
}
