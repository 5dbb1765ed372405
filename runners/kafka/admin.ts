import type { Partition, TopicInfo, TopicSettings } from '../../topology/ports/log.ts'
import { connect, connectError, reasonIn, refusals } from './connect.ts'
import { KafkaError } from './failure.ts'
import {
  type Admin,
  asked,
  codes,
  type GroupDescription,
  type ListedOffset,
  type LogEvent,
  type Native,
  type NativeError,
  type PlaceAt,
  type Settle,
  type TopicDescription,
} from './native.ts'
import { hasNoLeader, isPassing, isStale } from './passing.ts'
import { adminSettings, type KafkaOptions } from './settings.ts'
import { configOf } from './topic-config.ts'

/** A busy broker may take its time. */
const requestTimeoutMs = 30_000
/** Before the first answer is asked in turns so short: a request that is under way holds the end of the process. */
const firstTimeoutMs = 2_000
/** Where no broker has ever answered and all are down, there is no use in waiting on. */
const downMsMax = 5_000
const downLookMs = 250
/** A refusal by brokers that never answered is final: it is waited only for another broker's answer. */
const refusedMsMax = 1_000
/** Known to one broker, a new topic may be unknown to another for so long. */
const spreadTimeoutMs = 15_000
const spreadLookMs = 20

/** What is asked of the brokers beside records: topics, ends, groups. */
export class Administration {
  readonly #native: Native
  readonly #options: KafkaOptions
  #admin: Admin
  #said: string | undefined
  /** Why, in more words than an error has. */
  #reason: string | undefined
  #saidMs: number | undefined
  #downMs: number | undefined
  #answered = false

  private constructor(native: Native, options: KafkaOptions) {
    this.#native = native
    this.#options = options
    this.#admin = this.#client()
  }

  static open(native: Native, options: KafkaOptions): Administration {
    return new Administration(native, options)
  }

  #client(): Admin {
    return this.#native.AdminClient.create(adminSettings(this.#options), {
      'event.error': ({ message }: NativeError) => this.hear(message),
      'event.log': (event: LogEvent) => this.learn(event),
    })
  }

  /** Why requests are not answered, the client tells beside them. */
  hear(message: string): void {
    if (refusals.test(message)) this.#refusedFor(message)
    if (/(brokers|connections) are down/i.test(message)) this.#downMs ??= performance.now()
  }

  /** What the client logs beside its errors has the reasons that they lack. */
  learn(event: LogEvent): void {
    const reason = reasonIn(event)
    if (reason === undefined) return
    this.#reason = reason
    this.#refusedFor(reason)
  }

  #refusedFor(said: string): void {
    this.#said = this.#reason ?? said
    this.#saidMs ??= performance.now()
  }

  async topics(): Promise<readonly string[]> {
    return await this.#ask<readonly string[]>('list the topics', (done, timeout) =>
      this.#admin.listTopics({ timeout }, done),
    )
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    const [found] = await this.#ask<readonly TopicDescription[]>(`describe the topic "${name}"`, (done, timeout) =>
      this.#admin.describeTopics([name], { timeout }, done),
    )
    if (found === undefined || found.error?.code === codes.unknownTopic) return undefined
    if (found.error) throw this.#refused(`describe the topic "${name}"`, found.error)
    return { id: found.topicId.base64, partitions: found.partitions.length }
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    for (const topic of topics) {
      try {
        await asked<void>(done =>
          this.#admin.createTopic(
            {
              topic: topic.name,
              num_partitions: topic.partitions,
              replication_factor: this.#options.replicas ?? -1,
              config: configOf(topic),
            },
            requestTimeoutMs,
            done,
          ),
        )
      } catch (error) {
        if ((error as NativeError).code !== codes.topicExists)
          throw this.#refused(`make the topic "${topic.name}"`, error)
      }
    }
    for (const { name } of topics) await this.#untilKnown(name)
  }

  async #untilKnown(name: string): Promise<void> {
    for (const endMs = performance.now() + spreadTimeoutMs; performance.now() < endMs; ) {
      const [found] = await this.#ask<readonly TopicDescription[]>(`describe the topic "${name}"`, (done, timeout) =>
        this.#admin.describeTopics([name], { timeout }, done),
      )
      if (found && !found.error && found.partitions.every(({ leader }) => leader)) return
      await new Promise(done => setTimeout(done, spreadLookMs))
    }
    throw new KafkaError(
      'unreachable',
      `the topic "${name}" was made, and after ${spreadTimeoutMs} ms a partition of it has no leader yet. Are enough brokers up?`,
    )
  }

  async delete(topic: string): Promise<void> {
    await this.#ask(`delete the topic "${topic}"`, done => this.#admin.deleteTopic(topic, requestTimeoutMs, done))
  }

  /** The first offsets that are kept. */
  async firsts(partitions: readonly Partition[]): Promise<readonly number[]> {
    return await this.#offsets(partitions, this.#native.OffsetSpec.EARLIEST, this.#native.IsolationLevel.READ_COMMITTED)
  }

  /** The offsets after the last that is committed, where nothing that is open stands before it. */
  async committedEnds(partitions: readonly Partition[]): Promise<readonly number[]> {
    return await this.#offsets(partitions, this.#native.OffsetSpec.LATEST, this.#native.IsolationLevel.READ_COMMITTED)
  }

  /** The offsets after the last that is written, whatever becomes of its transaction. */
  async writtenEnds(partitions: readonly Partition[]): Promise<readonly number[]> {
    return await this.#offsets(partitions, this.#native.OffsetSpec.LATEST, this.#native.IsolationLevel.READ_UNCOMMITTED)
  }

  async #offsets(
    partitions: readonly Partition[],
    offset: unknown,
    isolationLevel: number,
  ): Promise<readonly number[]> {
    if (partitions.length === 0) return []
    const places = partitions.map(({ topic, partition }) => ({ topic, partition, offset }))
    const found = await this.#settled<ListedOffset>('ask where partitions end', done =>
      this.#admin.listOffsets(places, { timeout: requestTimeoutMs, isolationLevel }, (error, listed) =>
        done(error ?? listed.find(place => isPassing(place.error?.code ?? 0))?.error, listed),
      ),
    )
    return partitions.map(({ topic, partition }) => {
      const place = found.find(other => other.topic === topic && other.partition === partition)
      if (place === undefined || place.error)
        throw this.#refused(`ask where ${topic}-${partition} ends`, place?.error ?? 'it is not in the answer')
      return place.offset
    })
  }

  /**
   * What a group has committed; a partition that it has never committed for is left out. Asked by a consumer of the group
   * that does not join it: where the brokers have no coordinator yet, the same question of the admin ends the process.
   */
  async positions(group: string, partitions: readonly Partition[]): Promise<readonly PlaceAt[]> {
    const consumer = new this.#native.KafkaConsumer({ ...adminSettings(this.#options), 'group.id': group }, {})
    try {
      await connect(consumer, this.#options)
      const places = partitions.map(({ topic, partition }) => ({ topic, partition }))
      const found = await this.#settled<PlaceAt>(`read the positions of "${group}"`, done =>
        consumer.committed(places, requestTimeoutMs, done),
      )
      return found.filter(({ offset }) => offset >= 0)
    } finally {
      await new Promise<void>(done => consumer.disconnect(() => done()))
    }
  }

  async groups(): Promise<readonly string[]> {
    const { groups } = await this.#ask<{ readonly groups: readonly { readonly groupId: string }[] }>(
      'list the groups',
      (done, timeout) => this.#admin.listGroups({ timeout }, done),
    )
    return groups.map(({ groupId }) => groupId).sort()
  }

  async group(name: string): Promise<GroupDescription | undefined> {
    const { groups } = await this.#ask<{ readonly groups: readonly GroupDescription[] }>(
      `describe the group "${name}"`,
      (done, timeout) => this.#admin.describeGroups([name], { timeout }, done),
    )
    return groups.find(({ error, groupId }) => groupId === name && !error)
  }

  async deleteGroup(name: string): Promise<void> {
    const [result] = await this.#ask<readonly { readonly error?: NativeError }[]>(
      `delete the group "${name}"`,
      (done, timeout) => this.#admin.deleteGroups([name], { timeout }, done),
    )
    if (result?.error) throw this.#refused(`delete the group "${name}"`, result.error)
  }

  /** Drops the records before these offsets. */
  async purge(places: readonly PlaceAt[]): Promise<void> {
    await this.#ask('purge what has been read', done =>
      this.#admin.deleteRecords(places, { timeout: requestTimeoutMs, operationTimeout: requestTimeoutMs }, done),
    )
  }

  /** Where a leader or a coordinator is just being made, or moves, it is asked again. */
  async #settled<T extends PlaceAt>(what: string, call: (done: Settle<readonly T[]>) => void): Promise<readonly T[]> {
    const endMs = performance.now() + spreadTimeoutMs
    for (;;) {
      try {
        return await asked(call)
      } catch (error) {
        const { code } = error as NativeError
        if (!isPassing(code) || performance.now() > endMs) throw this.#refused(what, error)
        if (isStale(code)) this.#renew()
        await new Promise(done => setTimeout(done, spreadLookMs))
      }
    }
  }

  #renew(): void {
    this.#admin.disconnect()
    this.#admin = this.#client()
  }

  async #ask<T>(what: string, call: (done: Settle<T>, timeout: number) => void): Promise<T> {
    const endMs = performance.now() + requestTimeoutMs
    let timer: NodeJS.Timeout | undefined
    const givenUp = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (this.#isHopeless) reject({ code: codes.allDown, message: 'connection refused' })
      }, downLookMs)
    })
    const answer = async (): Promise<T> => {
      for (;;) {
        const isFirst = !this.#answered
        try {
          return await asked<T>(done => call(done, isFirst ? firstTimeoutMs : requestTimeoutMs))
        } catch (error) {
          const isLate = (error as NativeError).code === codes.timedOut
          if (!isFirst || !isLate || this.#isHopeless || performance.now() > endMs) throw error
        }
      }
    }
    try {
      const found = await Promise.race([answer(), givenUp])
      this.#answered = true
      return found
    } catch (error) {
      throw this.#refused(what, error)
    } finally {
      clearInterval(timer)
    }
  }

  /** No broker has ever answered, and none will. */
  get #isHopeless(): boolean {
    const pastMs = (sinceMs: number | undefined): number => (sinceMs === undefined ? 0 : performance.now() - sinceMs)
    return !this.#answered && (pastMs(this.#saidMs) > refusedMsMax || pastMs(this.#downMs) > downMsMax)
  }

  #refused(what: string, error: unknown): KafkaError {
    const { code, message = String(error) } = error as NativeError
    const { brokers } = this.#options
    if (code !== undefined && code < 0 && this.#said !== undefined) return connectError(this.#options, this.#said)
    if (code !== undefined && (code < 0 || hasNoLeader(code)))
      return new KafkaError(
        'unreachable',
        `cannot ${what}: no broker at ${brokers} answered (${message}). Are they up, and is the address right?`,
      )
    return new KafkaError('refused', `cannot ${what}: the broker says "${message}".`)
  }

  close(): void {
    this.#admin.disconnect()
  }
}
