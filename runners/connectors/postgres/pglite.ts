// Pglite. Owns: the thread that PGlite lives in, the folder of its files, and the deadline of each query.
// Does not own: what is asked.
// P1  a query over its time ends the thread, for nothing else ends such a query; the next one opens it again.
// P2  there is one connection: whoever has it has it alone, for a query or a transaction, and others wait their turn.
// P3  files that cannot be opened are deleted: what stood in them is written again from the log.

import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Note } from '../../../topology/ports/connectors.ts'
import { ownFolder } from './owned-folder.ts'

/** A query that takes longer is given up, with its thread. */
const queryDeadlineMs = 30_000
/** The first opening makes a whole database. */
const openDeadlineMs = 120_000
const closeDeadlineMs = 5_000
/** Whoever comes when so many wait is refused: a queue without end would hide that it is too slow. */
const waitingMax = 200

export interface Answer {
  readonly rows: readonly Record<string, unknown>[]
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  readonly affectedRows?: number | undefined
}

interface Failure {
  readonly message: string
  readonly code?: string
}

type Reply =
  | { readonly opened: boolean; readonly message?: string }
  | ({ readonly id: number; readonly failure?: Failure } & Partial<Answer>)

/** A query was ended because it ran over its time. */
export class QueryOverTime extends Error {
  override readonly name = 'QueryOverTime'
}

export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  /** PostgreSQL's own code of the error. */
  readonly code: string | undefined

  constructor({ message, code, ...more }: Failure) {
    super(message)
    this.code = code
    Object.assign(this, more)
  }
}

export interface PgliteOptions {
  readonly folder: string
  readonly note: Note
  readonly queryDeadlineMs?: number | undefined
}

export class Pglite {
  readonly #options: PgliteOptions
  #release: (() => Promise<void>) | undefined
  #thread: Promise<Thread> | undefined
  readonly #waiting: (() => void)[] = []
  #taken = false

  constructor(options: PgliteOptions) {
    this.#options = options
  }

  /** Waits for the connection; `release` gives it on. */
  async take(): Promise<void> {
    if (this.#waiting.length >= waitingMax) throw new Error(`${waitingMax} queries wait for the database already`)
    if (this.#taken) await new Promise<void>(resolve => this.#waiting.push(resolve))
    this.#taken = true
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#taken = false
    else next()
  }

  /** For whoever has taken the connection. */
  async query(sql: string, parameters: readonly unknown[], deadlineMs?: number): Promise<Answer> {
    this.#thread ??= this.#open()
    let thread: Thread
    try {
      thread = await this.#thread
    } catch (error) {
      this.#thread = undefined
      throw error
    }
    if (thread.ended) {
      this.#thread = undefined
      return this.query(sql, parameters, deadlineMs)
    }
    return thread.ask(sql, parameters, deadlineMs ?? this.#options.queryDeadlineMs ?? queryDeadlineMs)
  }

  async #open(): Promise<Thread> {
    const { folder, note } = this.#options
    this.#release ??= await ownFolder(folder)
    // Its own files beneath, so that they can be deleted whole while the folder stays ours.
    const files = join(folder, 'files')
    try {
      return await Thread.open(files)
    } catch (error) {
      note('error', `${files} cannot be opened (${(error as Error).message}): it is written again from the log`)
      rmSync(files, { recursive: true, force: true })
      return Thread.open(files)
    }
  }

  async close(): Promise<void> {
    const thread = await this.#thread?.catch(() => undefined)
    this.#thread = undefined
    await thread?.close()
    await this.#release?.()
    this.#release = undefined
  }
}

class Thread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: Error): void }>()
  #id = 0
  ended = false

  private constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', (reply: Reply) => this.#heard(reply))
    worker.on('error', error => this.#end(error))
    worker.on('exit', () => this.#end(new Error('the thread of PGlite has ended')))
  }

  static async open(folder: string): Promise<Thread> {
    const worker = new Worker(new URL('./pglite-thread.mjs', import.meta.url), { workerData: { folder } })
    worker.unref()
    const opened = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not within ${openDeadlineMs / 1_000} s`)), openDeadlineMs)
      const done = (error?: Error): void => {
        clearTimeout(timer)
        if (error === undefined) resolve()
        else reject(error)
      }
      worker.once('message', (reply: { opened: boolean; message?: string }) =>
        done(reply.opened ? undefined : new Error(reply.message)),
      )
      worker.once('error', done)
      worker.once('exit', () => done(new Error('its thread has ended')))
    })
    try {
      await opened
      return new Thread(worker)
    } catch (error) {
      await worker.terminate()
      throw error
    }
  }

  ask(sql: string | undefined, parameters: readonly unknown[], deadlineMs: number): Promise<Answer> {
    const id = ++this.#id
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        const over = new QueryOverTime(`a query took longer than ${deadlineMs / 1_000} s`)
        this.#end(over)
        void this.#worker.terminate()
      }, deadlineMs)
      this.#waiting.set(id, {
        resolve(answer) {
          clearTimeout(timer)
          resolve(answer)
        },
        reject(error) {
          clearTimeout(timer)
          reject(error)
        },
      })
      this.#worker.postMessage({ id, sql, parameters })
    })
  }

  #heard(reply: Reply): void {
    if ('opened' in reply) return
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.failure !== undefined) waiting?.reject(new DatabaseError(reply.failure))
    else waiting?.resolve({ rows: reply.rows ?? [], fields: reply.fields ?? [], affectedRows: reply.affectedRows })
  }

  #end(error: Error): void {
    this.ended = true
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }

  async close(): Promise<void> {
    if (!this.ended) await this.ask(undefined, [], closeDeadlineMs).catch(() => {})
    await this.#worker.terminate()
  }
}
