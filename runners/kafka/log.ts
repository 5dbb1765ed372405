import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Appends, Fetched, Log, Ownership, Partition, TopicInfo, TopicSettings } from '../../topology/ports/log.ts'
import { DataFolderError } from '../lmdb/errors.ts'
import { Owner } from '../lmdb/owner.ts'
import { Administration } from './admin.ts'
import { KafkaError } from './failure.ts'
import { KafkaMember } from './member.ts'
import { loadNative, type Native } from './native.ts'
import { patiently } from './patience.ts'
import { type CommitPoint, TransactionalProducer } from './producer.ts'
import { PartitionReader } from './reader.ts'
import type { KafkaOptions } from './settings.ts'
import type { Changelogs } from './stores.ts'

/** After a commit the brokers take a moment to mark its records; who reads in this time waits for the marks. */
const markedMsMax = 1_000
const lookMs = 2
/** Made by the brokers when the first group asks for its positions; its id is that of the cluster to us. */
const clusterTopic = '__consumer_offsets'
const clusterWaitMs = 15_000

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

export interface KafkaLogOptions extends KafkaOptions {
  /** Is told each moment of a commit as it comes: tests end the process there. */
  readonly at?: (point: CommitPoint) => void
}

/** The Log port on Kafka. */
export class KafkaLog implements Log {
  readonly id: string
  readonly admin: Administration
  /** For restoring stores: nothing is left out that is still being committed. */
  readonly changelogs: Changelogs
  readonly #native: Native
  readonly #options: KafkaLogOptions
  readonly #committedMs = new Map<string, number>()
  #reader: Promise<PartitionReader> | undefined

  private constructor(native: Native, options: KafkaLogOptions, admin: Administration, id: string) {
    this.#native = native
    this.#options = options
    this.admin = admin
    this.id = id
    const away = (error: KafkaError): void =>
      options.note?.('warn', `a store cannot be restored yet: ${error.message}`, {})
    this.changelogs = {
      id,
      topic: name => patiently(() => this.topic(name), away),
      ends: partition =>
        patiently(async () => {
          const [first, next] = await Promise.all([admin.firsts([partition]), admin.writtenEnds([partition])])
          return { first: first[0]!, next: next[0]! }
        }, away),
      read: (partition, offset, recordsMax) =>
        patiently(
          () => this.#read(partition, offset, recordsMax, async () => (await admin.writtenEnds([partition]))[0]!),
          away,
        ),
    }
  }

  static async open(options: KafkaLogOptions): Promise<KafkaLog> {
    const native = loadNative()
    const admin = Administration.open(native, options)
    try {
      return new KafkaLog(native, options, admin, await clusterId(admin, options))
    } catch (error) {
      admin.close()
      throw error
    }
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    return await this.admin.topic(name)
  }

  async create(topics: readonly TopicSettings[]): Promise<void> {
    await this.admin.create(topics)
  }

  async join(group: string, instance: string, topics: readonly string[], ownership: Ownership): Promise<KafkaMember> {
    const folder = join(this.#options.folder, `${group}-${instance}`)
    const owner = await Owner.take(folder, group).catch(error => {
      throw nameTaken(error, group, instance)
    })
    try {
      const { at = () => {} } = this.#options
      const parts = {
        native: this.#native,
        options: this.#options,
        log: this,
        group,
        instance,
        topics: [...new Set(topics)],
      }
      return await KafkaMember.join({ ...parts, ownership, folder, owner, at })
    } catch (error) {
      await owner.release()
      throw error
    }
  }

  /** Appends what comes from outside any topology, in one transaction: all of it or nothing. */
  async append(appends: readonly Appends[]): Promise<void> {
    const producer = await TransactionalProducer.open(this.#native, this.#options, 'franz-append', randomUUID())
    try {
      const outcome = await producer.commit({ appends, changes: [], positions: [] }, undefined, () => {})
      if (outcome === 'committed') this.committed(appends)
      else
        throw new KafkaError(
          'unreachable',
          outcome === 'unknown'
            ? 'the brokers did not say whether the records were committed: look with `franz tail` before you append them again.'
            : `the records were not appended: the transaction was ${outcome}. Nothing of them is visible: try again.`,
        )
    } finally {
      await producer.close()
    }
  }

  async read(partition: Partition, offset: number, recordsMax: number): Promise<Fetched> {
    return await this.#read(partition, offset, recordsMax, () => this.#visibleEnd(partition))
  }

  async #read(partition: Partition, offset: number, recordsMax: number, end: () => Promise<number>): Promise<Fetched> {
    this.#reader ??= PartitionReader.open(this.#native, this.#options)
    return await (await this.#reader).read(partition, offset, recordsMax, end)
  }

  async ends(partition: Partition): Promise<{ readonly first: number; readonly next: number }> {
    const [[first], next] = await Promise.all([this.admin.firsts([partition]), this.#visibleEnd(partition)])
    return { first: first!, next }
  }

  /** The committed end, in which whatever members of this log have committed is contained. */
  async #visibleEnd(partition: Partition): Promise<number> {
    for (;;) {
      const [committed] = await this.admin.committedEnds([partition])
      const sinceMs = performance.now() - (this.#committedMs.get(nameOf(partition)) ?? Number.NEGATIVE_INFINITY)
      if (sinceMs > markedMsMax) return committed!
      const [written] = await this.admin.writtenEnds([partition])
      if (committed! >= written!) return committed!
      await sleep(lookMs)
    }
  }

  /** From a member: it has committed records to these. */
  committed(partitions: readonly Partition[]): void {
    const now = performance.now()
    for (const partition of partitions) this.#committedMs.set(nameOf(partition), now)
    this.#reader?.then(
      reader => reader.changed(partitions),
      () => {},
    )
  }

  async close(): Promise<void> {
    await (await this.#reader)?.close()
    this.admin.close()
  }
}

/** Two processes of one machine that have one name. */
const nameTaken = (error: unknown, group: string, instance: string): unknown => {
  const pid = error instanceof DataFolderError && error.fault === 'taken' && /process (\d+)/.exec(error.message)?.[1]
  if (!pid) return error
  const words = `process ${pid} runs ${group} as ${instance} already. Stop that one, or give this one another name with --instance.`
  return new KafkaError('name taken', words, error)
}

const clusterId = async (admin: Administration, { brokers }: KafkaOptions): Promise<string> => {
  for (const endMs = performance.now() + clusterWaitMs; performance.now() < endMs; ) {
    const found = await admin.topic(clusterTopic)
    if (found) return found.id
    // Asking for the positions of any group makes the brokers make the topic.
    await admin.positions('franz-cluster', [{ topic: clusterTopic, partition: 0 }])
    await sleep(100)
  }
  throw new KafkaError(
    'unreachable',
    `the brokers at ${brokers} have no topic ${clusterTopic} and make none within ${clusterWaitMs} ms. Are enough of them up for its replicas (offsets.topic.replication.factor)?`,
  )
}
