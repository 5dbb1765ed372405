import { setTimeout as pause } from 'node:timers/promises'
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
import { DataFolderError } from '../lmdb/errors.ts'
import type { Owner } from '../lmdb/owner.ts'
import type { EmbeddedLog } from './log.ts'
import type { PartitionReader } from './partitions.ts'

/** How often an idle member looks for what others have appended, where it does not hear of it. */
const lookMs = 20
/** The same where it does: what is heard may have been said before it listened. */
const lookAgainMs = 250
/** Without room for a commit, room is waited for so long, and looked for so often, before all is done again. */
const roomWaitMs = 2_000
const roomLookMs = 200

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

interface Owned {
  reader: PartitionReader
  paused: boolean
}

/** The one member that a topology has in a data folder: it owns every partition. */
export class EmbeddedMember implements Member {
  readonly instance: string
  readonly #log: EmbeddedLog
  readonly #group: string
  readonly #epoch: number
  readonly #owner: Owner
  readonly #ownership: Ownership
  readonly #owned = new Map<string, Owned>()
  #turn = 0
  #closed = false

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
    for (const at of partitions) this.#owned.set(nameOf(at), { reader: this.#readerAt(at), paused: true })
    if (partitions.length > 0) await this.#ownership.assigned(partitions)
  }

  #readerAt(at: Partition): PartitionReader {
    return this.#log.reader(at, this.#log.position(this.#group, at))
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
      if (leftMs <= 0 || called || this.#closed || found.some(({ records }) => records.length > 0)) return found
      await this.#log.change(Math.min(this.#log.hears ? lookAgainMs : lookMs, leftMs), call)
    }
  }

  /** Begins with another partition each time, so that none waits for ever behind a busy one. */
  #read(recordsMax: number): Fetched[] {
    const all = [...this.#owned.values()].filter(({ paused }) => !paused)
    const found: Fetched[] = []
    let room = recordsMax
    for (let at = 0; at < all.length && room > 0; at++) {
      const fetched = all[(this.#turn + at) % all.length]!.reader.read(room)
      room -= fetched.records.length
      found.push(fetched)
    }
    this.#turn++
    return found
  }

  async positions(): Promise<readonly Position[]> {
    return [...this.#owned.values()].map(({ reader: { at } }) => ({
      ...at,
      offset: this.#log.position(this.#group, at),
    }))
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

  /** Without room it waits a while for some. Then it is aborted: its tasks go back to the last commit and do the work again. */
  async commit(commit: Commit): Promise<Outcome> {
    const untilMs = performance.now() + roomWaitMs
    for (;;) {
      try {
        return this.#log.commit(this.#group, this.#epoch, commit) ? 'committed' : 'fenced'
      } catch (error) {
        if (!(error instanceof DataFolderError && error.passes)) throw error
        if (this.#closed || performance.now() >= untilMs) return 'aborted'
      }
      await pause(roomLookMs)
    }
  }

  async recover(): Promise<void> {
    for (const owned of this.#owned.values()) {
      owned.reader = this.#readerAt(owned.reader.at)
      owned.paused = true
    }
  }

  async store(name: StoreName): Promise<ReadableStore> {
    return this.#log.store(name)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#log.left(this)
    await this.#owner.release()
  }
}
