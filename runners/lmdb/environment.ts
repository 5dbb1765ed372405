// Environment. Owns: the LMDB file of a data folder, its databases, one durable transaction at a time, and its limits.
// Does not own: what stands in the databases (Topics, Stores).

import { statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Database, open, type RootDatabase } from 'lmdb'
import { DataFolderError, inPages, unopened } from './errors.ts'
import { Gate, settled } from './gate.ts'
import { after, firstKey } from './keys.ts'
import { cutOff, fileOf, isMade, lengthen, makeFolder, missingOf, noteMade, noteWhole, startAnew } from './made.ts'

/** The layout of the data folder; a folder of a newer one is refused. */
const formatVersion = 2
/** Each store of each partition is a database of its own, so that its size is known without counting. */
const databasesMax = 4_096
const readersMax = 126
/** LMDB should not meet a full disk half way. */
const freeBytesMinDefault = 16 * 1024 * 1024
/** Pages that killed readers have kept are given free this often. */
const readerCheckMs = 60_000
/** How long a figure of the pages in use is good for, where the file has reached its limit. */
const usedMs = 1_000
/** Of its limit, so much may be in use: a transaction needs room to write anew what it changes. */
const usedShareMax = 0.9

export type Bytes = Database<Uint8Array, Uint8Array>

export interface EnvironmentOptions {
  /** With less free space than this beyond what it writes no commit is tried; undefined: 16 MiB. */
  readonly freeBytesMin?: number | undefined
  /** How large the file may grow; undefined: as large as the disk. */
  readonly bytesMax?: number | undefined
  /** Reads all there is, and throws where something is not as it was written. */
  readonly check?: (environment: Environment) => void
}

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const

/** The LMDB environment in a data folder. */
export class Environment {
  readonly folder: string
  readonly #gate: Gate
  readonly #root: RootDatabase<Uint8Array, Uint8Array>
  readonly #databases = new Map<string, Bytes>()
  readonly #bytesMax: number
  readonly #freeBytesMin: number
  readonly #readerCheck: NodeJS.Timeout
  readonly #used = { timeMs: Number.NEGATIVE_INFINITY, bytes: 0 }
  #closed: Promise<void> | undefined

  private constructor(
    folder: string,
    gate: Gate,
    root: RootDatabase<Uint8Array, Uint8Array>,
    { bytesMax, freeBytesMin }: EnvironmentOptions,
  ) {
    this.folder = folder
    this.#gate = gate
    this.#root = root
    this.#freeBytesMin = freeBytesMin ?? freeBytesMinDefault
    this.#bytesMax = bytesMax ?? Number.POSITIVE_INFINITY
    root.readerCheck()
    this.#readerCheck = setInterval(() => root.readerCheck(), readerCheckMs).unref()
  }

  static open(folder: string, options: EnvironmentOptions = {}): Environment {
    let gate: Gate | undefined
    let environment: Environment | undefined
    try {
      makeFolder(folder)
      const lock = new Gate(folder)
      gate = lock
      environment = gate.pass(() => {
        startAnew(folder)
        lengthen(folder)
        return new Environment(
          folder,
          lock,
          settled(() => opened(folder)),
          options,
        )
      })
      environment.#begin(options.check)
      return environment
    } catch (error) {
      void (environment ?? gate)?.close()
      throw error instanceof DataFolderError ? error : unopened(folder, error as Error, readersMax)
    }
  }

  #begin(check: EnvironmentOptions['check']): void {
    const { folder } = this
    const missing = missingOf(folder)
    try {
      this.#checkVersion()
      if (!isMade(folder)) noteMade(folder)
      if (missing === undefined) return
      this.#checkWhole(check)
      noteWhole(folder)
    } catch (error) {
      throw missing === undefined ? error : cutOff(folder, missing, error)
    }
  }

  #checkVersion(): void {
    const meta = this.database('meta')
    const key = Buffer.from('format')
    const found = meta.get(key)
    if (found === undefined) {
      this.transaction(() => meta.put(key, Buffer.from(String(formatVersion))))
      return
    }
    const version = Number(Buffer.from(found).toString())
    if (version === formatVersion) return
    throw new DataFolderError(
      'newer',
      version > formatVersion
        ? `The data folder ${this.folder} has format ${version}, and this version of franz reads ${formatVersion}. Use a newer franz, or choose another folder with --data.`
        : `The data folder ${this.folder} has the old format ${version}, and this version of franz reads ${formatVersion}. Choose another folder with --data, and bring the records over with franz tail and franz produce of each version.`,
    )
  }

  #checkWhole(check: EnvironmentOptions['check']): void {
    for (const name of this.names()) for (const _ of this.database(name).getKeys({ start: firstKey }));
    check?.(this)
  }

  /** The databases whose names begin like this. */
  names(prefix = ''): string[] {
    const start = Buffer.from(prefix)
    const keys = [...this.#root.getKeys(prefix === '' ? { start: firstKey } : { start, end: after(start) })]
    // They stand there as C knows texts, with a zero at their end.
    return keys.map(name => Buffer.from(name).toString().replace(/\0$/, ''))
  }

  database(name: string): Bytes {
    const known = this.#databases.get(name)
    if (known !== undefined) return known
    const database = this.#gate.pass(() => this.#root.openDB(name, binary)) as Bytes
    this.#databases.set(name, database)
    return database
  }

  /**
   * All of it or nothing, on disk when it returns; what is thrown inside undoes it. Reads inside see its own writes.
   * `bytes` is about how much it writes. What only gives room free is let through where there is none.
   */
  transaction<T>(work: () => T, { bytes = 0, frees = false } = {}): T {
    if (!frees) this.#checkRoom(bytes)
    try {
      let done: T | undefined
      // A callback that returned what `put` returns, a promise, would be committed some time later.
      this.#gate.pass(() =>
        this.#root.transactionSync(() => {
          done = work()
        }),
      )
      this.#used.bytes += bytes
      return done as T
    } catch (error) {
      throw this.#failed(error as Error, bytes)
    }
  }

  #failed(error: Error, bytes: number): Error {
    if (error instanceof DataFolderError) return error
    // Of a disk that fills half way LMDB says that too little could be written, which is an error of input and output to it.
    if (/input\/output error/i.test(error.message) && this.#freeBytes < freeBytesMinDefault + bytes)
      return this.#full('has no room for a commit', error)
    if (/input\/output error/i.test(error.message)) {
      const words = `The disk of ${this.folder} cannot be written to: ${error.message}. What was committed is there. Look after the disk, then start again.`
      return new DataFolderError('away', words, error)
    }
    if (/no space left|quota|file too large|MDB_MAP_FULL/i.test(error.message))
      return this.#full('has no room for a commit', error)
    return inPages(this.folder, error)
  }

  #full(what: string, cause?: unknown): DataFolderError {
    const words = `The disk of ${this.folder} ${what}. Nothing was written and nothing is lost: make room, and it goes on.`
    return new DataFolderError('full', words, cause)
  }

  get #freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder)
    return bavail * bsize
  }

  #checkRoom(bytes: number): void {
    const freeBytes = this.#freeBytes
    if (freeBytes < this.#freeBytesMin + bytes)
      throw this.#full(`has ${Math.floor(freeBytes / 1024)} KiB left, too little for a commit`)
    if (this.#bytesMax === Number.POSITIVE_INFINITY || this.fileBytes + bytes < this.#bytesMax) return
    // The file never shrinks: what counts is how much of it is in use.
    if (this.usedBytes() + bytes < usedShareMax * this.#bytesMax) return
    throw new DataFolderError(
      'limit',
      `The data folder ${this.folder} has reached its limit of ${this.#bytesMax} bytes. Nothing was written and nothing is lost: raise bytesMax, delete topics, or let topics keep less, and it goes on.`,
    )
  }

  /** The size of the file, which never shrinks. */
  get fileBytes(): number {
    return statSync(fileOf(this.folder)).size
  }

  /** How much of the file is in use, not much older than a second. */
  usedBytes(): number {
    const nowMs = performance.now()
    if (nowMs - this.#used.timeMs > usedMs) {
      const bytes = this.names().reduce((sum, name) => sum + bytesOf(this.database(name)), 0)
      Object.assign(this.#used, { timeMs: nowMs, bytes })
    }
    return this.#used.bytes
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      clearInterval(this.#readerCheck)
      // LMDB waits for ever for the snapshot of reads made in this turn of the event loop, which ends with the turn.
      await setImmediate()
      await this.#gate.pass(() => this.#root.close())
      await this.#gate.close()
    })()
    return this.#closed
  }
}

interface Stats {
  readonly pageSize: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
  readonly entryCount: number
}

const statsOf = (database: Bytes): Stats => database.getStats() as Stats

/** What the pages of a database take. */
export const bytesOf = (database: Bytes): number => {
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = statsOf(database)
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages)
}

/** How many entries a database has, without counting them. */
export const entriesOf = (database: Bytes): number => statsOf(database).entryCount

const opened = (folder: string): RootDatabase<Uint8Array, Uint8Array> =>
  open<Uint8Array, Uint8Array>({
    path: join(folder, 'log'),
    maxDbs: databasesMax,
    maxReaders: readersMax,
    noMemInit: true,
    ...binary,
  })
