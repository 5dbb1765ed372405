import { setTimeout as sleep } from 'node:timers/promises'
import type {
  Appends,
  Commit,
  Fetched,
  Member,
  Outcome,
  Ownership,
  Partition,
  Position,
  ReadableStore,
  StoreName,
} from '../../topology/ports/log.ts'
import type { Owner } from '../lmdb/owner.ts'
import { KafkaError } from './failure.ts'
import type { KafkaLog } from './log.ts'
import { Membership } from './membership.ts'
import { codes, type Native, type NativeError } from './native.ts'
import { patiently } from './patience.ts'
import { type CommitPoint, TransactionalProducer } from './producer.ts'
import { Purge } from './purge.ts'
import type { KafkaOptions } from './settings.ts'
import { CommitSpans } from './spans.ts'
import { Standby } from './standby.ts'
import { Stores } from './stores.ts'
import { Watchdog } from './watchdog.ts'

/** A second time within this, and it is not by chance that another process has our name. */
const brokenTwiceMs = 60_000
const rejoinWaitMs = 1_000
/** A member of this name that died is kept by the brokers for the group's session time; after this it must be alive. */
const unreleasedMsMax = 90_000

/** What one member is made from. */
export interface MemberParts {
  readonly native: Native
  readonly options: KafkaOptions
  readonly log: KafkaLog
  readonly group: string
  readonly instance: string
  readonly topics: readonly string[]
  readonly ownership: Ownership
  readonly folder: string
  readonly owner: Owner
  /** Is told each moment of a commit as it comes. */
  readonly at: (point: CommitPoint) => void
}

/** One instance of one topology on Kafka: a consumer of its group, a producer of transactions, and its stores. */
export class KafkaMember implements Member {
  readonly restores = true
  readonly #parts: MemberParts
  readonly #stores: Stores
  readonly #watchdog: Watchdog
  readonly #purge: Purge
  readonly #standby: Standby | undefined
  readonly #spans: CommitSpans
  #options: KafkaOptions
  #producer: TransactionalProducer
  #membership: Membership
  /** How the last commit ended is not known, so its producer is not to be used again. */
  #suspect = false
  /** Where appends of the next commit went already. */
  #early: Partition[] = []
  #brokenMs: number | undefined

  private constructor(parts: MemberParts, stores: Stores, producer: TransactionalProducer, membership: Membership) {
    this.#parts = parts
    this.#options = parts.options
    this.#stores = stores
    this.#producer = producer
    this.#membership = membership
    this.#watchdog = new Watchdog(parts.log.admin, parts.topics, parts.options.watchIntervalMs)
    this.#purge = new Purge(parts.log.admin, parts.options.note, parts.options.purgeIntervalMs)
    const { group, instance, options, log } = parts
    this.#spans = new CommitSpans(group, instance)
    if (options.standby)
      this.#standby = new Standby(
        log.admin,
        stores,
        { group, instance, note: options.note },
        () => this.#membership.owned,
      )
  }

  static async join(parts: MemberParts): Promise<KafkaMember> {
    const { native, options, group, instance, topics, ownership, log } = parts
    // First the transactions: what a predecessor left open is ended, and positions can be read.
    const producer = await TransactionalProducer.open(native, options, group, instance)
    const stores = new Stores(parts.folder, log.changelogs, options.note)
    const membership = await Membership.open(native, options, group, instance, topics, ownership)
    return new KafkaMember(parts, stores, producer, membership)
  }

  async fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]> {
    const { broken } = this.#membership
    const { stuck, deleted } = this.#watchdog
    if (deleted !== undefined)
      throw new KafkaError(
        'refused',
        `the topic "${deleted}" was deleted while it was read. Make it again and start anew; \`franz reset\` empties what was made of its records.`,
      )
    if (broken !== undefined) await this.#rejoin(broken)
    else if (stuck !== undefined) {
      const where = `${stuck.topic}-${stuck.partition} has records behind ${stuck.offset}, and the client brings none`
      await this.#rejoin({ code: 0, message: where })
    } else this.#watchdog.look(() => this.#membership.awaited)
    const fetched = await this.#membership.fetch(recordsMax, waitMs, until)
    if (fetched.length > 0) this.#spans.read(fetched)
    return fetched
  }

  /** The client of the group cannot go on: a new one takes its place, and what was owned is given up. */
  async #rejoin(error: NativeError): Promise<void> {
    const { group, instance, ownership, native, topics } = this.#parts
    const now = performance.now()
    if (error.code === codes.unreleasedInstance) await this.#awaitRelease(now, error)
    else if (isUnsupported(error) && this.#options.groupProtocol === undefined) {
      this.#options = { ...this.#options, groupProtocol: 'classic' }
      this.#note('info', 'the brokers do not have the group protocol of Kafka 4: the classic one is used', error)
    } else {
      const again = this.#brokenMs !== undefined && now - this.#brokenMs < brokenTwiceMs
      if (again && error.code === codes.fencedInstance) throw this.#nameTaken(error)
      this.#brokenMs = now
      this.#note('warn', `the group ${group} went on without ${instance}: joining it again`, error)
    }
    this.#watchdog.reset()
    const { owned } = this.#membership
    if (owned.length > 0) await ownership.lost(owned)
    await this.#membership.close()
    this.#membership = await patiently(
      () => Membership.open(native, this.#options, group, instance, topics, ownership),
      error => this.#note('warn', 'the brokers are away: waiting for them', error),
    )
  }

  async #awaitRelease(now: number, error: NativeError): Promise<void> {
    if (this.#brokenMs === undefined) {
      this.#brokenMs = now
      this.#note(
        'info',
        `the brokers still hold a member named ${this.#parts.instance}: waiting for the end of its session`,
        error,
      )
    } else if (now - this.#brokenMs > unreleasedMsMax) throw this.#nameTaken(error)
    await sleep(rejoinWaitMs)
  }

  #nameTaken(cause: NativeError): KafkaError {
    const { group, instance } = this.#parts
    return new KafkaError(
      'name taken',
      `another process runs ${group} as ${instance}. Stop that one, or give this one another name with --instance.`,
      cause,
    )
  }

  #note(level: 'info' | 'warn', message: string, error: { readonly message: string }): void {
    this.#options.note?.(level, `${message} (${error.message})`, { topology: this.#parts.group })
  }

  pause(partitions: readonly Partition[]): void {
    this.#membership.pause(partitions)
  }

  resume(partitions: readonly Partition[]): void {
    this.#membership.resume(partitions)
  }

  async commit(commit: Commit): Promise<Outcome> {
    const { log, at } = this.#parts
    const { appends, changes, positions } = commit
    if (appends.length + changes.length + positions.length === 0 && !this.#producer.begun) return 'committed'
    if (this.#suspect) return 'unknown'
    const carried = { ...commit, appends: this.#spans.carried(appends) }
    const outcome = await this.#producer.commit(carried, this.#membership.consumer, at)
    this.#spans.ended(outcome, commit)
    if (outcome === 'committed') {
      at('committed')
      log.committed([
        ...this.#early,
        ...appends,
        ...changes.map(({ changelog, partition }) => ({ topic: changelog, partition })),
      ])
      this.#stores.write(changes)
      this.#purge.committed(positions)
      at('stored')
    } else if (outcome !== 'aborted') this.#suspect = true
    this.#early = []
    return outcome
  }

  positions(): Promise<readonly Position[]> {
    return this.#membership.positions()
  }

  async append(appends: readonly Appends[]): Promise<void> {
    if (this.#suspect) return
    for (const { topic, partition } of appends) this.#early.push({ topic, partition })
    await this.#producer.append(this.#spans.carried(appends))
  }

  async recover(): Promise<void> {
    this.#early = []
    this.#spans.ended('given up')
    if (!this.#suspect && (await this.#producer.abort()) !== 'aborted') this.#suspect = true
    if (this.#suspect) await this.#renew()
    await this.#membership.rewind()
  }

  /** The next producer of our id ends what this one may have left open: from then on the brokers know how it ended. */
  async #renew(): Promise<void> {
    const { native, group, instance } = this.#parts
    await this.#producer.close()
    this.#producer = await patiently(
      () => TransactionalProducer.open(native, this.#options, group, instance),
      error => this.#note('warn', 'the brokers are away: waiting for them', error),
    )
    this.#suspect = false
  }

  async store(name: StoreName): Promise<ReadableStore> {
    this.#standby?.know(name)
    return await this.#stores.open(name)
  }

  async close(): Promise<void> {
    await this.#membership.close()
    if (!this.#suspect) await this.#producer.abort()
    await this.#producer.close()
    await this.#standby?.close()
    await this.#purge.close()
    await this.#stores.close()
    await this.#parts.owner.release()
  }
}

const unsupported: ReadonlySet<number> = new Set([
  codes.unsupportedVersion,
  codes.unsupportedFeature,
  codes.unsupportedAssignor,
])

/** A fatal error of the client has its reason in words alone. */
const isUnsupported = ({ code, message }: NativeError): boolean =>
  unsupported.has(code) || (code === codes.fatal && message.includes('not supported'))
