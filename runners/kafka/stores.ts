import { mkdirSync } from 'node:fs'
import type { Note } from '../../topology/ports/connectors.ts'
import type { Log, Partition, StoreChanges, StoreName } from '../../topology/ports/log.ts'
import { restore } from '../../topology/task/restore.ts'
import { Environment } from '../lmdb/environment.ts'
import { type LmdbStore, LmdbStores } from '../lmdb/store.ts'

/** Half of the time that changelogs keep deletions: an older checkpoint may have missed some. */
const checkpointAgeMsMax = 3.5 * 24 * 60 * 60 * 1_000

/** How often a restore that takes long says how far it is. */
const progressMs = 5_000

/** What restoring needs of a log; its ends are those of everything written, committed or not. */
export type Changelogs = Pick<Log, 'id' | 'topic' | 'ends' | 'read'>

interface OpenStore {
  readonly store: LmdbStore
  readonly topicId: string
  /** Where its changelog ends at least, by what we have written. */
  offset: number
}

const nameOf = ({ store, partition, changelog }: StoreName): string => `${changelog}/${partition}/${store}`

/** The stores of one member: kept on disk, and brought to the end of their changelogs when they are opened. */
export class Stores {
  readonly #environment: Environment
  readonly #stores: LmdbStores
  readonly #changelogs: Changelogs
  readonly #note: Note | undefined
  readonly #open = new Map<string, OpenStore>()
  readonly #opening = new Map<string, Promise<unknown>>()

  constructor(folder: string, changelogs: Changelogs, note?: Note) {
    mkdirSync(folder, { recursive: true })
    this.#environment = Environment.open(folder)
    this.#stores = new LmdbStores(this.#environment)
    this.#changelogs = changelogs
    this.#note = note
  }

  /** One after the other for each store: what an earlier call still restores, it must not write over a later one. */
  async open(name: StoreName): Promise<LmdbStore> {
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

  async #restore(name: StoreName): Promise<LmdbStore> {
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
    if (applied === 0 && store.checkpoint === undefined)
      store.write([], { logId: this.#changelogs.id, topicId, offset, timeMs: Date.now() })
    this.#open.set(nameOf(name), { store, topicId, offset })
    return store
  }

  /** After their commit: what it changed, with how far the changelogs have come. */
  write(changes: readonly StoreChanges[]): void {
    const timeMs = Date.now()
    const writes = changes.flatMap(change => {
      const open = this.#open.get(nameOf(change))
      // One that is not open reads this from its changelog when it is opened.
      if (open === undefined || change.entries.length === 0) return []
      const { store, topicId, offset } = open
      // Each change is a record, and the mark of the transaction is one more offset. Where others stand in between, this
      // is too low, and what is read twice changes nothing.
      const next = offset + change.entries.length + 1
      const checkpoint = { logId: this.#changelogs.id, topicId, offset: next, timeMs }
      return [{ store, entries: change.entries, checkpoint }]
    })
    this.#stores.write(writes)
    for (const { store, checkpoint } of writes) this.#open.get(store.name)!.offset = checkpoint.offset
  }

  async close(): Promise<void> {
    await Promise.all(this.#opening.values())
    await this.#environment.close()
  }
}
