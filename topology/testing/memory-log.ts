import type { Clock } from '../ports/clock.ts'
import type { Fetched, Log, LogRecord, Ownership, Partition, TopicInfo, TopicSettings } from '../ports/log.ts'
import type { MemoryStore } from '../state/memory-store.ts'
import { MemoryMember } from './memory-member.ts'
import { MemoryTopics } from './memory-topics.ts'

/**
 * The steps of a commit at which something can happen to it, in their order.
 * @example for (const step of commitSteps) await drive(wordCount, { faults: at => (at === step ? 'crash' : undefined) })
 */
export const commitSteps = [
  'begin',
  'appended',
  'positions sent',
  'committed',
  'stores half written',
  'stores written',
] as const
/**
 * One step of a commit.
 * @example const last: CommitStep = 'stores written'
 */
export type CommitStep = (typeof commitSteps)[number]

/**
 * What a fault does at a step. `lose answer`: the commit goes on as it does, but its member is not told how it ended.
 * @example const quiet: Fault = 'lose answer'
 */
export type Fault = 'crash' | 'abort' | 'lose answer' | 'fence'

/**
 * Decides at each step of each commit.
 * @example const fenceOne: Faults = (step, instance) => (step === 'begin' && instance === 'instance-1' ? 'fence' : undefined)
 */
export type Faults = (step: CommitStep, instance: string) => Fault | undefined

/**
 * The instance is dead from here on: thrown through whatever it was doing.
 * @example const isCrash = (error: unknown) => error instanceof Crashed
 */
export class Crashed extends Error {
  override readonly name = 'Crashed'
}

export const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** What outlives a crash of an instance: its stores. */
export type Disk = Map<string, MemoryStore>

interface Group {
  readonly positions: Map<string, number>
  readonly members: Map<string, MemoryMember>
  readonly placed: Map<string, string>
}

/**
 * The Log port in memory, with several members, aborted transactions and faults at every step of a commit.
 * @example const shared = new MemoryLog(clock)
 */
export class MemoryLog implements Log {
  readonly id: string
  readonly topics = new MemoryTopics()
  readonly clock: Clock
  readonly #groups = new Map<string, Group>()
  readonly #disks = new Map<string, Disk>()
  faults: Faults = () => undefined
  /** A planted defect for tests of the tests: positions are committed even where the output is not. */
  positionsFirst = false
  /** A planted defect for tests of the tests: the tasks of an instance that have equal stores write into one. */
  sharesStores = false

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
