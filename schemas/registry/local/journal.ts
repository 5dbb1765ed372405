// The journal of a registry: one file, entries added at the end, nothing ever rewritten. Owns: the file, its framing, and
// the truth of what is in it. Does not own: who may write (Ownership), what entries mean (Book).
// I1  an entry is whole or absent: it counts only when all its bytes are there and both checksums agree.
// I2  `append` resolves when the entry is on disk; when it rejects, the entry is not in the file, or the journal says
//     that it no longer knows and takes no more.
// I3  bytes that are missing at the very end are a write cut short by a crash and are dropped; any other difference is
//     damage and is told, never passed over.
//
// An entry is `LLLLLLLL HHHHHHHH CCCCCCCC json\n`: the length of the JSON in bytes, a checksum of that length, a checksum of
// the JSON, all in hexadecimal. The length has its own checksum so that a flipped bit cannot pass for a short last entry.

import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Change } from './book.ts'

/** What a journal needs of the disk: a test hands over one that fails or ends the process at a named point. */
export interface Disk {
  write(file: FileHandle, bytes: Uint8Array, at: number): Promise<void>
  sync(file: FileHandle): Promise<void>
  rename(from: string, to: string): Promise<void>
}

const limits = { entryBytesMax: 64 * 1024 * 1024, journalBytesMax: 1024 * 1024 * 1024 } as const
const frameBytes = 27
const formatVersion = 1
export const journalName = 'schemas.journal'

export const realDisk: Disk = {
  async write(file, bytes, at) {
    let written = 0
    while (written < bytes.length) {
      written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten
    }
  },
  sync: file => file.sync(),
  rename: (from, to) => rename(from, to),
}

/**
 * A journal that cannot be trusted: which file, from which byte, what to do.
 * @example if (error instanceof JournalDamage) console.error(error.path, error.offset)
 */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage'
  readonly path: string
  readonly offset: number

  constructor(path: string, offset: number, entry: number, detail: string) {
    super(
      `The registry's file ${path} is damaged at byte ${offset} (entry ${entry}): ${detail}. ` +
        'To fix: put back a copy of the file. Without one, move it aside and register the schemas again, ' +
        'but ids may then differ from those in stored records.',
    )
    this.path = path
    this.offset = offset
  }
}

interface Header {
  readonly format: number
  readonly registry: string
}

/** The journal could not be written; `lost` when it no longer knows what is on disk. */
export class JournalFailure extends Error {
  override readonly name = 'JournalFailure'
}

const hex = (value: number): string => value.toString(16).padStart(8, '0')

const encodeEntry = (value: unknown): Buffer => {
  const json = Buffer.from(JSON.stringify(value))
  const length = hex(json.length)
  return Buffer.concat([Buffer.from(`${length} ${hex(crc32(length))} ${hex(crc32(json))} `), json, Buffer.from('\n')])
}

/** Opens the journal of a folder; with `create`, makes it when it is missing, durably. */
export const openJournal = async (
  folder: string,
  { create, disk = realDisk }: { readonly create: boolean; readonly disk?: Disk },
): Promise<Journal> => {
  const path = join(folder, journalName)
  const file = await open(path, create ? 'r+' : 'r').catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' || !create) throw error
    await makeFile(folder, path, disk)
    return open(path, 'r+')
  })
  return new Journal(path, file, disk)
}

const syncFolder = async (folder: string, disk: Disk): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY)
  try {
    await disk.sync(handle)
  } finally {
    await handle.close()
  }
}

/** Makes a folder and those above it, durably. */
export const makeFolder = async (folder: string, disk: Disk = realDisk): Promise<void> => {
  const first = await mkdir(folder, { recursive: true })
  // A new folder is durable once the folder that names it is: from the deepest up to the parent of the first one made.
  for (let made = folder; first !== undefined; made = dirname(made)) {
    await syncFolder(dirname(made), disk)
    if (made === first) break
  }
}

/** Under another name first: a journal that exists has its header. */
const makeFile = async (folder: string, path: string, disk: Disk): Promise<void> => {
  const header: Header = { format: formatVersion, registry: randomUUID() }
  const draft = `${path}.${process.pid}.new`
  const file = await open(draft, 'w')
  try {
    await disk.write(file, encodeEntry(header), 0)
    await disk.sync(file)
  } finally {
    await file.close()
  }
  await disk.rename(draft, path).catch(async error => {
    await rm(draft, { force: true })
    throw error
  })
  await syncFolder(folder, disk)
}

export class Journal {
  readonly path: string
  readonly #file: FileHandle
  readonly #disk: Disk
  #header: Header | undefined
  /** Up to here every entry was read and found whole. */
  #end = 0
  #entries = 0
  #failed: unknown

  constructor(path: string, file: FileHandle, disk: Disk) {
    this.path = path
    this.#file = file
    this.#disk = disk
  }

  /** Names this registry, whatever address it is served on. */
  get registryId(): string {
    if (this.#header === undefined) throw new Error('the journal is read before its header is asked for')
    return this.#header.registry
  }

  /**
   * Entries added since the last call, by whomever; none when there are no more. Throws JournalDamage once all the whole
   * entries before it have been given.
   */
  async read(): Promise<readonly (readonly Change[])[]> {
    const { size } = await this.#file.stat()
    if (size < this.#end) this.#damaged('the file is shorter than it was')
    if (size === this.#end && this.#header !== undefined) return []
    const bytes = Buffer.alloc(size - this.#end)
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, this.#end)
    const entries: (readonly Change[])[] = []
    for (let at = 0; ; ) {
      const entry = this.#entryAt(bytes.subarray(at, bytesRead))
      if (entry === 'damaged' && entries.length === 0) this.#damaged('the checksums do not match')
      if (entry === undefined || entry === 'damaged') break
      if (this.#header === undefined) this.#begin(entry.value)
      else entries.push(entry.value as readonly Change[])
      at += entry.bytes
      this.#end += entry.bytes
      this.#entries++
    }
    if (this.#header === undefined) this.#damaged('it has no header')
    return entries
  }

  #begin(value: unknown): void {
    const header = value as Partial<Header>
    if (header.format !== formatVersion || typeof header.registry !== 'string') {
      this.#damaged(`it is of format ${JSON.stringify(header.format)}, and this version reads format ${formatVersion}`)
    }
    this.#header = header as Header
  }

  /** The entry that begins here; undefined when the bytes end before it does. */
  #entryAt(bytes: Buffer): { readonly value: unknown; readonly bytes: number } | 'damaged' | undefined {
    if (bytes.length < frameBytes) return undefined
    const frame = bytes.toString('latin1', 0, frameBytes)
    const [length = '', lengthSum, jsonSum] = frame.split(' ')
    if (!/^(?:[0-9a-f]{8} ){3}$/.test(frame) || lengthSum !== hex(crc32(length))) return 'damaged'
    const size = Number.parseInt(length, 16)
    if (bytes.length < frameBytes + size + 1) return undefined
    const json = bytes.subarray(frameBytes, frameBytes + size)
    if (jsonSum !== hex(crc32(json)) || bytes[frameBytes + size] !== 0x0a) return 'damaged'
    return { value: JSON.parse(json.toString('utf8')), bytes: frameBytes + size + 1 }
  }

  #damaged(detail: string): never {
    throw new JournalDamage(this.path, this.#end, this.#entries + 1, detail)
  }

  /** Adds an entry and resolves when it is on disk. Only the owner of the folder calls it, one call at a time. */
  async append(changes: readonly Change[]): Promise<void> {
    const failed = this.#failed
    if (failed !== undefined) throw new JournalFailure(this.#afterFailure(), { cause: failed })
    const entry = encodeEntry(changes)
    if (entry.length > limits.entryBytesMax || this.#end + entry.length > limits.journalBytesMax) {
      throw new JournalFailure(
        `${this.path} would grow beyond ${limits.journalBytesMax} bytes, or one entry beyond ${limits.entryBytesMax}.`,
      )
    }
    await this.#expectNoOther()
    await this.#cutTornEnd()
    try {
      await this.#disk.write(this.#file, entry, this.#end)
      await this.#disk.sync(this.#file)
    } catch (cause) {
      await this.#takeBack(cause)
      throw new JournalFailure(`${this.path} could not be written: ${(cause as Error).message}. Nothing was stored.`, {
        cause,
      })
    }
    this.#end += entry.length
    this.#entries++
  }

  /** Ownership keeps others out; should that ever fail, two writers are told apart here before they mix their entries. */
  async #expectNoOther(): Promise<void> {
    const found = await this.read()
    if (found.length === 0) return
    this.#failed = new Error('entries of another process were found')
    throw new JournalFailure(this.#afterFailure(), { cause: this.#failed })
  }

  async #cutTornEnd(): Promise<void> {
    if ((await this.#file.stat()).size > this.#end) await this.#file.truncate(this.#end)
  }

  /** After a failed write the file is cut back to its last whole entry. When even that fails, nobody knows what is on disk. */
  async #takeBack(cause: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#end)
      await this.#disk.sync(this.#file)
    } catch {
      this.#failed = cause
    }
  }

  #afterFailure(): string {
    const why = (this.#failed as Error).message
    return `${this.path} takes no more entries since ${why}. To fix: restart the process that serves it.`
  }

  async close(): Promise<void> {
    await this.#file.close()
  }
}
