import type { LogRecord, Partition } from '../../../topology/ports/log.ts'
import { Bell } from '../bell.ts'

/** Records and bytes that a source may have under way: beyond it, `append` waits. */
const underWay = { recordsMax: 10_000, bytesMax: 32 * 1024 * 1024 } as const
/** What one commit takes of them at most. */
const commitBytesMax = 8 * 1024 * 1024

/** One `append` of a source: encoded, placed, and waiting for its commit. */
export interface Pending {
  readonly records: readonly (readonly [to: Partition, record: LogRecord])[]
  readonly bytes: number
  readonly cursor: string | undefined
  readonly committed: () => void
  readonly failed: (error: unknown) => void
}

/** What a source has appended and no commit has yet: in order, and bounded. */
export class PendingAppends {
  readonly arrival = new Bell()
  readonly #room = new Bell()
  #queue: Pending[] = []
  #records = 0
  #bytes = 0
  #closed: Error | undefined

  get empty(): boolean {
    return this.#queue.length === 0
  }

  /** Resolves when the append is committed, rejects when it is not. Appends are admitted in the order in which they came. */
  async add(records: Pending['records'], cursor: string | undefined): Promise<void> {
    const bytes = records.reduce((sum, [, { key, value }]) => sum + (key?.length ?? 0) + (value?.length ?? 0), 0)
    while (this.#closed === undefined && this.#full) await this.#room.wait()
    if (this.#closed !== undefined) throw this.#closed
    await new Promise<void>((committed, failed) => {
      this.#queue.push({ records, bytes, cursor, committed, failed })
      this.#records += records.length
      this.#bytes += bytes
      this.arrival.ring()
    })
  }

  get #full(): boolean {
    return this.#records >= underWay.recordsMax || this.#bytes >= underWay.bytesMax
  }

  /** The first ones, as many as one commit takes; they stay until `done` or `fail`. */
  next(): readonly Pending[] {
    let bytes = 0
    let until = 0
    while (until < this.#queue.length && bytes < commitBytesMax) bytes += this.#queue[until++]!.bytes
    return this.#queue.slice(0, until)
  }

  done(committed: readonly Pending[]): void {
    this.#queue = this.#queue.slice(committed.length)
    this.#leave(committed)
    for (const pending of committed) pending.committed()
  }

  /** Nothing of what waits is committed: what came later must not overtake what failed. */
  fail(error: unknown): void {
    const failed = this.#queue
    this.#queue = []
    this.#leave(failed)
    for (const pending of failed) pending.failed(error)
  }

  #leave(gone: readonly Pending[]): void {
    for (const { records, bytes } of gone) {
      this.#records -= records.length
      this.#bytes -= bytes
    }
    this.#room.ring()
  }

  /** From now on every append is refused. */
  close(reason: Error): void {
    this.#closed = reason
    this.fail(reason)
  }
}
