// A registry kept in a folder. Owns: the order of writes and the step from disk to book. Does not own: the file (Journal), the
// right to write (Ownership), the rules (plans in register.ts and change.ts).
// I1  the book never shows what is not on disk: a change is planned, appended, and only then applied.
// I2  writes happen one after another, each planned against the book that the last one left.

import { resolve } from 'node:path'
import { Book } from './book.ts'
import { type Disk, type Journal, JournalDamage, makeFolder, openJournal, realDisk } from './journal.ts'
import { FolderOwned, type Ownership, takeOwnership } from './ownership.ts'
import type { Plan } from './register.ts'
import { refusals } from './rest-error.ts'

export interface OpenOptions {
  /** `write` takes the folder for this process; `read` follows whoever writes to it. */
  readonly to: 'read' | 'write'
  readonly disk?: Disk
}

/**
 * Opens the registry of a folder. Throws FolderOwned, JournalDamage, or an Error that names the folder.
 * @example const registry = await openLocalRegistry('data/registry', { to: 'write' })
 */
export const openLocalRegistry = async (path: string, { to, disk = realDisk }: OpenOptions): Promise<LocalRegistry> => {
  const folder = resolve(path)
  const card: { url: string | undefined } = { url: undefined }
  if (to === 'write') await makeFolder(folder, disk)
  const ownership = to === 'write' ? await takeOwnership(folder, () => ({ pid: process.pid, ...card })) : undefined
  let journal: Journal | undefined
  try {
    journal = await openJournal(folder, { create: to === 'write', disk })
    const registry = new LocalRegistry(folder, journal, ownership, card)
    await registry.refresh()
    return registry
  } catch (error) {
    await journal?.close()
    await ownership?.release()
    if (error instanceof JournalDamage || error instanceof FolderOwned) throw error
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none' : (error as Error).message
    throw new Error(`The registry in ${folder} cannot be opened: ${why}.`, { cause: error })
  }
}

/**
 * A registry in a folder, opened: what `serveRegistry` serves and `localRegistry` reads.
 * @example const follow = (registry: LocalRegistry) => registry.refresh()
 */
export class LocalRegistry {
  readonly folder: string
  readonly book = new Book()
  readonly #journal: Journal
  readonly #ownership: Ownership | undefined
  readonly #card: { url: string | undefined }
  #queue: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(folder: string, journal: Journal, ownership: Ownership | undefined, card: { url: string | undefined }) {
    this.folder = folder
    this.#journal = journal
    this.#ownership = ownership
    this.#card = card
  }

  /** Names the registry, wherever it is served. */
  get id(): string {
    return this.#journal.registryId
  }

  /** Whether this process may write to the folder. */
  get writes(): boolean {
    return this.#ownership !== undefined
  }

  /** Tells others who want to write where this process can be reached. */
  announce(url: string | undefined): void {
    this.#card.url = url
  }

  /** Takes in what another process has written since. */
  refresh(): Promise<void> {
    return this.#inTurn(() => this.#readOn())
  }

  /** Carries out a plan: rejects with what the plan throws, or with 50001 when the disk refuses. */
  write<A>(plan: (book: Book) => Plan<A>): Promise<A> {
    return this.#inTurn(async () => {
      if (this.#ownership === undefined) throw refusals.storeFailed(`${this.folder} was opened for reading only.`)
      const { changes, answer } = plan(this.book)
      if (changes.length === 0) return answer
      await this.#append(changes, this.#ownership)
      for (const change of changes) this.book.apply(change)
      return answer
    })
  }

  async #append(changes: Parameters<Journal['append']>[0], ownership: Ownership): Promise<void> {
    if (!(await ownership.held())) throw refusals.storeFailed(`Another process has taken over ${this.folder}.`)
    try {
      await this.#journal.append(changes)
    } catch (cause) {
      throw refusals.storeFailed((cause as Error).message, cause)
    }
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const entries = await this.#journal.read()
      if (entries.length === 0) return
      for (const changes of entries) for (const change of changes) this.book.apply(change)
    }
  }

  #inTurn<A>(work: () => Promise<A>): Promise<A> {
    if (this.#closed) return Promise.reject(refusals.storeFailed(`The registry in ${this.folder} is closed.`))
    const turn = this.#queue.then(work)
    this.#queue = turn.catch(() => {})
    return turn
  }

  /** Waits for writes under way, then lets the folder go. */
  async close(): Promise<void> {
    if (this.#closed) return
    const last = this.#queue
    this.#closed = true
    await last
    await this.#journal.close()
    await this.#ownership?.release()
  }
}
