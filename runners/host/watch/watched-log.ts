// The Log as its topology uses it, watched: where its members stand, what they own and which stores they have open.
import type {
  Commit,
  Fetched,
  Log,
  Member,
  Outcome,
  Ownership,
  Partition,
  Position,
  ReadableStore,
  StoreName,
  TopicInfo,
  TopicSettings,
} from '../../../topology/ports/log.ts'
import type { Figures } from './figures.ts'

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

export class WatchedLog implements Log {
  readonly members = new Map<string, WatchedMember>()
  readonly #log: Log
  readonly #figures: Figures

  constructor(log: Log, figures: Figures) {
    this.#log = log
    this.#figures = figures
  }

  get id(): string {
    return this.#log.id
  }

  topic(name: string): Promise<TopicInfo | undefined> {
    return this.#log.topic(name)
  }

  create(topics: readonly TopicSettings[]): Promise<void> {
    return this.#log.create(topics)
  }

  read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched> {
    return this.#log.read(partition, offset, recordsMax)
  }

  ends(partition: Partition): Promise<{ readonly first: number; readonly next: number }> {
    return this.#log.ends(partition)
  }

  async join(group: string, instance: string, topics: readonly string[], ownership: Ownership): Promise<Member> {
    const watched = new WatchedMember(group, ownership, this.#figures)
    const member = await this.#log.join(group, instance, topics, watched.ownership)
    watched.member = member
    this.members.set(group, watched)
    return watched
  }
}

/** An open store of one task. */
export interface OpenStore extends StoreName {
  readonly content: ReadableStore
}

export class WatchedMember implements Member {
  member!: Member
  readonly ownership: Ownership
  /** Open stores, by changelog and partition. */
  readonly stores = new Map<string, OpenStore>()
  /** When it was last asked for records: one that works is asked all the time. */
  lastTurnMs = performance.now()
  readonly #figures: Figures
  readonly #owned = new Map<string, Partition>()
  /** Next offsets that are committed, as far as they are known. */
  readonly #positions = new Map<string, number>()
  /** Up to where no record follows the last one that was read: an end may lie beyond it, as Kafka's marks of commits do. */
  readonly #bare = new Map<string, { readonly from: number; readonly to: number }>()

  constructor(group: string, ownership: Ownership, figures: Figures) {
    this.#figures = figures
    const gone = (partitions: readonly Partition[]) => this.#gone(partitions)
    this.ownership = {
      assigned: partitions => {
        figures.rebalances.add(1, group, 'assigned')
        for (const partition of partitions) this.#owned.set(nameOf(partition), partition)
        return ownership.assigned(partitions)
      },
      async revoked(partitions) {
        figures.rebalances.add(1, group, 'revoked')
        await ownership.revoked(partitions)
        gone(partitions)
      },
      async lost(partitions) {
        figures.rebalances.add(1, group, 'lost')
        gone(partitions)
        await ownership.lost(partitions)
      },
    }
  }

  #gone(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      this.#owned.delete(nameOf(partition))
      this.#positions.delete(nameOf(partition))
      this.#bare.delete(nameOf(partition))
      for (const [name, store] of this.stores) if (store.partition === partition.partition) this.stores.delete(name)
    }
  }

  /** How many partitions it owns. */
  get owned(): number {
    return this.#owned.size
  }

  /** What it owns, and where it stands; nothing is known of a partition that was never read. */
  standing(): readonly Position[] {
    return [...this.#owned].flatMap(([name, partition]) => {
      const offset = this.#positions.get(name)
      if (offset === undefined) return []
      const { from, to } = this.#bare.get(name) ?? { from: offset, to: offset }
      return [{ ...partition, offset: offset >= from ? Math.max(offset, to) : offset }]
    })
  }

  async fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]> {
    this.lastTurnMs = performance.now()
    const found = await this.member.fetch(recordsMax, waitMs, until)
    this.lastTurnMs = performance.now()
    for (const fetched of found) {
      const name = nameOf(fetched)
      if (!this.#positions.has(name)) this.#positions.set(name, fetched.records[0]?.offset ?? fetched.next)
      const last = fetched.records.at(-1)?.offset
      const from = last === undefined ? (this.#bare.get(name)?.from ?? this.#positions.get(name)!) : last + 1
      this.#bare.set(name, { from, to: fetched.next })
    }
    return found
  }

  positions(): Promise<readonly Position[]> {
    return this.member.positions()
  }

  pause(partitions: readonly Partition[]): void {
    this.member.pause(partitions)
  }

  resume(partitions: readonly Partition[]): void {
    this.member.resume(partitions)
  }

  get restores(): boolean | undefined {
    return this.member.restores
  }

  get append(): Member['append'] {
    return this.member.append?.bind(this.member)
  }

  async commit(commit: Commit): Promise<Outcome> {
    const outcome = await this.member.commit(commit)
    if (outcome === 'committed')
      for (const position of commit.positions) this.#positions.set(nameOf(position), position.offset)
    return outcome
  }

  recover(): Promise<void> {
    return this.member.recover()
  }

  async store(name: StoreName): Promise<ReadableStore> {
    const content = await this.#opened(name)
    this.stores.set(`${name.changelog}/${name.partition}`, { ...name, content })
    return content
  }

  async #opened(name: StoreName): Promise<ReadableStore> {
    const startedMs = performance.now()
    this.#figures.opening++
    try {
      const content = await this.member.store(name)
      this.#figures.opened.add(performance.now() - startedMs)
      return content
    } finally {
      this.#figures.opening--
    }
  }

  async close(): Promise<void> {
    this.stores.clear()
    this.#owned.clear()
    await this.member.close()
  }
}
