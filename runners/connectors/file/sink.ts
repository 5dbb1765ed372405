import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OpenSink, Outgoing, SinkConnector } from '../../../topology/index.ts'

export interface FileSinkOptions {
  readonly path: string
}

/** What stands beside the file: how much of it counts, and up to where in the log. */
interface Standing {
  readonly logId: string
  readonly bytes: number
  /** Next offsets, by `topic/partition`. */
  readonly positions: Readonly<Record<string, number>>
}

/**
 * A sink that writes JSON lines to a file, each record once: `FILE.position` says which bytes of it count and where the log
 * stood for them, and what a crash has left behind those is cut off.
 * @example sinks: { archive: fileSink({ path: 'tickets.jsonl' }) }
 */
export const fileSink = ({ path }: FileSinkOptions): SinkConnector<unknown, unknown> => ({
  async open({ logId, note }) {
    const kept = await standingOf(`${path}.position`)
    const file = await open(path, 'a+')
    try {
      const { size } = await file.stat()
      const bytes = kept?.bytes ?? size
      if (size < bytes) throw new Error(`${path} has ${size} bytes, and ${path}.position says that it had ${bytes}`)
      if (size > bytes) await file.truncate(bytes)
      if (kept !== undefined && kept.logId !== logId)
        note('warn', `${path} was written from another log: what this one holds is written behind it`)
      const standing = { logId, bytes, positions: kept?.logId === logId ? kept.positions : {} }
      // Before anything is written: what a crash leaves of the very first lines must not be taken for what was there.
      if (kept?.logId !== logId) await writeWhole(`${path}.position`, JSON.stringify(standing))
      return new Lines(path, file, standing)
    } catch (error) {
      await file.close()
      throw error
    }
  },
})

const standingOf = async (path: string): Promise<Standing | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Standing
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${path} cannot be read: ${(error as Error).message}`)
  }
}

class Lines implements OpenSink<unknown, unknown> {
  readonly #path: string
  readonly #file: FileHandle
  #standing: Standing

  constructor(path: string, file: FileHandle, standing: Standing) {
    this.#path = path
    this.#file = file
    this.#standing = standing
  }

  async assigned(partitions: readonly { readonly topic: string; readonly partition: number }[]) {
    return partitions.flatMap(({ topic, partition }) => {
      const offset = this.#standing.positions[`${topic}/${partition}`]
      return offset === undefined ? [] : [{ topic, partition, offset }]
    })
  }

  async deliver(records: readonly Outgoing<unknown, unknown>[]): Promise<undefined> {
    const { logId, bytes, positions } = this.#standing
    // A delivery that broke off has left lines that do not count.
    await this.#file.truncate(bytes)
    const next = { ...positions }
    const fresh = records.filter(({ topic, partition, offset }) => {
      const name = `${topic}/${partition}`
      if (offset < (next[name] ?? 0)) return false
      next[name] = offset + 1
      return true
    })
    const lines = Buffer.from(fresh.map(lineOf).join(''))
    await this.#file.appendFile(lines)
    await this.#file.datasync()
    const standing = { logId, bytes: bytes + lines.length, positions: next }
    await writeWhole(`${this.#path}.position`, JSON.stringify(standing))
    this.#standing = standing
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}

/** Replaced at one go, and on disk when it returns. */
const writeWhole = async (path: string, text: string): Promise<void> => {
  const file = await open(`${path}.new`, 'w')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.new`, path).catch(async error => {
    await rm(`${path}.new`, { force: true })
    throw error
  })
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

const lineOf = ({ topic, partition, offset, timestamp, key, value, headers }: Outgoing<unknown, unknown>): string =>
  `${JSON.stringify({ topic, partition, offset, timestamp, key, value, headers: shown(headers) }, plain)}\n`

const shown = (headers: Outgoing<unknown, unknown>['headers']) =>
  Object.fromEntries(headers.map(([name, content]) => [name, content && Buffer.from(content).toString()]))

/** What JSON lacks: whole numbers beyond its own, and bytes. */
function plain(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const itself = this[name]
  if (itself instanceof Uint8Array) return Buffer.from(itself).toString('base64')
  return typeof value === 'bigint' ? String(value) : value
}
