// EmbeddedLog. Owns: one data folder as a log, what is one transaction in it, and when it is cleaned.
// Does not own: how topics, partitions, positions and stores stand in it, who waits for what (Bell).

import { randomUUID } from 'node:crypto'
import type {
  Commit,
  Fetched,
  Log,
  LogRecord,
  Ownership,
  Partition,
  ReadableStore,
  StoreName,
  TopicInfo,
  TopicSettings,
} from '../../topology/ports/log.ts'
import type { Reset } from '../../topology/ports/operations.ts'
import { Environment, type EnvironmentOptions } from '../lmdb/environment.ts'
import { DataFolderError } from '../lmdb/errors.ts'
import { Owner } from '../lmdb/owner.ts'
import { LmdbStores } from '../lmdb/store.ts'
import { Bell } from './bell.ts'
import { type Cleaned, Cleaning, type CleanOptions, type CleanPoint } from './cleaning.ts'
import { EmbeddedMember } from './member.ts'
import { type Batch, batchesOf, PartitionReader, Partitions } from './partitions.ts'
import { Positions, type Standing } from './positions.ts'
import { Removal } from './removal.ts'
import { TopicList } from './topic-list.ts'
import { Topics } from './topics.ts'

/** Moments of a commit, of an append and of letting go, in their order: tests end the process there. */
export const commitPoints = ['begun', 'appended', 'stored', 'positioned', 'durable', 'announced'] as const
export const appendPoints = ['append begun', 'append written', 'append durable'] as const
export type Point = (typeof commitPoints)[number] | (typeof appendPoints)[number] | CleanPoint

/** What topics let go is looked for this often, by processes that run a topology. */
const cleanEveryMs = 10_000

export interface LogOptions extends EnvironmentOptions {
  /** Is told each moment as it comes. */
  readonly at?: (point: Point) => void
  /** Wall time, which retention goes by. */
  readonly now?: () => number
  /** Undefined: every ten seconds while a topology runs here; `never`: only where `clean` is called. */
  readonly cleaning?: 'never' | undefined
}

/** The Log port on LMDB: topics, positions and stores of one data folder, in one transaction for each commit. */
export class EmbeddedLog implements Log {
  readonly id: string
  readonly folder: string
  readonly topics: Topics
  /** Named `changelog/partition`. */
  readonly stores: LmdbStores
  readonly #environment: Environment
  readonly #list: TopicList
  readonly #partitions: Partitions
  readonly #positions: Positions
  readonly #cleaning: Cleaning
  readonly #removal: Removal
  readonly #bell: Bell
  readonly #at: (point: Point) => void
  readonly #cleansItself: boolean
  readonly #members = new Set<EmbeddedMember>()
  readonly #end = new AbortController()
  #cleaner: NodeJS.Timeout | undefined
  #trouble: DataFolderError | undefined

  private constructor(environment: Environment, { at = () => {}, now = Date.now, cleaning }: LogOptions) {
    this.#environment = environment
    this.#at = at
    this.#cleansItself = cleaning !== 'never'
    this.folder = environment.folder
    this.stores = new LmdbStores(environment)
    this.#list = new TopicList(environment)
    this.#partitions = new Partitions(environment, this.#list)
    this.topics = new Topics(this.#list, this.#partitions)
    this.#positions = new Positions(environment)
    this.#cleaning = new Cleaning(environment, this.#list, this.#partitions, this.#positions, { at, now })
    this.#removal = new Removal(environment, this.#list, this.#partitions, this.#positions, this.stores)
    this.#bell = new Bell(this.folder)
    this.id = this.#identity()
  }

  static open(folder: string, options: LogOptions = {}): EmbeddedLog {
    const check = (environment: Environment) => new EmbeddedLog(environment, {}).check()
    return new EmbeddedLog(Environment.open(folder, { ...options, check }), options)
  }

  /** Reads everything, and throws where something is not as it was written. */
  check(): void {
    for (const { name, partitions } of this.topics.all()) {
      for (let partition = 0; partition < partitions; partition++) this.#partitions.check({ topic: name, partition })
    }
    this.stores.check()
  }

  #identity(): string {
    const meta = this.#environment.database('meta')
    const key = Buffer.from('id')
    const known = meta.get(key)
    if (known !== undefined) return Buffer.from(known).toString()
    return this.#environment.transaction(() => {
      const found = meta.get(key) ?? Buffer.from(randomUUID())
      meta.put(key, found)
      return Buffer.from(found).toString()
    })
  }

  store(name: StoreName): ReadableStore {
    return this.stores.open(storeOf(name))
  }

  /** What keeps commits from being written, while it lasts: no room on the disk, or none within the limit. */
  get trouble(): DataFolderError | undefined {
    return this.#trouble
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    return this.#list.get(name)
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    // A store's changes are in the transaction of their commit, so a changelog would only repeat them.
    this.#list.create(topics.filter(({ purpose }) => purpose !== 'changelog'))
  }

  /** Removes a topic with its records and with the positions of all who read it. */
  async delete(topic: string): Promise<void> {
    await this.#cleaning.idle()
    this.#removal.topic(topic)
    this.#bell.ring()
  }

  /** Where every group stands that has ever committed a position. */
  standings(): readonly Standing[] {
    return this.#positions.standings()
  }

  /** Takes back what groups have done, at one go. Members that still think that they are at work are fenced. */
  async forget(reset: Reset): Promise<void> {
    await this.#cleaning.idle()
    this.#removal.reset(reset)
    this.#bell.ring()
  }

  /** Appends what comes from outside any topology: all of it or nothing, on disk when it returns. */
  append(appends: readonly { readonly to: Partition; readonly records: readonly LogRecord[] }[]): void {
    this.#at('append begun')
    const prepared = appends.map(({ to, records }) => this.#prepared(to, records))
    this.#transaction(bytesOf(prepared), () => {
      for (const { to, batches } of prepared) this.#partitions.append(to, batches)
      this.#at('append written')
    })
    this.#at('append durable')
    this.#bell.ring()
  }

  #prepared(to: Partition, records: readonly LogRecord[]): Prepared {
    if (this.#list.get(to.topic)?.cleanup === 'compact' && records.some(({ key }) => key === null))
      throw new RangeError(
        `"${to.topic}" keeps the last record of each key, and a record without a key was to be added`,
      )
    return { to, batches: batchesOf(records) }
  }

  #transaction<T>(bytes: number, work: () => T): T {
    try {
      const done = this.#environment.transaction(work, { bytes })
      this.#trouble = undefined
      return done
    } catch (error) {
      if (error instanceof DataFolderError) this.#trouble = error
      throw error
    }
  }

  async read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched> {
    return this.reader(partition, offset).read(recordsMax)
  }

  /** Reads a partition on and on. An offset that is not kept any more means the first one that is. */
  reader(partition: Partition, offset: number): PartitionReader {
    return new PartitionReader(this.#partitions, partition, offset)
  }

  async ends(partition: Partition): Promise<{ first: number; next: number }> {
    return { first: this.topics.first(partition), next: this.topics.end(partition) }
  }

  /** The size of the file, and how much of it is in use. */
  get size(): { readonly fileBytes: number; readonly usedBytes: number } {
    return { fileBytes: this.#environment.fileBytes, usedBytes: this.#environment.usedBytes() }
  }

  async join(
    group: string,
    instance: string,
    topics: readonly string[],
    ownership: Ownership,
  ): Promise<EmbeddedMember> {
    const owner = await Owner.take(this.folder, group, this.#bell)
    try {
      const epoch = this.#environment.transaction(() => this.#positions.nextEpoch(group))
      const member = new EmbeddedMember(this, group, instance, epoch, owner, ownership)
      this.#members.add(member)
      this.#cleanNowAndThen()
      await member.start(topics)
      return member
    } catch (error) {
      await owner.release()
      throw error
    }
  }

  /** A member has closed. */
  left(member: EmbeddedMember): void {
    this.#members.delete(member)
    if (this.#members.size > 0) return
    clearInterval(this.#cleaner)
    this.#cleaner = undefined
  }

  #cleanNowAndThen(): void {
    if (!this.#cleansItself) return
    this.#cleaner ??= setInterval(() => {
      this.clean().catch(error => {
        if (error instanceof DataFolderError) this.#trouble = error
        else throw error
      })
    }, cleanEveryMs).unref()
  }

  /** Lets go what topics do not keep any longer, and compacts them. */
  clean(options?: CleanOptions): Promise<Cleaned> {
    return this.#cleaning.run(this.#end.signal, options)
  }

  position(group: string, partition: Partition): number {
    return this.#positions.get(group, partition)
  }

  /** False: a later member of the group has joined, and nothing was written. */
  commit(group: string, epoch: number, { appends, changes, positions }: Commit): boolean {
    this.#at('begun')
    const write = this.stores.prepared(changes.map(change => [storeOf(change), change.entries]))
    const prepared = appends.map(({ topic, partition, records }) => this.#prepared({ topic, partition }, records))
    const done = this.#transaction(bytesOf(prepared), () => {
      if (this.#positions.epoch(group) !== epoch) return false
      for (const { to, batches } of prepared) this.#partitions.append(to, batches)
      this.#at('appended')
      write()
      this.#at('stored')
      this.#positions.set(group, positions)
      this.#at('positioned')
      return true
    })
    if (!done) return false
    this.#at('durable')
    this.#bell.ring()
    this.#at('announced')
    return true
  }

  /** Resolves when something has been appended, when `until` settles, or after a while. */
  change(waitMs: number, until?: Promise<void>): Promise<void> {
    return this.#bell.wait(waitMs, until)
  }

  /** Whether appends of other processes are heard at once. */
  get hears(): boolean {
    return this.#bell.hears
  }

  async close(): Promise<void> {
    this.#end.abort()
    clearInterval(this.#cleaner)
    await this.#cleaning.idle()
    await this.#bell.close()
    await this.#environment.close()
  }
}

/** A store is named by its changelog, which says topology and store, though no changelog is kept. */
const storeOf = ({ changelog, partition }: StoreName): string => `${changelog}/${partition}`

interface Prepared {
  readonly to: Partition
  readonly batches: readonly Batch[]
}

const bytesOf = (prepared: readonly Prepared[]): number =>
  prepared.reduce((sum, { batches }) => batches.reduce((all, { bytes }) => all + bytes.length, sum), 0)
