import type { Clock } from '../ports/clock.ts'
import type {
  Commit,
  Fetched,
  Log,
  LogRecord,
  Member,
  Outcome,
  Ownership,
  Partition,
  Position,
  ReadableStore,
  StoreName,
  TopicInfo,
  TopicSettings,
} from '../ports/log.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { restore } from '../state/restore.ts'
import { MemoryTopics, type Transaction } from './memory-topics.ts'

/** The steps of a commit at which something can happen to it, in their order. */
export const commitSteps = [
  'begin',
  'appended',
  'positions sent',
  'committed',
  'stores half written',
  'stores written',
] as const
export type CommitStep = (typeof commitSteps)[number]

/** What a fault does at a step. `lose answer`: the commit goes on as it does, but its member is not told how it ended. */
export type Fault = 'crash' | 'abort' | 'lose answer' | 'fence'

/** Decides at each step of each commit. */
export type Faults = (step: CommitStep, instance: string) => Fault | undefined

/** The instance is dead from here on: thrown through whatever it was doing. */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** What outlives a crash of an instance: its stores. */
export type Disk = Map<string, MemoryStore>

interface Group {
  readonly positions: Map<string, number>
  readonly members: Map<string, MemoryMember>
  readonly placed: Map<string, string>
}

/** The Log port in memory, with several members, aborted transactions and faults at every step of a commit. */
export class MemoryLog implements Log {
  readonly id: string
  readonly topics = new MemoryTopics()
  readonly clock: Clock
  readonly #groups = new Map<string, Group>()
  readonly #disks = new Map<string, Disk>()
  faults: Faults = () => undefined
  /** A planted defect for tests of the tests: positions are committed even where the output is not. */
  positionsFirst = false

  constructor(clock: Clock, id = 'memory') {
    this.clock = clock
    this.id = id
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    return this.topics.topic(name)
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    for (const topic of topics) this.topics.create(topic)
  }

  /** As a producer outside any group would. */
  append(to: Partition, records: readonly LogRecord[]): void {
    this.topics.append(to, records)
  }

  async read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched> {
    return this.topics.read(partition, offset, recordsMax)
  }

  async ends(partition: Partition): Promise<{ first: number; next: number }> {
    return { first: this.topics.first(partition), next: this.topics.stableEnd(partition) }
  }

  group(name: string): Group {
    let group = this.#groups.get(name)
    if (group === undefined) {
      group = { positions: new Map(), members: new Map(), placed: new Map() }
      this.#groups.set(name, group)
    }
    return group
  }

  disk(instance: string): Disk {
    let disk = this.#disks.get(instance)
    if (disk === undefined) {
      disk = new Map()
      this.#disks.set(instance, disk)
    }
    return disk
  }

  loseDisk(instance: string): void {
    this.#disks.delete(instance)
  }

  async join(group: string, instance: string, topics: readonly string[], ownership: Ownership): Promise<MemoryMember> {
    const { members } = this.group(group)
    members.get(instance)?.abandon()
    const member = new MemoryMember(this, group, instance, topics, ownership)
    members.set(instance, member)
    await this.rebalance(group)
    return member
  }

  /** Puts partitions at an instance of the test's choice. */
  async move(group: string, partitions: readonly Partition[], instance: string): Promise<void> {
    for (const partition of partitions) this.group(group).placed.set(nameOf(partition), instance)
    await this.rebalance(group)
  }

  /** Gives each partition to one member: where the test put it, else by partition number. `lost`: its owner is not asked first. */
  async rebalance(group: string, lost?: MemoryMember): Promise<void> {
    const { members, placed } = this.group(group)
    const alive = [...members.values()].filter(member => member !== lost)
    if (alive.length === 0) return
    const wanted = new Map<MemoryMember, Partition[]>(alive.map(member => [member, []]))
    for (const topic of new Set(alive.flatMap(member => member.topics))) {
      for (let partition = 0; partition < (this.topics.topic(topic)?.partitions ?? 0); partition++) {
        const place = members.get(placed.get(nameOf({ topic, partition })) ?? '')
        const owner = place && wanted.has(place) ? place : alive[partition % alive.length]!
        wanted.get(owner)!.push({ topic, partition })
      }
    }
    for (const [member, partitions] of wanted) await member.keepOnly(partitions)
    for (const [member, partitions] of wanted) await member.take(partitions)
  }
}

export class MemoryMember implements Member {
  readonly topics: readonly string[]
  readonly instance: string
  readonly #log: MemoryLog
  readonly #group: string
  readonly #ownership: Ownership
  readonly #owned = new Map<string, { readonly at: Partition; next: number; paused: boolean }>()
  #transaction: Transaction | undefined
  #dead = false
  #fenced = false

  constructor(log: MemoryLog, group: string, instance: string, topics: readonly string[], ownership: Ownership) {
    this.#log = log
    this.#group = group
    this.instance = instance
    this.topics = topics
    this.#ownership = ownership
  }

  /** Its process is gone: an open transaction is aborted, as the broker does. */
  abandon(): void {
    this.#dead = true
    if (this.#transaction?.state === 'open') this.#transaction.state = 'aborted'
  }

  /** Another process took its name, or the group went on without it: its next commit will tell it so. */
  fence(): void {
    this.#fenced = true
  }

  #alive(): void {
    if (this.#dead) throw new Crashed(`${this.instance} is dead`)
  }

  async keepOnly(partitions: readonly Partition[]): Promise<void> {
    const kept = new Set(partitions.map(nameOf))
    const gone = [...this.#owned.values()].map(({ at }) => at).filter(at => !kept.has(nameOf(at)))
    if (gone.length === 0) return
    await (this.#fenced ? this.#ownership.lost(gone) : this.#ownership.revoked(gone))
    for (const at of gone) this.#owned.delete(nameOf(at))
  }

  async take(partitions: readonly Partition[]): Promise<void> {
    const fresh = partitions.filter(at => !this.#owned.has(nameOf(at)))
    const { positions } = this.#log.group(this.#group)
    for (const at of fresh) this.#owned.set(nameOf(at), { at, next: positions.get(nameOf(at)) ?? 0, paused: true })
    if (fresh.length > 0) await this.#ownership.assigned(fresh)
  }

  async fetch(recordsMax: number): Promise<readonly Fetched[]> {
    this.#alive()
    const found: Fetched[] = []
    let room = recordsMax
    for (const owned of this.#owned.values()) {
      if (owned.paused || room <= 0) continue
      const fetched = this.#log.topics.read(owned.at, owned.next, room)
      owned.next = fetched.next
      room -= fetched.records.length
      found.push(fetched)
    }
    return found
  }

  pause(partitions: readonly Partition[]): void {
    this.#setPaused(partitions, true)
  }

  resume(partitions: readonly Partition[]): void {
    this.#setPaused(partitions, false)
  }

  #setPaused(partitions: readonly Partition[], paused: boolean): void {
    for (const partition of partitions) {
      const owned = this.#owned.get(nameOf(partition))
      if (owned) owned.paused = paused
    }
  }

  async commit(commit: Commit): Promise<Outcome> {
    this.#alive()
    const transaction: Transaction = { state: 'open' }
    this.#transaction = transaction
    const { appends, changes, positions } = commit
    let answered = true
    /** True: the commit ends here. */
    const fails = (step: CommitStep): boolean => {
      const fault = this.#log.faults(step, this.instance)
      if (fault === 'crash') {
        this.abandon()
        throw new Crashed(`${this.instance} crashed at: ${step}`)
      }
      if (fault === 'lose answer') answered = false
      if (fault === 'fence') this.#fenced = true
      if (transaction.state === 'open' && (fault === 'abort' || this.#fenced)) transaction.state = 'aborted'
      return transaction.state === 'aborted'
    }
    const ended = (): Outcome => (this.#fenced ? 'fenced' : answered ? 'aborted' : 'unknown')
    if (this.#log.positionsFirst) this.#keepPositions(positions)
    if (fails('begin')) return ended()
    for (const { topic, partition, records } of appends)
      this.#log.topics.append({ topic, partition }, records, transaction)
    for (const { changelog, partition, entries } of changes) {
      const records = entries.map(([key, value]) => ({ key, value, timestamp: this.#log.clock.now(), headers: [] }))
      this.#log.topics.append({ topic: changelog, partition }, records, transaction)
    }
    if (fails('appended') || fails('positions sent')) return ended()
    transaction.state = 'committed'
    this.#keepPositions(positions)
    fails('committed')
    changes.forEach((change, index) => {
      if (index === Math.ceil(changes.length / 2)) fails('stores half written')
      this.#write(change, change.entries)
    })
    fails('stores written')
    return answered ? 'committed' : 'unknown'
  }

  #keepPositions(positions: readonly Position[]): void {
    const group = this.#log.group(this.#group)
    for (const position of positions) group.positions.set(nameOf(position), position.offset)
  }

  #write({ store, partition, changelog }: StoreName, entries: Commit['changes'][number]['entries']): void {
    const { topics, id, clock } = this.#log
    const checkpoint = {
      logId: id,
      topicId: topics.topic(changelog)!.id,
      offset: topics.stableEnd({ topic: changelog, partition }),
      timeMs: clock.now(),
    }
    this.#storeOf(store, partition).write(entries, checkpoint)
  }

  #storeOf(store: string, partition: number): MemoryStore {
    const disk = this.#log.disk(this.instance)
    const name = `${this.#group}/${store}/${partition}`
    let found = disk.get(name)
    if (found === undefined) {
      found = new MemoryStore()
      disk.set(name, found)
    }
    return found
  }

  async recover(): Promise<void> {
    this.#alive()
    if (this.#transaction?.state === 'open') this.#transaction.state = 'aborted'
    const { positions } = this.#log.group(this.#group)
    for (const [name, owned] of this.#owned) {
      owned.next = positions.get(name) ?? 0
      owned.paused = true
    }
  }

  async store({ store, partition, changelog }: StoreName): Promise<ReadableStore> {
    this.#alive()
    const opened = this.#storeOf(store, partition)
    await restore(this.#log, { topic: changelog, partition }, opened, this.#log.clock.now())
    return opened
  }

  async close(): Promise<void> {
    if (this.#dead) return
    this.abandon()
    this.#log.group(this.#group).members.delete(this.instance)
    this.#owned.clear()
    await this.#log.rebalance(this.#group)
  }
}
