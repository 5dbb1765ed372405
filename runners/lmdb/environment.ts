import { mkdirSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { type Database, open, type RootDatabase } from 'lmdb'

/** The layout of the data folder; a folder of a newer one is refused. */
const formatVersion = 1
const databasesMax = 16
const readersMax = 126
/** With less free space than this no commit is tried: LMDB must never meet a full disk half way. */
const freeBytesMin = 16 * 1024 * 1024

export type Bytes = Database<Uint8Array, Uint8Array>

/** Refusals and failures of the data folder, in words that say what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/** The LMDB environment in a data folder: its databases, and one durable transaction at a time. */
export class Environment {
  readonly folder: string
  readonly #root: RootDatabase<Uint8Array, Uint8Array>

  private constructor(folder: string, root: RootDatabase<Uint8Array, Uint8Array>) {
    this.folder = folder
    this.#root = root
  }

  static open(folder: string): Environment {
    try {
      mkdirSync(folder, { recursive: true })
      const root = open<Uint8Array, Uint8Array>({
        path: join(folder, 'log'),
        maxDbs: databasesMax,
        maxReaders: readersMax,
        encoding: 'binary',
        keyEncoding: 'binary',
        noMemInit: true,
      })
      const environment = new Environment(folder, root)
      environment.#checkVersion()
      return environment
    } catch (error) {
      if (error instanceof DataFolderError) throw error
      throw new DataFolderError(
        `The data folder ${folder} cannot be opened: ${(error as Error).message}. Choose another with --data.`,
      )
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
      `The data folder ${this.folder} has format ${version}, this version of franz reads ${formatVersion}. Use a newer franz, or choose another folder with --data.`,
    )
  }

  database(name: string): Bytes {
    return this.#root.openDB(name, { encoding: 'binary', keyEncoding: 'binary' }) as Bytes
  }

  /** All of it or nothing, on disk when it returns; what is thrown inside undoes it. Reads inside see its own writes. */
  transaction<T>(work: () => T): T {
    this.#checkSpace()
    return this.#root.transactionSync(work) as T
  }

  #checkSpace(): void {
    const { bavail, bsize } = statfsSync(this.folder)
    if (bavail * bsize >= freeBytesMin) return
    throw new DataFolderError(
      `The disk of ${this.folder} has ${Math.floor((bavail * bsize) / 1024)} KiB left. Nothing was written and nothing is lost: make room, and it goes on.`,
    )
  }

  async close(): Promise<void> {
    // LMDB waits for ever for the snapshot of reads made in this turn of the event loop, which ends with the turn.
    await setImmediate()
    await this.#root.close()
  }
}
