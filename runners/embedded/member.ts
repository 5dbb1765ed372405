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
} from '../../topology/ports/log.ts'
import type { Owner } from '../lmdb/owner.ts'
import type { EmbeddedLog } from './log.ts'

/** How often an idle member looks for what other processes have appended. */
const lookMs = 20

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** The one member that a topology has in a data folder: it owns every partition. */
export class EmbeddedMember implements Member {
  readonly instance: string
  readonly #log: EmbeddedLog
  readonly #group: string
  readonly #epoch: number
  readonly #owner: Owner
  readonly #ownership: Ownership
  readonly #owned = new Map<string, { readonly at: Partition; next: number; paused: boolean }>()

  constructor(log: EmbeddedLog, group: string, instance: string, epoch: number, owner: Owner, ownership: Ownership) {
    this.#log = log
    this.#group = group
    this.instance = instance
    this.#epoch = epoch
    this.#owner = owner
    this.#ownership = ownership
  }

  async start(topics: readonly string[]): Promise<void> {
    const partitions = [...new Set(topics)].flatMap(topic =>
      Array.from({ length: this.#log.topics.get(topic)?.partitions ?? 0 }, (_, partition) => ({ topic, partition })),
    )
    for (const at of partitions) {
      this.#owned.set(nameOf(at), { at, next: this.#log.position(this.#group, at), paused: true })
    }
    await this.#ownership.assigned(partitions)
  }

  async fetch(recordsMax: number, waitMs: number, until?: Promise<void>): Promise<readonly Fetched[]> {
    const endMs = performance.now() + waitMs
    let called = false
    const call = until?.then(() => {
      called = true
    })
    for (;;) {
      const found = this.#read(recordsMax)
      const leftMs = endMs - performance.now()
      if (leftMs <= 0 || called || found.some(({ records }) => records.length > 0)) return found
      await this.#log.change(Math.min(lookMs, leftMs), call)
    }
  }

  #read(recordsMax: number): Fetched[] {
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
    return [...this.#owned.values()].map(({ at }) => ({ ...at, offset: this.#log.position(this.#group, at) }))
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
    return this.#log.commit(this.#group, this.#epoch, commit) ? 'committed' : 'fenced'
  }

  async recover(): Promise<void> {
    for (const owned of this.#owned.values()) {
      owned.next = this.#log.position(this.#group, owned.at)
      owned.paused = true
    }
  }

  async store(name: StoreName): Promise<ReadableStore> {
    return this.#log.stores.open(name)
  }

  async close(): Promise<void> {
    await this.#owner.release()
  }
}
