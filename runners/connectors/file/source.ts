import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { Feed, SourceConnector } from '../../../topology/index.ts'
import { parseRecord } from '../../records/json-record.ts'

export interface FileSourceOptions {
  readonly path: string
  /** `skip`: a line that is no record is told and passed over. Else the source stops there until somebody corrects it. */
  readonly wrongLines?: 'stop' | 'skip'
  /** How often the end of the file is looked at. */
  readonly lookMs?: number
}

const lookMsDefault = 200
const readBytesMax = 1024 * 1024
const lineBytesMax = 1024 * 1024
const appendLinesMax = 1_000
/** A file is known again by its first bytes, as many as it had when it was first read. */
const knownBytesMax = 1_024

/** How far a file has been read, and how to know it again. */
interface Cursor {
  readonly offset: number
  readonly line: number
  readonly known: { readonly bytes: number; readonly hash: string }
}

/**
 * A source of JSON lines, `{"key","value","timestamp"?,"headers"?}`, from a file that may grow: it goes on where it stood,
 * and from the start where another file has taken the path, as after a rotation.
 * @example sources: { inbox: fileSource({ path: 'tickets.jsonl' }) }
 */
export const fileSource = (options: FileSourceOptions): SourceConnector<unknown, unknown> => ({
  async open(feed) {
    let stopped = false
    let wake = () => {}
    const work = (async () => {
      const reading = new Reading(feed, options)
      while (!stopped) {
        if (await reading.more()) continue
        await new Promise<void>(resolve => {
          wake = resolve
          setTimeout(resolve, options.lookMs ?? lookMsDefault)
        })
      }
    })()
    return {
      ended: work.then(() => new Promise<never>(() => {})),
      async close() {
        stopped = true
        wake()
        await work.catch(() => {})
      },
    }
  },
})

class Reading {
  readonly #feed: Feed<unknown, unknown>
  readonly #options: FileSourceOptions
  #cursor: Cursor | undefined

  constructor(feed: Feed<unknown, unknown>, options: FileSourceOptions) {
    this.#feed = feed
    this.#options = options
    this.#cursor = feed.cursor === undefined ? undefined : (JSON.parse(feed.cursor) as Cursor)
  }

  /** Appends some lines more; false: there are none for now. */
  async more(): Promise<boolean> {
    let file: FileHandle
    try {
      file = await open(this.#options.path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
    try {
      const cursor = await this.#standing(file)
      const { buffer, bytesRead } = await file.read(Buffer.alloc(readBytesMax), 0, readBytesMax, cursor.offset)
      const lines = linesOf(buffer.subarray(0, bytesRead))
      if (lines.length > 0) {
        await this.#append(file, cursor, lines)
        return true
      }
      if (bytesRead >= lineBytesMax)
        throw new Error(`${this.#options.path}:${cursor.line + 1}: the line is longer than ${lineBytesMax} bytes`)
      return false
    } finally {
      await file.close()
    }
  }

  /** Where to go on in the file that is there now. */
  async #standing(file: FileHandle): Promise<Cursor> {
    const start: Cursor = { offset: 0, line: 0, known: { bytes: 0, hash: await hashOf(file, 0) } }
    if (this.#cursor === undefined) return start
    const { offset, known } = this.#cursor
    const { size } = await file.stat()
    if (size >= offset && (await hashOf(file, known.bytes)) === known.hash) return this.#cursor
    this.#feed.note('info', `${this.#options.path} is another file now, and is read from its start`)
    this.#cursor = undefined
    return start
  }

  async #append(file: FileHandle, from: Cursor, lines: readonly string[]): Promise<void> {
    let { offset, line } = from
    const records = lines.flatMap(text => {
      line++
      offset += Buffer.byteLength(text) + 1
      return text.trim() === '' ? [] : this.#record(text, line)
    })
    const bytes = Math.min(knownBytesMax, offset)
    const next = { offset, line, known: { bytes, hash: await hashOf(file, bytes) } }
    await this.#feed.append(records, JSON.stringify(next))
    this.#cursor = next
  }

  #record(text: string, line: number) {
    try {
      return [parseRecord(text)]
    } catch (error) {
      const wrong = `${this.#options.path}:${line}: ${(error as Error).message}`
      if (this.#options.wrongLines !== 'skip') throw new Error(wrong)
      this.#feed.note('error', `${wrong}. The line is passed over.`)
      return []
    }
  }
}

/** Whole lines only: one without an end is still being written. */
const linesOf = (bytes: Buffer): string[] => {
  const lines: string[] = []
  let start = 0
  for (let end = bytes.indexOf(10); end >= 0 && lines.length < appendLinesMax; end = bytes.indexOf(10, start)) {
    lines.push(bytes.toString('utf8', start, end))
    start = end + 1
  }
  return lines
}

const hashOf = async (file: FileHandle, bytes: number): Promise<string> => {
  const head = Buffer.alloc(bytes)
  const { bytesRead } = await file.read(head, 0, bytes, 0)
  return createHash('sha256').update(head.subarray(0, bytesRead)).digest('hex').slice(0, 32)
}
