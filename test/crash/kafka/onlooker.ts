import { setTimeout as pause } from 'node:timers/promises'
import {
  asked,
  type Consumer,
  codes,
  type ListedOffset,
  loadNative,
  type Message,
  type Native,
  type NativeError,
  type Place,
  type PlaceAt,
} from '../../../runners/kafka/native.ts'
import { judge } from '../oracle/check.ts'
import type { Committed } from '../oracle/findings.ts'
import type { Read } from '../oracle/folder.ts'
import { partitions } from '../pipeline.ts'

// Reads what is committed on Kafka as it comes, all of it, through nothing but the client: another program beside the
// runners, which must never see a record that is taken back later.

const group = 'ledger'
const inputs = ['transfers', 'ledger-by-account-repartition', 'ledger-by-plain-account-repartition'] as const
const outputs = ['echoes', 'sent', 'balances', 'per-second', 'graded', 'ledger-dlq'] as const
const changelogs = ['sent', 'grade', 'balances', 'per-second'].map(store => `ledger-${store}-changelog`)
const topics = [...inputs, ...outputs, ...changelogs]
const places = topics.flatMap(topic => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
/** Where groups have their positions: those of a transaction that is open stand there, too. */
const positionPlaces = Array.from({ length: 4 }, (_, partition) => ({ topic: '__consumer_offsets', partition }))
const requestMs = 10_000
/** Brokers that were stopped come back within this. */
const awayMsMax = 60_000
/** A client that brings nothing for so long, though there is more, is told once more where it is to read. */
const silentMs = 3_000
const lookMs = 20

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
  /** Why nothing that was seen here is to be believed. */
  #failure: Error | undefined

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
    onlooker.#assign()
    onlooker.#reading = onlooker.#read().catch(error => {
      onlooker.#failure = error as Error
    })
    return onlooker
  }

  /** Everything, from behind what was seen of it on. */
  #assign(): void {
    this.#consumer.assign(places.map(place => ({ ...place, offset: this.#next(place) })))
  }

  #next(place: Place): number {
    return (this.#seen.get(nameOf(place))?.at(-1)?.offset ?? -1) + 1
  }

  async #read(): Promise<void> {
    while (!this.#closing) {
      const messages = await asked<Message[]>(done => this.#consumer.consume(2_000, done)).catch(error => {
        // The client lost its place, as when a broker has forgotten its epochs: it finds it again, or there is a gap.
        if ((error as NativeError).code === codes.noOffset) return this.#again()
        // A broker that is away is waited for.
        return []
      })
      for (const message of messages) this.#take(message)
      if (messages.length === 0) await pause(10)
    }
  }

  async #again(): Promise<[]> {
    await this.#whole()
    this.#assign()
    return []
  }

  /** Nothing may be deleted while it is looked at: what was not seen before would look like a loss. */
  async #whole(): Promise<void> {
    const firsts = await this.#offsets(this.#native.OffsetSpec.EARLIEST)
    const gap = firsts.find(first => first.offset > 0)
    if (gap) throw new Error(`${nameOf(gap)} begins at ${gap.offset}: what stood before it was deleted`)
  }

  #believed(): void {
    if (this.#failure) throw new Error('the onlooker has not seen everything', { cause: this.#failure })
  }

  #take(message: Message): void {
    const { key, value, offset, timestamp, headers } = message
    // It was on its way when the client was told where to read.
    if (offset < this.#next(message)) return
    const name = nameOf(message)
    const seen = this.#seen.get(name) ?? []
    this.#seen.set(name, seen)
    const named = headers && {
      headers: Object.fromEntries(
        headers.flatMap(header =>
          Object.entries(header).map(([name, bytes]) => [name, Buffer.from(bytes).toString()] as const),
        ),
      ),
    }
    seen.push({ offset, key: binary(key), value: binary(value), timestamp, deleted: value === null, ...named })
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

  async #committed(wanted: readonly Place[]): Promise<readonly PlaceAt[]> {
    this.#believed()
    return await this.#patiently(() => asked(done => this.#asker.committed(wanted, requestMs, done)))
  }

  /** Asked again while the brokers are coming back. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T> {
    const endMs = performance.now() + awayMsMax
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (performance.now() > endMs) throw error
        await pause(100)
      }
    }
  }

  /** Where something is written and neither committed nor taken back: for whoever wonders why nothing goes on. */
  async unsettled(): Promise<readonly string[]> {
    const { LATEST } = this.#native.OffsetSpec
    const all = [...places, ...positionPlaces]
    const written = await this.#offsets(LATEST, this.#native.IsolationLevel.READ_UNCOMMITTED, all)
    const committed = await this.#offsets(LATEST, this.#native.IsolationLevel.READ_COMMITTED, all)
    const ends = new Map(committed.map(end => [nameOf(end), end.offset]))
    return written.flatMap(end =>
      ends.get(nameOf(end)) === end.offset ? [] : [`${nameOf(end)} from ${ends.get(nameOf(end))} to ${end.offset}`],
    )
  }

  async #offsets(
    offset: unknown,
    isolationLevel = this.#native.IsolationLevel.READ_COMMITTED,
    of: readonly Place[] = places,
  ): Promise<readonly PlaceAt[]> {
    const wanted = of.map(place => ({ ...place, offset }))
    return await this.#patiently(async () => {
      // A new client each time: one that has seen a broker restart may know its old leader for minutes.
      const admin = this.#native.AdminClient.create({ 'bootstrap.servers': this.#brokers })
      const found = await asked<readonly ListedOffset[]>(done =>
        admin.listOffsets(wanted, { timeout: requestMs, isolationLevel }, done),
      ).finally(() => admin.disconnect())
      const wrong = found.find(({ error }) => error)
      if (wrong) throw new Error(`${nameOf(wrong)}: ${wrong.error!.message}`)
      return found
    })
  }

  /** The positions of the input, for seeing it move on. */
  async inputPositions(): Promise<readonly number[]> {
    await this.left()
    return Array.from({ length: partitions }, (_, partition) => this.position(group, 'transfers', partition))
  }

  /** Until everything that is committed by now has been read. */
  async caughtUp(): Promise<void> {
    await this.#whole()
    const ends = await this.#offsets(this.#native.OffsetSpec.LATEST)
    const isBehind = (end: PlaceAt): boolean =>
      this.#next(end) < end.offset && (this.#ends.get(nameOf(end)) ?? 0) < end.offset
    const endMs = performance.now() + awayMsMax
    for (let nextMs = performance.now() + silentMs; ends.some(isBehind); await pause(lookMs)) {
      this.#believed()
      const now = performance.now()
      if (now > endMs) throw new Error(`${nameOf(ends.find(isBehind)!)} cannot be read to its end`)
      if (now < nextMs) continue
      // An error that comes behind records the client keeps to itself.
      await this.#again()
      nextMs = performance.now() + silentMs
    }
    this.#believed()
  }

  /** All that came from outside. */
  input(): readonly Read[] {
    return Array.from({ length: partitions }, (_, partition) => this.records('transfers', partition)).flat()
  }

  /** Whether so much has come, and the topology has taken all of it and has nothing in hand. */
  async isDone(inputsMin = 0): Promise<boolean> {
    await this.caughtUp()
    return this.input().length >= inputsMin && (await this.left()) === 0 && judge(this, new Set()).left === 0
  }

  async close(): Promise<void> {
    this.#closing = true
    await this.#reading
    for (const client of [this.#consumer, this.#asker]) await new Promise<void>(done => client.disconnect(() => done()))
  }
}
