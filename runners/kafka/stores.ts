import { mkdirSync } from 'node:fs'
import type { Note } from '../../topology/ports/connectors.ts'
import type { Log, Partition, ReadableStore, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import { restore } from '../../topology/task/restore.ts'
import { Environment } from '../lmdb/environment.ts'
import { LmdbStores } from '../lmdb/store.ts'
import { PendingStore } from './pending-store.ts'

/** Half of the time that changelogs keep deletions: an older checkpoint may have missed some. */
const checkpointAgeMsMax = 3.5 * 24 * 60 * 60 * 1_000

/** How often a restore that takes long says how far it is. */
const progressMs = 5_000

/** What restoring needs of a log; its ends are those of everything written, committed or not. */
export type Changelogs = Pick<Log, 'id' | 'topic' | 'ends' | 'read'>

/** Committed changes wait for at most so long, and so many, to be written together. */
const flushMs = 1_000
const waitingEntriesMax = 50_000

const nameOf = ({ store, partition, changelog }: StoreName): string => `${changelog}/${partition}/${store}`

/** The stores of one member: kept on disk, and brought to the end of their changelogs when they are opened. */
export class Stores {
  readonly #environment: Environment
  readonly #stores: LmdbStores
  readonly #changelogs: Changelogs
  readonly #note: Note | undefined
  readonly #open = new Map<string, PendingStore>()
  #flushedMs = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #opening = new Map<string, Promise<unknown>>()

  constructor(folder: string, changelogs: Changelogs, note?: Note) {
    mkdirSync(folder, { recursive: true })
    this.#environment = Environment.open(folder)
    this.#stores = new LmdbStores(this.#environment)
    this.#changelogs = changelogs
    this.#note = note
    this.#timer = setInterval(() => this.#flushOrTell(), flushMs).unref()
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
    this.#flush()
    this.#open.delete(key)
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

  async #restore(name: StoreName): Promise<ReadableStore> {
    this.#flush()
    this.#open.delete(nameOf(name))
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
    let waiting = 0
    for (const change of changes) {
      const open = this.#open.get(nameOf(change))
      open?.add(change.entries)
      waiting += open?.waiting ?? 0
    }
    if (waiting >= waitingEntriesMax) this.#flush()
    else if (performance.now() - this.#flushedMs >= flushMs) this.#flushOrTell()
  }

  /** Entries and checkpoints of all stores in one transaction. What cannot be written goes on waiting. */
  #flush(): void {
    this.#flushedMs = performance.now()
    const waiting = [...this.#open.values()].filter(open => open.waiting > 0)
    this.#stores.write(waiting.map(({ write }) => write))
    for (const open of waiting) open.written()
  }

  /** A disk that is full has time until too much waits. */
  #flushOrTell(): void {
    try {
      this.#flush()
    } catch (error) {
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
