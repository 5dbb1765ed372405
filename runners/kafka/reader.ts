import type { Fetched, Partition, StoredRecord } from '../../topology/ports/log.ts'
import { connect } from './connect.ts'
import { KafkaError } from './failure.ts'
import { type Batch, Intake } from './intake.ts'
import { type Consumer, codes, type Native } from './native.ts'
import { storedOf } from './records.ts'
import { type KafkaOptions, readerSettings } from './settings.ts'

/** Records of one partition that wait for their reader; with more than this the client holds the rest back. */
const waitingRecordsMax = 20_000
/** A partition that nobody has read for so long is let go of. */
const idleMs = 60_000
/** The end of a partition is asked for again after this. */
const endFreshMs = 50
/** How long a read waits for records that are said to be there. */
const waitMsMax = 30_000
const waitStepMs = 100

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** One partition as it is being read: records stand here between the client and whoever asks. */
interface Reading {
  readonly at: Partition
  /** The offset that the next read is expected to ask for. */
  next: number
  /** The offset after the last record that the client has brought. */
  brought: number
  records: StoredRecord[]
  /** So many are asked for: they come, however many it is better to let wait. */
  wanted: number
  held: boolean
  usedMs: number
  /** When nothing lay beyond `brought`. */
  drainedMs: number
}

/** Reads committed records of any partition, without a group. */
export class PartitionReader {
  readonly #consumer: Consumer
  readonly #intake: Intake
  readonly #readings = new Map<string, Reading>()
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(consumer: Consumer, intake: Intake) {
    this.#consumer = consumer
    this.#intake = intake
  }

  static async open(native: Native, options: KafkaOptions): Promise<PartitionReader> {
    let intake: Intake | undefined
    const settings = { ...readerSettings(options), queue_non_empty_cb: () => intake?.wake() }
    const consumer = new native.KafkaConsumer(settings, { 'auto.offset.reset': 'earliest' })
    intake = new Intake(consumer)
    await connect(consumer, options)
    return new PartitionReader(consumer, intake)
  }

  /** Records from an offset on; fewer than are asked for only where the committed end has been reached. */
  async read(at: Partition, offset: number, recordsMax: number, end: () => Promise<number>): Promise<Fetched> {
    // The client is one for all: reads take turns.
    const turn = this.#turn.then(() => this.#read(at, offset, recordsMax, end))
    this.#turn = turn.catch(() => {})
    return await turn
  }

  async #read(at: Partition, offset: number, recordsMax: number, end: () => Promise<number>): Promise<Fetched> {
    const reading = await this.#readingAt(at, offset)
    reading.wanted = recordsMax
    if (reading.records.length < recordsMax) this.#goOn(reading)
    const endMs = performance.now() + waitMsMax
    let committed: number | undefined
    for (;;) {
      this.#absorb()
      const { records, brought } = reading
      if (records.length >= recordsMax) return this.#given(reading, recordsMax)
      const next = Math.max(brought, offset)
      if (performance.now() - reading.drainedMs > endFreshMs) {
        committed ??= await end()
        if (next < committed) {
          if (performance.now() > endMs) throw this.#silent(at, next, committed)
          await this.#intake.arrival(waitStepMs)
          continue
        }
        reading.drainedMs = performance.now()
      }
      if (records.length > 0) return this.#given(reading, recordsMax)
      return this.#nothing(reading, next)
    }
  }

  #silent({ topic, partition }: Partition, next: number, committed: number): KafkaError {
    return new KafkaError(
      'unreachable',
      `${topic}-${partition} has records from ${next} to ${committed}, and its broker did not give them within ${waitMsMax} ms.`,
    )
  }

  #nothing(reading: Reading, next: number): Fetched {
    reading.next = next
    return { ...reading.at, records: [], next, drained: true }
  }

  #given(reading: Reading, recordsMax: number): Fetched {
    const whole = reading.records.length <= recordsMax
    const records = whole ? reading.records : reading.records.slice(0, recordsMax)
    reading.records = whole ? [] : reading.records.slice(recordsMax)
    const last = records.at(-1)!
    // Behind the last record may be marks of transactions, which are no records.
    reading.next = whole ? Math.max(reading.brought, last.offset + 1) : last.offset + 1
    reading.wanted = 0
    if (reading.records.length < waitingRecordsMax / 2) this.#goOn(reading)
    return { ...reading.at, records, next: reading.next, drained: whole }
  }

  async #readingAt(at: Partition, offset: number): Promise<Reading> {
    await this.#letGo()
    const known = this.#readings.get(nameOf(at))
    if (known !== undefined) {
      known.usedMs = performance.now()
      if (known.next === offset) return known
      await this.#leave([known])
    }
    const reading: Reading = {
      ...{ at: { topic: at.topic, partition: at.partition }, next: offset, brought: offset, records: [] },
      ...{ wanted: 0, held: false, usedMs: performance.now(), drainedMs: Number.NEGATIVE_INFINITY },
    }
    this.#readings.set(nameOf(at), reading)
    this.#consumer.incrementalAssign([{ ...reading.at, offset }])
    return reading
  }

  /** What is on its way must not be taken for records of a next reading, and what it brings for others must not be lost. */
  async #leave(readings: readonly Reading[]): Promise<void> {
    // The client keeps a pause beyond the assignment, and would bring nothing when it is assigned anew.
    for (const reading of readings) this.#goOn(reading)
    for (const { at } of readings) this.#readings.delete(nameOf(at))
    this.#consumer.incrementalUnassign(readings.map(({ at }) => at))
    await this.#intake.hold()
    try {
      this.#absorb(Number.POSITIVE_INFINITY)
    } finally {
      this.#intake.release()
    }
  }

  async #letGo(): Promise<void> {
    const now = performance.now()
    const idle = [...this.#readings.values()].filter(({ usedMs }) => now - usedMs > idleMs)
    if (idle.length > 0) await this.#leave(idle)
  }

  #absorb(recordsMax?: number): void {
    const { failure } = this.#intake
    this.#intake.failure = undefined
    if (failure && failure.code !== codes.timedOut && failure.code !== codes.unknownTopic)
      throw new KafkaError('unreachable', `reading failed: ${failure.message}.`, failure)
    for (const batch of this.#intake.take(recordsMax)) this.#absorbBatch(batch)
    this.#holdBack()
  }

  #absorbBatch({ messages, ends }: Batch): void {
    for (const message of messages) {
      const reading = this.#readings.get(nameOf(message))
      if (reading === undefined || message.offset < reading.brought) continue
      reading.records.push(storedOf(message))
      reading.brought = message.offset + 1
      reading.drainedMs = Number.NEGATIVE_INFINITY
    }
    const now = performance.now()
    for (const end of ends) {
      const reading = this.#readings.get(nameOf(end))
      if (reading === undefined || end.offset < reading.brought) continue
      reading.brought = end.offset
      reading.drainedMs = now
    }
  }

  #holdBack(): void {
    for (const reading of this.#readings.values()) {
      if (reading.held || reading.records.length < Math.max(waitingRecordsMax, reading.wanted)) continue
      reading.held = true
      this.#consumer.pause([reading.at])
    }
  }

  #goOn(reading: Reading): void {
    if (!reading.held) return
    reading.held = false
    this.#consumer.resume([reading.at])
  }

  /** Forget that these were read to their end: something has been committed to them. */
  changed(partitions: readonly Partition[]): void {
    for (const at of partitions) {
      const reading = this.#readings.get(nameOf(at))
      if (reading) reading.drainedMs = Number.NEGATIVE_INFINITY
    }
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#intake.stop()
    this.#consumer.unassign()
    await new Promise<void>(done => this.#consumer.disconnect(() => done()))
  }
}
