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

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

export class WatchedLog implements Log {
  readonly members = new Map<string, WatchedMember>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
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
    const watched = new WatchedMember(ownership)
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
  readonly #owned = new Map<string, Partition>()
  /** Next offsets that are committed, as far as they are known. */
  readonly #positions = new Map<string, number>()

  constructor(ownership: Ownership) {
    const gone = (partitions: readonly Partition[]) => this.#gone(partitions)
    this.ownership = {
      assigned: partitions => {
        for (const partition of partitions) this.#owned.set(nameOf(partition), partition)
        return ownership.assigned(partitions)
      },
      async revoked(partitions) {
        await ownership.revoked(partitions)
        gone(partitions)
      },
      async lost(partitions) {
        gone(partitions)
        await ownership.lost(partitions)
      },
    }
  }

  #gone(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      this.#owned.delete(nameOf(partition))
      this.#positions.delete(nameOf(partition))
      for (const [name, store] of this.stores) if (store.partition === partition.partition) this.stores.delete(name)
    }
  }

  /** What it owns, and where it stands; nothing is known of a partition that was never read. */
  standing(): readonly Position[] {
    return [...this.#owned].flatMap(([name, partition]) => {
      const offset = this.#positions.get(name)
      return offset === undefined ? [] : [{ ...partition, offset }]
    })
  }

  async fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]> {
    this.lastTurnMs = performance.now()
    const found = await this.member.fetch(recordsMax, waitMs, until)
    this.lastTurnMs = performance.now()
    for (const fetched of found) {
      const name = nameOf(fetched)
      if (!this.#positions.has(name)) this.#positions.set(name, fetched.records[0]?.offset ?? fetched.next)
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
    const content = await this.member.store(name)
    this.stores.set(`${name.changelog}/${name.partition}`, { ...name, content })
    return content
  }

  async close(): Promise<void> {
    this.stores.clear()
    this.#owned.clear()
    await this.member.close()
  }
}
