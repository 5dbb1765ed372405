import { randomUUID } from 'node:crypto'
import type {
  Commit,
  Fetched,
  Log,
  LogRecord,
  Ownership,
  Partition,
  Position,
  TopicInfo,
  TopicSettings,
} from '../../topology/ports/log.ts'
import type { Reset } from '../../topology/ports/operations.ts'
import { type Bytes, Environment } from '../lmdb/environment.ts'
import { after, numberKey } from '../lmdb/keys.ts'
import { Owner } from '../lmdb/owner.ts'
import { EmbeddedMember } from './member.ts'
import { Stores } from './stores.ts'
import { Topics } from './topics.ts'

/** Moments of a commit and of an append, in their order: tests end the process there. */
export const commitPoints = ['begun', 'appended', 'stored', 'positioned', 'durable', 'announced'] as const
export const appendPoints = ['append begun', 'append written', 'append durable'] as const
export type Point = (typeof commitPoints)[number] | (typeof appendPoints)[number]

export interface LogOptions {
  /** Is told each moment as it comes. */
  readonly at?: (point: Point) => void
}

/** The Log port on LMDB: topics, positions and stores of one data folder, in one transaction for each commit. */
export class EmbeddedLog implements Log {
  readonly id: string
  readonly folder: string
  readonly topics: Topics
  readonly stores: Stores
  readonly #environment: Environment
  readonly #positions: Bytes
  readonly #epochs: Bytes
  readonly #at: (point: Point) => void
  readonly #changed = new Set<() => void>()

  private constructor(environment: Environment, { at = () => {} }: LogOptions) {
    this.#environment = environment
    this.#at = at
    this.folder = environment.folder
    this.topics = new Topics(environment)
    this.stores = new Stores(environment)
    this.#positions = environment.database('positions')
    this.#epochs = environment.database('epochs')
    this.id = this.#identity()
  }

  static open(folder: string, options: LogOptions = {}): EmbeddedLog {
    return new EmbeddedLog(Environment.open(folder), options)
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

  async topic(name: string): Promise<TopicInfo | undefined> {
    return this.topics.get(name)
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    // A store's changes are in the transaction of their commit, so a changelog would only repeat them.
    this.topics.create(topics.filter(({ cleanup }) => cleanup !== 'compact'))
  }

  /** Appends what comes from outside any topology: all of it or nothing, on disk when it returns. */
  append(appends: readonly { readonly to: Partition; readonly records: readonly LogRecord[] }[]): void {
    this.#at('append begun')
    this.#environment.transaction(() => {
      for (const { to, records } of appends) this.topics.append(to, records)
      this.#at('append written')
    })
    this.#at('append durable')
    this.#announce()
  }

  async read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched> {
    return this.topics.read(partition, offset, recordsMax)
  }

  async ends(partition: Partition): Promise<{ first: number; next: number }> {
    return { first: this.topics.first(partition), next: this.topics.end(partition) }
  }

  async join(
    group: string,
    instance: string,
    topics: readonly string[],
    ownership: Ownership,
  ): Promise<EmbeddedMember> {
    const owner = await Owner.take(this.folder, group)
    const key = Buffer.from(group)
    const epoch = this.#environment.transaction(() => {
      const next = this.#epochOf(key) + 1
      this.#epochs.put(key, numberKey([next, 6]))
      return next
    })
    const member = new EmbeddedMember(this, group, instance, epoch, owner, ownership)
    await member.start(topics)
    return member
  }

  #epochOf(group: Buffer): number {
    const found = this.#epochs.get(group)
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  position(group: string, { topic, partition }: Partition): number {
    const found = this.#positions.get(Buffer.from(`${group}\0${topic}\0${partition}`))
    return found === undefined ? 0 : Buffer.from(found).readUIntBE(0, 6)
  }

  /** Where every group stands that has ever committed a position. */
  standings(): { readonly group: string; readonly positions: readonly Position[] }[] {
    const groups = new Map<string, Position[]>()
    for (const { key, value } of this.#positions.getRange({})) {
      const [group, topic, partition] = Buffer.from(key).toString().split('\0') as [string, string, string]
      const positions = groups.get(group) ?? []
      positions.push({ topic, partition: Number(partition), offset: Buffer.from(value).readUIntBE(0, 6) })
      groups.set(group, positions)
    }
    return [...groups].map(([group, positions]) => ({ group, positions }))
  }

  /** Takes back what groups have done, at one go. Members that still think that they are at work are fenced. */
  forget({ groups, exchanges, changelogs }: Reset): void {
    this.#environment.transaction(() => {
      for (const group of groups) {
        const key = Buffer.from(group)
        this.#epochs.put(key, numberKey([this.#epochOf(key) + 1, 6]))
        const start = Buffer.from(`${group}\0`)
        for (const position of [...this.#positions.getKeys({ start, end: after(start) })]) {
          this.#positions.remove(position)
        }
      }
      for (const topic of exchanges) this.topics.purge(topic)
      for (const changelog of changelogs) this.stores.clear(changelog)
    })
    this.#announce()
  }

  /** False: a later member of the group has joined, and nothing was written. */
  commit(group: string, epoch: number, { appends, changes, positions }: Commit): boolean {
    this.#at('begun')
    const placed = this.stores.placed(changes)
    const done = this.#environment.transaction(() => {
      if (this.#epochOf(Buffer.from(group)) !== epoch) return false
      for (const { topic, partition, records } of appends) this.topics.append({ topic, partition }, records)
      this.#at('appended')
      this.stores.write(placed)
      this.#at('stored')
      for (const { topic, partition, offset } of positions) {
        this.#positions.put(Buffer.from(`${group}\0${topic}\0${partition}`), numberKey([offset, 6]))
      }
      this.#at('positioned')
      return true
    })
    if (!done) return false
    this.#at('durable')
    this.#announce()
    this.#at('announced')
    return true
  }

  #announce(): void {
    for (const wake of this.#changed) wake()
  }

  /** Resolves when this process has appended something, when `until` settles, or after a while: other processes are not heard, only seen. */
  async change(waitMs: number, until?: Promise<void>): Promise<void> {
    await new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        this.#changed.delete(done)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#changed.add(done)
      until?.then(done, done)
    })
  }

  async close(): Promise<void> {
    await this.#environment.close()
  }
}
