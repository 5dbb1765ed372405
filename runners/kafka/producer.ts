import { setTimeout as sleep } from 'node:timers/promises'
import type { Appends, Commit, Outcome, StoreChanges } from '../../topology/ports/log.ts'
import { connect } from './connect.ts'
import { KafkaError } from './failure.ts'
import {
  asked,
  type Consumer,
  codes,
  type Native,
  type NativeError,
  type Place,
  type Producer,
  type Settle,
} from './native.ts'
import { within } from './patience.ts'
import { bytesFor, headersFor } from './records.ts'
import { commitDeadlineMs, type KafkaOptions, producerSettings, transactionTimeoutMsDefault } from './settings.ts'

/** Taking the transactional id over waits for what its last owner left open. */
const takeOverDeadlineMs = 60_000
const takeOverTryMs = 20_000
/** What the client calls with no limit: its own documentation says that any other breaks its state. */
const untilDone = -1
const fullQueueWaitMs = 5
const againMs = 20
const reportWaitMs = 100
const disconnectWaitMs = 5_000

const fences: ReadonlySet<number> = new Set([
  codes.fenced,
  codes.producerFenced,
  codes.invalidProducerEpoch,
  codes.fencedInstance,
])

/** What brokers say of records that they will never take, and what can be done. */
const refusals: Readonly<Record<number, string>> = {
  [codes.messageTooLarge]: 'Raise max.message.bytes of the topic, or let the pipeline make smaller records.',
  [codes.invalidTimestamp]: 'Raise message.timestamp.after.max.ms of the topic, or set aheadMax at the source.',
  [codes.invalidRecord]: 'A compacted topic takes no record without a key.',
  [codes.topicRefused]: 'Allow this user to write to the topic.',
  [codes.unknownTopic]: 'The topic was deleted while this ran: make it again.',
}

/** Moments of a commit, in their order: tests end the process there. */
export const commitPoints = ['begun', 'produced', 'positions sent', 'committed', 'stored'] as const
export type CommitPoint = (typeof commitPoints)[number]

const unanswered = (): Error =>
  Object.assign(new Error('the brokers do not answer the transaction'), { code: codes.timedOut })

/** A producer of transactions under one id: whoever takes the id over ends what its last owner left open, and fences it. */
export class TransactionalProducer {
  readonly #producer: Producer
  readonly #timeoutMs: number
  #begunMs = 0
  /** What the client was asked and has not answered, though nobody waits for it any more. */
  readonly #unanswered = new Set<Promise<void>>()
  /** `broken`: what became of the transaction, nobody knows, and this producer is not to be used again. */
  #state: 'idle' | 'open' | 'broken' = 'idle'
  #refused: { readonly at: Place; readonly error: NativeError } | undefined

  private constructor(producer: Producer, timeoutMs: number) {
    this.#producer = producer
    this.#timeoutMs = timeoutMs
    producer.on('delivery-report', (error, report) => {
      if (error) this.#refused ??= { at: report, error }
    })
  }

  static async open(
    native: Native,
    options: KafkaOptions,
    group: string,
    instance: string,
  ): Promise<TransactionalProducer> {
    const raw = new native.Producer(producerSettings(options, group, instance), {})
    await connect(raw, options)
    raw.setPollInBackground(true)
    const producer = new TransactionalProducer(raw, options.transactionTimeoutMs ?? transactionTimeoutMsDefault)
    try {
      await producer.#takeOver()
    } catch (error) {
      await producer.close()
      const { message, isRetriable } = error as NativeError
      if (isRetriable)
        throw new KafkaError(
          'unreachable',
          `the transactional id ${group}-${instance} could not be taken within ${takeOverDeadlineMs} ms: ${message}.`,
          error,
        )
      throw new KafkaError('refused', `the transactional id ${group}-${instance} cannot be taken: ${message}.`, error)
    }
    return producer
  }

  async #takeOver(): Promise<void> {
    const endMs = performance.now() + takeOverDeadlineMs
    for (;;) {
      try {
        await asked<void>(done => this.#producer.initTransactions(takeOverTryMs, done))
        return
      } catch (error) {
        if (!(error as NativeError).isRetriable || performance.now() > endMs) throw error
        await sleep(againMs)
      }
    }
  }

  /** Something waits for the commit, or for the end of the transaction. */
  get begun(): boolean {
    return this.#state !== 'idle'
  }

  /** Records of the next commit: they are on their way from now on. What goes wrong is told by that commit. */
  async append(appends: readonly Appends[]): Promise<void> {
    try {
      await this.#begin()
      if (this.#state === 'open') await this.#produceAppends(appends, performance.now() + commitDeadlineMs)
    } catch (error) {
      if (error instanceof KafkaError) throw error
      this.#state = 'broken'
    }
  }

  async #begin(): Promise<void> {
    if (this.#state !== 'idle') return
    this.#refused = undefined
    // The errors of this call say nothing of what may follow them.
    this.#state = 'broken'
    await asked<void>(done => this.#producer.beginTransaction(done))
    this.#state = 'open'
    this.#begunMs = performance.now()
  }

  /** All of it in one transaction; positions belong to the group that the consumer is a member of, and there are none without one. */
  async commit(commit: Commit, consumer: Consumer | undefined, at: (point: CommitPoint) => void): Promise<Outcome> {
    const endMs = performance.now() + commitDeadlineMs
    try {
      await this.#begin()
      if (this.#state === 'broken') return 'unknown'
      at('begun')
      await this.#produceAppends(commit.appends, endMs)
      await this.#produceChanges(commit.changes, endMs)
      at('produced')
      if (consumer !== undefined && commit.positions.length > 0)
        await this.#again(
          done => this.#producer.sendOffsetsToTransaction(commit.positions, consumer, untilDone, done),
          endMs,
        )
      at('positions sent')
      await this.#again(done => this.#producer.commitTransaction(untilDone, done), endMs)
      this.#state = 'idle'
      return 'committed'
    } catch (error) {
      return this.#state === 'open' ? await this.#ended(error as NativeError, commit) : 'unknown'
    }
  }

  async #ended(error: NativeError, commit: Commit): Promise<Outcome> {
    if (error.isFatal && fences.has(error.code)) return this.#fenced
    if (error.isTxnRequiresAbort || error instanceof KafkaError) {
      const outcome = await this.abort()
      // Which record it was that failed, the client may tell a moment later.
      if (this.#refused === undefined) await sleep(reportWaitMs)
      this.#refuse(commit)
      if (error instanceof KafkaError) throw error
      return outcome
    }
    return 'unknown'
  }

  /** Brokers end a transaction that is open for too long with the words for a name that was taken: then nobody took it. */
  get #fenced(): Outcome {
    return performance.now() - this.#begunMs < this.#timeoutMs ? 'fenced' : 'unknown'
  }

  /** Nothing that was appended since the last commit will ever be seen. */
  async abort(): Promise<Outcome> {
    if (this.#state === 'idle') return 'aborted'
    try {
      await this.#again(done => this.#producer.abortTransaction(untilDone, done), performance.now() + commitDeadlineMs)
      this.#state = 'idle'
      return 'aborted'
    } catch (error) {
      this.#state = 'broken'
      const { isFatal, code } = error as NativeError
      return isFatal && fences.has(code) ? this.#fenced : 'unknown'
    }
  }

  /** A record that the brokers never take would be tried for ever: it is told instead. */
  #refuse({ appends, changes }: Commit): void {
    const advice = this.#refused && refusals[this.#refused.error.code]
    if (this.#refused === undefined || advice === undefined) return
    const { topic, partition } = this.#refused.at
    const sizes = [
      ...appends.flatMap(append => (append.topic === topic && append.partition === partition ? append.records : [])),
      ...changes.flatMap(({ changelog, partition: of, entries }) =>
        changelog === topic && of === partition ? entries.map(([key, value]) => ({ key, value })) : [],
      ),
    ].map(({ key, value }) => (key?.length ?? 0) + (value?.length ?? 0))
    const largest = sizes.reduce((most, size) => Math.max(most, size), 0)
    throw new KafkaError(
      'refused',
      `the broker refuses a record for ${topic}-${partition}: ${this.#refused.error.message} (the largest of this commit has ${largest} bytes). Nothing was committed. ${advice}`,
    )
  }

  async #produceAppends(appends: readonly Appends[], endMs: number): Promise<void> {
    for (const { topic, partition, records } of appends) {
      for (const { key, value, timestamp, headers } of records) {
        if (!this.#produce(topic, partition, value, key, timestamp, headersFor(headers)))
          await this.#room(() => this.#produce(topic, partition, value, key, timestamp, headersFor(headers)), endMs)
      }
    }
  }

  async #produceChanges(changes: readonly StoreChanges[], endMs: number): Promise<void> {
    const now = Date.now()
    for (const { changelog, partition, entries } of changes) {
      for (const [key, value] of entries) {
        if (!this.#produce(changelog, partition, value, key, now, undefined))
          await this.#room(() => this.#produce(changelog, partition, value, key, now, undefined), endMs)
      }
    }
  }

  /** False: the queue is full. */
  #produce(
    topic: string,
    partition: number,
    value: Uint8Array | null,
    key: Uint8Array | null,
    timestamp: number,
    headers: ReturnType<typeof headersFor>,
  ): boolean {
    try {
      // To the client the time 0 means now.
      const time = Math.max(timestamp, 1)
      this.#producer.produce(topic, partition, bytesFor(value), bytesFor(key), time, undefined, headers)
      return true
    } catch (error) {
      const { code, message } = error as NativeError
      if (code === codes.queueFull) return false
      throw code === codes.unknownPartition || code === codes.unknownTopic
        ? new KafkaError(
            'refused',
            `${topic}-${partition} cannot be written: ${message}. Was the topic deleted while this ran?`,
          )
        : error
    }
  }

  async #room(produce: () => boolean, endMs: number): Promise<void> {
    while (!produce()) {
      if (performance.now() > endMs)
        throw Object.assign(new Error('the brokers take records too slowly'), { code: codes.timedOut })
      await sleep(fullQueueWaitMs)
    }
  }

  /**
   * What may be tried again is the very same call: it goes on where it was. After brokers have gone and come back it may
   * never answer; then nobody knows how the transaction ends, and the next producer of the id ends it.
   */
  async #again(call: (done: Settle) => void, endMs: number): Promise<void> {
    for (;;) {
      try {
        await within(this.#noted(asked<void>(call)), endMs, unanswered)
        return
      } catch (error) {
        if (!(error as NativeError).isRetriable || performance.now() > endMs) throw error
        await sleep(againMs)
      }
    }
  }

  #noted(answer: Promise<void>): Promise<void> {
    this.#unanswered.add(answer)
    const answered = (): void => void this.#unanswered.delete(answer)
    answer.then(answered, answered)
    return answer
  }

  /**
   * Whatever it left open is ended by the next owner of its id, or by the brokers. The client aborts the process where it
   * is disconnected in the middle of a call: it is disconnected then when the call has ended, if it ever does.
   */
  async close(): Promise<void> {
    const stop = new AbortController()
    const closed = Promise.allSettled(this.#unanswered).then(
      () => new Promise<void>(done => this.#producer.disconnect(() => done())),
    )
    await Promise.race([closed, sleep(disconnectWaitMs, undefined, { signal: stop.signal }).catch(() => {})])
    stop.abort()
  }
}
