import { mkdirSync } from 'node:fs'
import type { Note } from '../../topology/ports/connectors.ts'
import type { Log, Partition, ReadableStore, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import { restore } from '../../topology/task/restore.ts'
import { Environment } from '../lmdb/environment.ts'
import { LmdbStores } from '../lmdb/store.ts'
import { PendingStore, type Slice } from './pending-store.ts'

/** Half of the time that changelogs keep deletions: an older checkpoint may have missed some. */
const checkpointAgeMsMax = 3.5 * 24 * 60 * 60 * 1_000

/** How often a restore that takes long says how far it is. */
const progressMs = 5_000

/** What restoring needs of a log; its ends are those of everything written, committed or not. */
export type Changelogs = Pick<Log, 'id' | 'topic' | 'ends' | 'read'>

/** Committed changes wait for so long, or until they are so many, to be written together. */
const waitingMsMax = 5_000
const waitingEntriesMax = 100_000
/** With this many the disk is too slow or full: nothing goes on until they are written. */
const unwrittenEntriesMax = 4 * waitingEntriesMax
/** Each commit writes a slice of them, at least this large; twice what it brings, so that the slices come to an end. */
const sliceEntriesMin = 1_000
const sliceOfCommit = 2
/** Where no commit comes, what waits is written after this, as much each time as nobody notices. */
const idleMs = 1_000
const idleSliceEntries = 10_000
/** A disk that has refused a write is tried again after this. */
const refusedPauseMs = 1_000

const nameOf = ({ store, partition, changelog }: StoreName): string => `${changelog}/${partition}/${store}`

/** The stores of one member: kept on disk, and brought to the end of their changelogs when they are opened. */
export class Stores {
  readonly #environment: Environment
  readonly #stores: LmdbStores
  readonly #changelogs: Changelogs
  readonly #note: Note | undefined
  readonly #open = new Map<string, PendingStore>()
  /** When the last writing ended, and the last commit came. */
  #wroteMs = performance.now()
  #committedMs = performance.now()
  #writing = false
  #refusedMs = Number.NEGATIVE_INFINITY
  readonly #timer: NodeJS.Timeout
  readonly #opening = new Map<string, Promise<unknown>>()

  constructor(folder: string, changelogs: Changelogs, note?: Note) {
    mkdirSync(folder, { recursive: true })
    this.#environment = Environment.open(folder)
    this.#stores = new LmdbStores(this.#environment)
    this.#changelogs = changelogs
    this.#note = note
    this.#timer = setInterval(() => {
      if (this.waiting > 0 && performance.now() - this.#committedMs >= idleMs)
        this.#orTell(() => this.#writeSome(idleSliceEntries))
    }, idleMs).unref()
  }

  /** One after the other for each store: what an earlier call still restores, it must not write over a later one. */
  async open(name: StoreName): Promise<ReadableStore> {
    const key = nameOf(name)
    const before = this.#opening.get(key) ?? Promise.resolve()
    const opening = before.then(() => this.#restore(name))
    const ended = opening.catch(() => {})
    this.#opening.set(key, ended)
    return await opening
  }

  /** Brings the store of another instance up to date here, so that little is left to restore when its task comes. */
  async follow(name: StoreName): Promise<void> {
    const key = nameOf(name)
    this.#shut(key)
    const before = this.#opening.get(key) ?? Promise.resolve()
    const at: Partition = { topic: name.changelog, partition: name.partition }
    const following = before.then(async () => {
      await restore(this.#changelogs, at, this.#stores.open(key), Date.now(), checkpointAgeMsMax)
    })
    this.#opening.set(
      key,
      following.catch(() => {}),
    )
    await following
  }

  /** What waits of it is written, and nothing more comes. */
  #shut(key: string): void {
    if (!this.#open.has(key)) return
    this.#flush()
    this.#open.delete(key)
  }

  async #restore(name: StoreName): Promise<ReadableStore> {
    this.#shut(nameOf(name))
    const { changelog, partition } = name
    const at: Partition = { topic: changelog, partition }
    const store = this.#stores.open(nameOf(name))
    const beganMs = performance.now()
    let toldMs = beganMs
    const applied = await restore(this.#changelogs, at, store, Date.now(), checkpointAgeMsMax, (done, left) => {
      const nowMs = performance.now()
      if (nowMs - toldMs < progressMs) return
      toldMs = nowMs
      const share = Math.floor((100 * done) / (done + left))
      this.#note?.('info', `restoring ${changelog}-${partition}: ${share} %, ${done} records, about ${left} to go`)
    })
    if (applied > 0) {
      const tookMs = Math.round(performance.now() - beganMs)
      this.#note?.('info', `restored ${changelog}-${partition}: ${applied} records in ${tookMs} ms`, {
        applied,
        tookMs,
      })
    }
    const topicId = (await this.#changelogs.topic(changelog))!.id
    const offset = store.checkpoint?.offset ?? (await this.#changelogs.ends(at)).first
    const checkpoint = { logId: this.#changelogs.id, topicId, offset }
    if (applied === 0 && store.checkpoint === undefined) store.write([], { ...checkpoint, timeMs: Date.now() })
    const open = new PendingStore(store, checkpoint, () => this.#flush())
    this.#open.set(nameOf(name), open)
    return open
  }

  /** After their commit: what it changed. One that is not open reads this from its changelog when it is opened. */
  write(changes: readonly StoreChanges[]): void {
    let brought = 0
    for (const change of changes) {
      this.#open.get(nameOf(change))?.add(change.entries)
      brought += change.entries.length
    }
    this.#committedMs = performance.now()
    const { waiting } = this
    if (waiting >= unwrittenEntriesMax) this.#flush()
    else if (this.#writing || waiting >= waitingEntriesMax || this.#committedMs - this.#wroteMs >= waitingMsMax)
      this.#orTell(() => this.#writeSome(Math.max(sliceEntriesMin, sliceOfCommit * brought)))
  }

  /** Committed changes that are not on disk. */
  get waiting(): number {
    let waiting = 0
    for (const open of this.#open.values()) waiting += open.waiting
    return waiting
  }

  /** Entries of one store after the other, each with its checkpoint at its end. */
  #writeSome(entriesMax: number): void {
    if (!this.#writing) for (const open of this.#open.values()) open.begin()
    this.#writing = true
    let room = entriesMax
    const slices: (readonly [PendingStore, Slice])[] = []
    for (const open of this.#open.values()) {
      const slice = room > 0 ? open.slice(room) : undefined
      if (slice === undefined) continue
      room -= slice.write.entries.length
      slices.push([open, slice])
    }
    this.#stores.write(slices.map(([, { write }]) => write))
    for (const [open, slice] of slices) open.wrote(slice)
    if (![...this.#open.values()].some(open => open.leaving)) this.#wrote()
  }

  /** Entries and checkpoints of all stores in one transaction. What cannot be written goes on waiting. */
  #flush(): void {
    const waiting = [...this.#open.values()].filter(open => open.waiting > 0)
    this.#stores.write(waiting.map(({ write }) => write))
    for (const open of waiting) open.written()
    this.#wrote()
  }

  #wrote(): void {
    this.#writing = false
    this.#wroteMs = performance.now()
  }

  /** A disk that is full has time until too much waits: it is tried again a while later. */
  #orTell(write: () => void): void {
    if (performance.now() - this.#refusedMs < refusedPauseMs) return
    try {
      write()
    } catch (error) {
      this.#refusedMs = performance.now()
      this.#note?.('warn', (error as Error).message)
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#opening.values())
    this.#flush()
    await this.#environment.close()
  }
}
