import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { type Database, open, type RootDatabase } from 'lmdb'

// Reads a data folder by its layout alone: not one line here is the library's, so that no mistake is made twice.

export interface Read {
  readonly offset: number
  readonly key: string
  /** Bytes as a binary string: two that are equal are the same bytes. */
  readonly value: string
  readonly timestamp: number
  /** By name, of those that have any. */
  readonly headers?: Readonly<Record<string, string>>
}

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
const whole = (bytes: Uint8Array | undefined): number => (bytes === undefined ? 0 : Buffer.from(bytes).readUIntBE(0, 6))

/** What is committed in a folder; all reads of one turn of the event loop see the same. */
export class Folder {
  readonly #gate: RootDatabase
  readonly #root: RootDatabase<Uint8Array, Uint8Array>
  readonly #databases = new Map<string, Database<Uint8Array, Uint8Array>>()

  readonly #mayLack: boolean

  /** Where topics may let go, offsets are not dense. */
  constructor(path: string, { mayLack = false } = {}) {
    this.#mayLack = mayLack
    // Whoever opens the file while another process writes may take a commit from it: see `runners/lmdb/gate.ts`.
    this.#gate = open({ path: join(path, 'log/gate'), noSubdir: true, overlappingSync: false })
    this.#root = this.#gate.transactionSync(() =>
      open<Uint8Array, Uint8Array>({ path: join(path, 'log'), maxDbs: 256, readOnly: true, ...binary }),
    )
    for (const name of ['topics', 'batches', 'ends', 'positions'])
      this.#databases.set(name, this.#root.openDB(name, binary) as Database<Uint8Array, Uint8Array>)
  }

  #database(name: string): Database<Uint8Array, Uint8Array> {
    return this.#databases.get(name)!
  }

  #topic(name: string): { readonly number: number; readonly partitions: number } | undefined {
    const found = this.#database('topics').get(Buffer.from(name))
    return found && (JSON.parse(Buffer.from(found).toString()) as { number: number; partitions: number })
  }

  partitions(topic: string): number {
    return this.#topic(topic)?.partitions ?? 0
  }

  end(topic: string, partition: number): number {
    const found = this.#topic(topic)
    if (found === undefined) return 0
    const key = Buffer.alloc(6)
    key.writeUInt32BE(found.number)
    key.writeUInt16BE(partition, 4)
    return whole(this.#database('ends').get(key))
  }

  position(group: string, topic: string, partition: number): number {
    return whole(this.#database('positions').get(Buffer.from(`${group}\0${topic}\0${partition}`)))
  }

  /** All records of a partition, in order. */
  records(topic: string, partition: number): Read[] {
    const found = this.#topic(topic)
    if (found === undefined) return []
    const start = Buffer.alloc(6)
    start.writeUInt32BE(found.number)
    start.writeUInt16BE(partition, 4)
    const records: Read[] = []
    for (const { key, value } of this.#database('batches').getRange({ start, end: next(start) }))
      readBatch(Buffer.from(value), Buffer.from(key).readUIntBE(6, 6), records, this.#mayLack)
    return records
  }

  /** What a store holds, in the order of its keys: each is a database, its values behind the check sum of key and value. */
  store(changelog: string, partition: number): [key: string, value: string][] {
    const name = `store/${changelog}/${partition}`
    const database = this.#root.openDB(name, binary) as Database<Uint8Array, Uint8Array> | undefined
    if (database === undefined) return []
    return [...database.getRange({ start: Buffer.from([0]) })].map(({ key, value }) => {
      const bytes = Buffer.from(value)
      if (bytes.readUInt32BE(0) !== crc32(bytes.subarray(4), crc32(key)))
        throw new Error(`${name} has a wrong check sum`)
      return [text(key), text(bytes.subarray(4))]
    })
  }

  async close(): Promise<void> {
    await this.#root.close()
    await this.#gate.close()
  }
}

/** Six bytes plus one. */
const next = (prefix: Buffer): Buffer => {
  const end = Buffer.alloc(6)
  end.writeUIntBE(prefix.readUIntBE(0, 6) + 1, 0, 6)
  return end
}

const gaps = 1

const readBatch = (batch: Buffer, base: number, into: Read[], mayLack: boolean): void => {
  const last = into.at(-1)
  if (last !== undefined && (mayLack ? base <= last.offset : base !== last.offset + 1))
    throw new Error(`offset ${base} follows ${last.offset}: records are missing or twice`)
  if (batch[0] !== 2) throw new Error(`a batch has format ${batch[0]}`)
  if (batch.readUInt32BE(1) !== crc32(batch.subarray(5))) throw new Error(`the batch at ${base} has a wrong check sum`)
  const count = batch.readUInt32BE(6)
  const hasGaps = batch[5] === gaps
  if (hasGaps ? !mayLack : batch[5] !== 0 || batch.readUInt32BE(10) !== count)
    throw new Error(`the batch at ${base} was compacted, and says ${batch[5]}`)
  let at = 30
  for (let number = 0; number < count; number++) {
    const timestamp = batch.readDoubleBE(at)
    const offset = base + (hasGaps ? batch.readUInt32BE(at + 8) : number)
    at += hasGaps ? 12 : 8
    const sizes = [batch.readInt32BE(at), batch.readInt32BE(at + 4)] as const
    if (batch.readUInt16BE(at + 8) !== 0) throw new Error('a record with headers, which this pipeline has not')
    at += 10
    const [key, value] = sizes.map(size => {
      const part = batch.toString('latin1', at, at + Math.max(0, size))
      at += Math.max(0, size)
      return part
    })
    into.push({ offset, key: key!, value: value!, timestamp })
  }
  if (at !== batch.length) throw new Error(`a batch at offset ${base} has ${batch.length - at} bytes too many`)
}
