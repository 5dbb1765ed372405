import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { run } from '../../../runners/host/run.ts'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { asked, loadNative, type PlaceAt } from '../../../runners/kafka/native.ts'
import { Environment } from '../../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../../runners/lmdb/store.ts'
import type { Note } from '../../../topology/ports/connectors.ts'
import type { LogRecord } from '../../../topology/ports/log.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import topology, { calls, partitions, type Transfer } from '../pipeline.ts'

// What a version leaves on Kafka and on disk, kept as files, so that every later one is held against it for ever.

export const group = 'ledger'
export const instance = 'kept'
const connectTimeoutMs = 15_000
const recordsAtOnce = 5_000

interface KeptRecord {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
}

interface KeptPartition {
  readonly topic: string
  readonly partition: number
  /** How many of the records the topology has taken; of topics that it does not read, none. */
  readonly taken: number
  readonly records: readonly KeptRecord[]
}

const packed = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('latin1')
const unpacked = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'latin1'))

/** Transfers that are the same each time, from one number on: twelve accounts, one second in ten, some late. */
export const transfers = (from: number, count: number): readonly (Transfer & { readonly timestamp: number })[] =>
  Array.from({ length: count }, (_, index) => {
    const number = from + index
    const account = (step: number): string => `account-${(number * step) % 12}`
    const timestamp = 1_700_000_000_000 + number * 10 - (number % 7 === 0 ? 900 : 0)
    return { id: `${number}`, from: account(5), to: account(7), amount: 1 + (number % 100), timestamp }
  })

export const append = async (log: KafkaLog, made: ReturnType<typeof transfers>): Promise<void> => {
  const records = made.map(({ timestamp, ...transfer }) => ({
    ...{ key: Buffer.from(transfer.from), value: Buffer.from(JSON.stringify(transfer)), timestamp, headers: [] },
  }))
  await log.append(
    Array.from({ length: partitions }, (_, partition) => ({
      ...{ topic: 'transfers', partition },
      records: records.filter(({ key }) => partitionOf(key, partitions) === partition),
    })),
  )
}

export const started = async (log: KafkaLog, note: Note = () => {}) => {
  await log.create([{ name: 'transfers', partitions, cleanup: 'delete' }])
  return await run(topology, { log, calls, partitions, instance, commitIntervalMs: 50, observer: { note } })
}

/** Writes all that is on the brokers, and the store, into a folder. The topology must have stopped. */
export const keep = async (log: KafkaLog, folder: string, kept: string): Promise<void> => {
  const all: KeptPartition[] = []
  const topics = (await log.admin.topics()).filter(topic => !topic.startsWith('__'))
  const places = topics.flatMap(topic => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
  const positions = await log.admin.positions(group, places)
  for (const place of places) {
    const records: LogRecord[] = []
    const position = positions.find(({ topic, partition }) => topic === place.topic && partition === place.partition)
    let taken = 0
    const { first, next } = await log.ends(place)
    for (let offset = first; offset < next; ) {
      const fetched = await log.read(place, offset, recordsAtOnce)
      records.push(...fetched.records)
      taken += fetched.records.filter(record => record.offset < (position?.offset ?? 0)).length
      offset = fetched.next
    }
    const written = records.map(({ key, value, timestamp }) => ({ key: packed(key), value: packed(value), timestamp }))
    all.push({ ...place, taken, records: written })
  }
  mkdirSync(kept, { recursive: true })
  writeFileSync(join(kept, 'log.json.gz'), gzipSync(JSON.stringify(all)))
  const store = readFileSync(join(folder, `${group}-${instance}`, 'log/data.mdb'))
  writeFileSync(join(kept, 'store.mdb.gz'), gzipSync(store))
}

/** Puts on the brokers what was kept, and where the topology stood. The topics must be there, and nobody read them. */
const fill = async (log: KafkaLog, brokers: string, all: readonly KeptPartition[]): Promise<void> => {
  for (const { topic, partition, records } of all) {
    const appended = records.map(({ key, value, timestamp }) => ({
      ...{ key: unpacked(key), value: unpacked(value), timestamp, headers: [] },
    }))
    if (appended.length > 0) await log.append([{ topic, partition, records: appended }])
  }
  const consumer = new (loadNative().KafkaConsumer)({ 'bootstrap.servers': brokers, 'group.id': group }, {})
  await asked<unknown>(done => consumer.connect({ timeout: connectTimeoutMs }, done))
  const committing = consumer as unknown as { commitSync(places: readonly PlaceAt[]): void }
  committing.commitSync(
    all.filter(({ taken }) => taken > 0).map(({ topic, partition, taken }) => ({ topic, partition, offset: taken })),
  )
  await new Promise<void>(done => consumer.disconnect(() => done()))
}

/** Lets the checkpoints of a kept store point into these brokers' changelogs, where the same records stand. */
const settle = async (log: KafkaLog, folder: string, all: readonly KeptPartition[]): Promise<void> => {
  const environment = Environment.open(folder)
  try {
    const stores = new LmdbStores(environment)
    for (const { name } of stores.sizes()) {
      const [changelog, partition] = name.split('/') as [string, string]
      const { id: topicId } = (await log.topic(changelog))!
      const { records } = all.find(one => one.topic === changelog && `${one.partition}` === partition)!
      const checkpoint = { logId: log.id, topicId, offset: records.length, timeMs: Date.now() }
      stores.write([{ store: stores.open(name), entries: [], checkpoint }])
    }
  } finally {
    await environment.close()
  }
}

/** Makes brokers and a folder what they were when it was kept; `withStore`: the disk, too, and not the changelogs alone. */
export const bring = async (kept: string, brokers: string, folder: string, withStore: boolean): Promise<void> => {
  const log = await KafkaLog.open({ brokers, folder })
  try {
    // It makes its topics, and has nothing to do.
    await (await started(log)).stop()
    const all = JSON.parse(gunzipSync(readFileSync(join(kept, 'log.json.gz'))).toString()) as readonly KeptPartition[]
    await fill(log, brokers, all)
    const own = join(folder, `${group}-${instance}`)
    rmSync(own, { recursive: true })
    if (!withStore) return
    mkdirSync(join(own, 'log'), { recursive: true })
    writeFileSync(join(own, 'log/data.mdb'), gunzipSync(readFileSync(join(kept, 'store.mdb.gz'))))
    await settle(log, own, all)
  } finally {
    await log.close()
  }
}

export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'franz-kept-'))
