// Membership. Owns: the consumer of a group, what it owns, where it reads and what has been read and not yet been fetched.
// Does not own: transactions (TransactionalProducer), stores (Stores), what a task does (Worker).
// M1  ownership changes only inside `fetch` and `close`, so never while a commit or a store is at work.
// M2  every change that the client tells is answered, in order, also while closing: it waits for the answer for ever.
// M3  records of a partition that is not owned are never given, nor do they move its position.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Fetched, Ownership, Partition, Position } from '../../topology/ports/log.ts'
import { connect } from './connect.ts'
import { KafkaError } from './failure.ts'
import { Holdings, nameOf } from './holdings.ts'
import { Intake } from './intake.ts'
import { asked, type Consumer, codes, type Native, type NativeError, type Place, type PlaceAt } from './native.ts'
import { awayMsMax } from './patience.ts'
import { type KafkaOptions, memberSettings } from './settings.ts'

const seekTimeoutMs = 5_000
const seekTriesMax = 50
const seekAgainMs = 20
const closeWaitMs = 10_000
/** To the client: from the first record that is kept. */
const fromBeginning = -2

/** A change of ownership as the client told it. */
interface Change {
  readonly kind: 'assigned' | 'revoked' | 'lost'
  readonly places: readonly Place[]
}

const placesOf = (places: readonly Place[]): Place[] => places.map(({ topic, partition }) => ({ topic, partition }))

export class Membership {
  readonly consumer: Consumer
  readonly #intake: Intake
  readonly #ownership: Ownership
  readonly #holdings: Holdings
  readonly #changes: Change[] = []
  #closing = false
  /** What the client logged when it could not go on: its error says no more than that. */
  #fatal: string | undefined
  /** Another member took our place in the group, or the client cannot go on. */
  broken: NativeError | undefined

  private constructor(consumer: Consumer, intake: Intake, ownership: Ownership) {
    this.consumer = consumer
    this.#intake = intake
    this.#ownership = ownership
    this.#holdings = new Holdings(consumer)
    consumer.on('event.log', ({ fac, message }) => {
      if (fac === 'FATAL') this.#fatal = message
    })
  }

  static async open(
    native: Native,
    options: KafkaOptions,
    group: string,
    instance: string,
    topics: readonly string[],
    ownership: Ownership,
  ): Promise<Membership> {
    let membership: Membership | undefined
    let intake: Intake | undefined
    const settings = {
      ...memberSettings(options, group, instance),
      queue_non_empty_cb: () => intake?.wake(),
      rebalance_cb: (error: NativeError, places: readonly Place[]) => membership?.told(error, places),
    }
    const consumer = new native.KafkaConsumer(settings, { 'auto.offset.reset': 'earliest' })
    intake = new Intake(consumer)
    await connect(consumer, options)
    membership = new Membership(consumer, intake, ownership)
    if (topics.length > 0) consumer.subscribe(topics)
    return membership
  }

  /** Partitions that are owned now. */
  get owned(): readonly Partition[] {
    return this.#holdings.partitions
  }

  get awaited(): readonly PlaceAt[] {
    return this.#holdings.awaited
  }

  /** From the client, at any time: it waits for the answer, which `fetch` gives. */
  told({ code }: NativeError, places: readonly Place[]): void {
    // To be asked here: any answer clears it.
    const kind = code === codes.assignPartitions ? 'assigned' : this.consumer.assignmentLost() ? 'lost' : 'revoked'
    const change: Change = { kind, places: placesOf(places) }
    if (this.#closing) {
      this.#letBe(change)
      return
    }
    this.#changes.push(change)
    this.#intake.announce()
  }

  /** While closing: the client wants an answer of the kind that its protocol has, until it is ending itself; then any. */
  #letBe({ kind, places }: Change): void {
    if (this.consumer.rebalanceProtocol() === 'COOPERATIVE') {
      try {
        if (kind === 'assigned') this.consumer.incrementalAssign(places)
        else this.consumer.incrementalUnassign(places)
        return
      } catch (error) {
        if ((error as NativeError).code !== codes.state) throw error
      }
    }
    this.consumer.unassign()
  }

  async fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]> {
    await this.#answer()
    this.#absorb()
    let found = this.#holdings.give(recordsMax)
    if (found.length > 0 || waitMs <= 0 || this.#changes.length > 0) return found
    await this.#intake.arrival(waitMs, until)
    await this.#answer()
    this.#absorb()
    found = this.#holdings.give(recordsMax)
    return found
  }

  async #answer(): Promise<void> {
    if (this.#changes.length === 0) return
    // What was drawn of a partition before it left must not come again behind it, should it be assigned anew.
    await this.#intake.hold()
    try {
      this.#absorb(Number.POSITIVE_INFINITY)
      for (let change = this.#changes.shift(); change; change = this.#changes.shift()) {
        const { kind, places } = change
        if (kind === 'assigned') await this.#assign(places)
        else await this.#unassign(kind, places)
      }
    } catch (error) {
      // Meanwhile the client has lost its place in the group: nothing can be answered any more.
      if ((error as NativeError).code !== codes.state) throw error
      this.broken ??= error as NativeError
    } finally {
      this.#intake.release()
    }
  }

  async #assign(places: readonly Place[]): Promise<void> {
    const cooperative = this.consumer.rebalanceProtocol() === 'COOPERATIVE'
    const from = await this.#committed(places)
    if (cooperative) this.consumer.incrementalAssign(from)
    else this.consumer.assign(from)
    for (const place of from) this.#holdings.take(place)
    // After something has gone, the client says that nothing came.
    if (places.length > 0) await this.#ownership.assigned(places)
  }

  async #unassign(kind: 'revoked' | 'lost', places: readonly Place[]): Promise<void> {
    const gone = places.filter(place => this.#holdings.has(place))
    if (gone.length > 0) await this.#ownership[kind](gone)
    for (const place of gone) this.#holdings.drop(place)
    if (this.consumer.rebalanceProtocol() === 'COOPERATIVE') this.consumer.incrementalUnassign(placesOf(places))
    else this.consumer.unassign()
  }

  /** Where the group stands; never committed: at the beginning. Waits for transactions that are still open. */
  async #committed(places: readonly Place[]): Promise<readonly PlaceAt[]> {
    if (places.length === 0) return []
    const endMs = performance.now() + awayMsMax
    for (;;) {
      try {
        const found = await asked<readonly PlaceAt[]>(done => this.consumer.committed(placesOf(places), 10_000, done))
        return found.map(({ topic, partition, offset }) => ({
          topic,
          partition,
          offset: offset >= 0 ? offset : fromBeginning,
        }))
      } catch (error) {
        if (performance.now() > endMs)
          throw new KafkaError(
            'unreachable',
            `the group's positions cannot be read: ${(error as NativeError).message}.`,
            error,
          )
        await sleep(seekAgainMs)
      }
    }
  }

  /** Where the group stands in what is owned; never committed: at 0. */
  async positions(): Promise<readonly Position[]> {
    const found = await this.#committed(this.#holdings.partitions)
    return found.map(({ topic, partition, offset }) => ({ topic, partition, offset: Math.max(0, offset) }))
  }

  #absorb(recordsMax?: number): void {
    const { failure } = this.#intake
    if (failure) {
      this.#intake.failure = undefined
      this.#failed(failure)
    }
    for (const batch of this.#intake.take(recordsMax)) this.#holdings.absorb(batch)
  }

  #failed(error: NativeError): void {
    if (error.code === codes.timedOut) return
    // A topic that is gone is told by the watchdog, which knows its name.
    if (error.code === codes.unknownTopic) return
    if (
      error.isFatal ||
      error.code === codes.fatal ||
      error.code === codes.fencedInstance ||
      error.code === codes.unreleasedInstance
    )
      this.broken = this.#fatal === undefined ? error : { ...error, message: this.#fatal }
  }

  pause(partitions: readonly Partition[]): void {
    this.#holdings.pause(partitions)
  }

  resume(partitions: readonly Partition[]): void {
    this.#holdings.resume(partitions)
  }

  /** Every partition stands at its committed position again, and is paused. */
  async rewind(): Promise<void> {
    this.#holdings.stopAll()
    await this.#intake.settle()
    for (const place of await this.#committed(this.#holdings.partitions)) {
      this.#holdings.rewind(place)
      await this.#seek(place)
    }
  }

  async #seek(to: PlaceAt): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await asked<void>(done => this.consumer.seek(to, seekTimeoutMs, done))
        return
      } catch (error) {
        // A partition that was just assigned takes a moment until it can be sought.
        if (tries === seekTriesMax)
          throw new KafkaError(
            'unreachable',
            `${nameOf(to)} cannot be set back to ${to.offset}: ${(error as NativeError).message}.`,
            error,
          )
        await sleep(seekAgainMs)
      }
    }
  }

  /** Leaves the group; what is owned has been committed or given up before. */
  async close(): Promise<void> {
    this.#closing = true
    for (const change of this.#changes.splice(0)) this.#letBe(change)
    this.#holdings.clear()
    await this.#intake.stop()
    const stop = new AbortController()
    const left = new Promise<void>(done => this.consumer.disconnect(() => done()))
    await Promise.race([left, sleep(closeWaitMs, undefined, { signal: stop.signal }).catch(() => {})])
    stop.abort()
  }
}
