import { exchangeTopic } from '../../topology/plan/plan.ts'
import type { Note } from '../../topology/ports/connectors.ts'
import type { Position } from '../../topology/ports/log.ts'
import type { Administration } from './admin.ts'

/** What has been read from topics between parts is deleted this often. */
const purgeIntervalMs = 30_000

/** What every topic between two parts of a topology ends with. */
const suffix = exchangeTopic('', '').replace(/^-+/, '-')

/** Deletes from the topics between the parts of a topology what has been read and committed: nobody reads it again. */
export class Purge {
  readonly #admin: Administration
  readonly #note: Note | undefined
  readonly #intervalMs: number
  readonly #read = new Map<string, Position>()
  #lastMs = performance.now()
  #running: Promise<void> | undefined

  constructor(admin: Administration, note: Note | undefined, intervalMs = purgeIntervalMs) {
    this.#admin = admin
    this.#note = note
    this.#intervalMs = intervalMs
  }

  /** These have been committed. */
  committed(positions: readonly Position[]): void {
    for (const position of positions)
      if (position.topic.endsWith(suffix)) this.#read.set(`${position.topic}/${position.partition}`, position)
    const nowMs = performance.now()
    if (this.#read.size === 0 || this.#running !== undefined || nowMs - this.#lastMs < this.#intervalMs) return
    this.#lastMs = nowMs
    const read = [...this.#read.values()]
    this.#read.clear()
    this.#running = this.#admin
      .purge(read)
      .catch((error: Error) => this.#note?.('warn', `${error.message} It is tried again with the next commits.`))
      .finally(() => {
        this.#running = undefined
      })
  }

  async close(): Promise<void> {
    await this.#running
  }
}
