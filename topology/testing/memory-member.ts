import type {
  Commit,
  Fetched,
  Member,
  Outcome,
  Ownership,
  Partition,
  Position,
  ReadableStore,
  StoreName,
} from '../ports/log.ts'
import { MemoryStore } from '../state/memory-store.ts'
import { restore } from '../task/restore.ts'
import { type CommitStep, Crashed, type MemoryLog, nameOf } from './memory-log.ts'
import type { Transaction } from './memory-topics.ts'

/** One instance at the log in memory. */
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

  async positions(): Promise<readonly Position[]> {
    const { positions } = this.#log.group(this.#group)
    return [...this.#owned.values()].map(({ at }) => ({ ...at, offset: positions.get(nameOf(at)) ?? 0 }))
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
    const name = `${this.#group}/${store}/${this.#log.sharesStores ? 0 : partition}`
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
