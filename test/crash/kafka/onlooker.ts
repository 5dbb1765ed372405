import { setTimeout as pause } from 'node:timers/promises'
import {
  asked,
  type Consumer,
  codes,
  loadNative,
  type Message,
  type Native,
  type NativeError,
  type Place,
  type PlaceAt,
} from '../../../runners/kafka/native.ts'
import type { Committed } from '../oracle/check.ts'
import type { Read } from '../oracle/folder.ts'
import { partitions } from '../pipeline.ts'

// Reads what is committed on Kafka as it comes, all of it, through nothing but the client: another program beside the
// runners, which must never see a record that is taken back later.

const group = 'ledger'
const inputs = ['transfers', 'ledger-by-account-repartition', 'ledger-by-plain-account-repartition'] as const
const outputs = ['echoes', 'sent', 'balances', 'per-second', 'graded'] as const
const changelogs = ['sent', 'grade', 'balances', 'per-second'].map(store => `ledger-${store}-changelog`)
const topics = [...inputs, ...outputs, ...changelogs]
const places = topics.flatMap(topic => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
const requestMs = 10_000
/** Brokers that were stopped come back within this. */
const awayMsMax = 60_000

const nameOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): string =>
  `${topic}/${partition}`
const binary = (bytes: Buffer | null): string => bytes?.toString('latin1') ?? ''

interface Seen extends Read {
  readonly deleted: boolean
}

export class Onlooker implements Committed {
  readonly #native: Native = loadNative()
  readonly #brokers: string
  readonly #consumer: Consumer
  readonly #asker: Consumer
  readonly #seen = new Map<string, Seen[]>()
  readonly #ends = new Map<string, number>()
  #positions = new Map<string, number>()
  #closing = false
  #reading: Promise<void> = Promise.resolve()

  private constructor(brokers: string) {
    this.#brokers = brokers
    const settings = {
      ...{ 'bootstrap.servers': brokers, 'enable.auto.commit': false, 'fetch.queue.backoff.ms': 5 },
      ...{ 'reconnect.backoff.ms': 100, 'reconnect.backoff.max.ms': 1_000 },
    }
    this.#consumer = new this.#native.KafkaConsumer(
      { ...settings, 'group.id': 'onlooker', 'isolation.level': 'read_committed', 'enable.partition.eof': true },
      // A record that was deleted before it was seen here would look like a loss.
      { 'auto.offset.reset': 'error' },
    )
    this.#asker = new this.#native.KafkaConsumer(
      { ...settings, 'group.id': group, 'isolation.level': 'read_uncommitted' },
      {},
    )
  }

  /** The topics must be there. */
  static async open(brokers: string): Promise<Onlooker> {
    const onlooker = new Onlooker(brokers)
    await asked<unknown>(done => onlooker.#consumer.connect({ timeout: requestMs }, done))
    await asked<unknown>(done => onlooker.#asker.connect({ timeout: requestMs }, done))
    onlooker.#consumer.setDefaultConsumeTimeout(50)
    onlooker.#consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
    onlooker.#consumer.on('partition.eof', end => onlooker.#ends.set(nameOf(end), end.offset))
    onlooker.#consumer.assign(places.map(place => ({ ...place, offset: 0 })))
    onlooker.#reading = onlooker.#read()
    return onlooker
  }

  async #read(): Promise<void> {
    while (!this.#closing) {
      // A broker that is away is waited for.
      const messages = await asked<Message[]>(done => this.#consumer.consume(2_000, done)).catch(error => {
        if ((error as NativeError).code === codes.noOffset) throw new Error(`there is a gap: ${error.message}`)
        return []
      })
      for (const message of messages) this.#take(message)
      if (messages.length === 0) await pause(10)
    }
  }

  #take(message: Message): void {
    const { key, value, offset, timestamp } = message
    const name = nameOf(message)
    const seen = this.#seen.get(name) ?? []
    this.#seen.set(name, seen)
    if (seen.length > 0 && seen.at(-1)!.offset >= offset) throw new Error(`${name}: ${offset} was read before`)
    seen.push({ offset, key: binary(key), value: binary(value), timestamp, deleted: value === null })
  }

  partitions(): number {
    return partitions
  }

  records(topic: string, partition: number): readonly Read[] {
    return this.#seen.get(nameOf({ topic, partition })) ?? []
  }

  position(_: string, topic: string, partition: number): number {
    return this.#positions.get(nameOf({ topic, partition })) ?? 0
  }

  store(changelog: string, partition: number): [key: string, value: string][] {
    const rows = new Map<string, string>()
    for (const { key, value, deleted } of this.#seen.get(nameOf({ topic: changelog, partition })) ?? [])
      if (deleted) rows.delete(key)
      else rows.set(key, value)
    return [...rows].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Asks what the pipeline has committed of its input; how many records are left. */
  async left(): Promise<number> {
    const wanted = places.filter(({ topic }) => (inputs as readonly string[]).includes(topic))
    const found = await this.#committed(wanted)
    this.#positions = new Map(found.map(place => [nameOf(place), Math.max(0, place.offset ?? 0)]))
    const behind = wanted.map(place => {
      const position = this.#positions.get(nameOf(place)) ?? 0
      let count = 0
      for (const { offset } of (this.#seen.get(nameOf(place)) ?? []).toReversed())
        if (offset >= position) count++
        else break
      return count
    })
    return behind.reduce((sum, count) => sum + count, 0)
  }

  /** Asked again while the brokers are coming back. */
  async #committed(wanted: readonly Place[]): Promise<readonly PlaceAt[]> {
    const endMs = performance.now() + awayMsMax
    for (;;) {
      try {
        return await asked<readonly PlaceAt[]>(done => this.#asker.committed(wanted, requestMs, done))
      } catch (error) {
        if (performance.now() > endMs) throw error
        await pause(100)
      }
    }
  }

  /** The positions of the input, for seeing it move on. */
  async inputPositions(): Promise<readonly number[]> {
    await this.left()
    return Array.from({ length: partitions }, (_, partition) => this.position(group, 'transfers', partition))
  }

  /** Until everything that is committed by now has been read. */
  async caughtUp(): Promise<void> {
    const admin = this.#native.AdminClient.create({ 'bootstrap.servers': this.#brokers })
    const { LATEST } = this.#native.OffsetSpec
    const { READ_COMMITTED } = this.#native.IsolationLevel
    const ends = await asked<readonly { topic: string; partition: number; offset: number }[]>(done =>
      admin.listOffsets(
        places.map(place => ({ ...place, offset: LATEST })),
        { timeout: requestMs, isolationLevel: READ_COMMITTED },
        done,
      ),
    )
    admin.disconnect()
    const isBehind = (end: { topic: string; partition: number; offset: number }): boolean => {
      const last = this.#seen.get(nameOf(end))?.at(-1)?.offset ?? -1
      return end.offset > 0 && last + 1 < end.offset && (this.#ends.get(nameOf(end)) ?? 0) < end.offset
    }
    while (ends.some(isBehind)) await pause(20)
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#reading
    for (const client of [this.#consumer, this.#asker]) await new Promise<void>(done => client.disconnect(() => done()))
  }
}
