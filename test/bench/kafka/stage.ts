import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { asked, type Consumer, loadNative, type Message, type NativeError } from '../../../runners/kafka/native.ts'
import { isPassing } from '../../../runners/kafka/passing.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import { type Kafka, startKafka } from '../../parts/kafka.ts'

// One broker with the topics that all contestants read, and what an onlooker asks of it.

export const sizes = {
  /** Worked on before the clock starts: the JVM has compiled what is hot by then. */
  warm: Number(process.env.FRANZ_BENCH_WARM ?? 300_000),
  records: Number(process.env.FRANZ_BENCH_RECORDS ?? 1_000_000),
  pairs: Number(process.env.FRANZ_BENCH_PAIRS ?? 5),
  keys: 50_000,
  partitions: 4,
} as const

export const names = { input: 'readings', table: 'sensors' } as const
const lookMs = 5
const raceDeadlineMs = 300_000

const native = loadNative()
const letters = Array.from({ length: 64 }, (_, number) =>
  createHash('sha256').update(`${number}`).digest('hex').repeat(2),
)

export const keyOf = (number: number, keys: number = sizes.keys): Buffer =>
  Buffer.from(`sensor-${(number * 7919) % keys}`)
/** About 150 bytes with its key. */
export const textOf = (number: number): Buffer => Buffer.from(`${number}:${letters[number % 64]}`)

/** What was read of an output under read_committed. */
export interface ReadBack {
  readonly records: number
  /** Of all records in the order of their partition. */
  readonly inOrder: string
  /** Of the last value of each key. */
  readonly atLast: string
}

export class Stage {
  readonly kafka: Kafka
  readonly log: KafkaLog
  readonly folder = mkdtempSync(join(tmpdir(), 'franz-bench-kafka-'))
  #made = 0

  private constructor(kafka: Kafka, log: KafkaLog) {
    this.kafka = kafka
    this.log = log
  }

  static async open(): Promise<Stage> {
    const kafka = await startKafka({ heapMb: 1_024, fullCompiler: true })
    const log = await KafkaLog.open({ brokers: kafka.bootstrap, folder: join(tmpdir(), 'franz-bench-unused') })
    return new Stage(kafka, log)
  }

  unique(name: string): string {
    return `${name}-${++this.#made}`
  }

  async make(...topics: readonly string[]): Promise<void> {
    await this.log.create(topics.map(name => ({ name, partitions: sizes.partitions, cleanup: 'delete' as const })))
  }

  async drop(...topics: readonly string[]): Promise<void> {
    for (const topic of await this.log.admin.topics())
      if (topics.some(name => topic === name || topic.startsWith(`${name}-`))) await this.log.admin.delete(topic)
  }

  /** Writes records `from` to `to`, a millisecond apart from each other. */
  async fill(topic: string, from: number, to: number, startMs: number, keys?: number): Promise<void> {
    const producer = new native.Producer(
      {
        ...{ 'bootstrap.servers': this.kafka.bootstrap, 'compression.codec': 'lz4', 'linger.ms': 20 },
        'queue.buffering.max.messages': 2_000_000,
      },
      {},
    )
    await asked<unknown>(done => producer.connect({ timeout: 15_000 }, done))
    producer.setPollInBackground(true)
    for (let number = from; number < to; number++) {
      const key = keyOf(number, keys)
      producer.produce(
        topic,
        partitionOf(key, sizes.partitions),
        textOf(number),
        key,
        startMs + number,
        undefined,
        undefined,
      )
      if (number % 20_000 === 0) await asked<void>(done => producer.flush(60_000, done))
    }
    await asked<void>(done => producer.flush(60_000, done))
    await new Promise<void>(done => producer.disconnect(() => done()))
  }

  /** How many records of the topic a group has committed, again and again, until it has so many; when that was. */
  async watch(group: string, topic: string, marks: readonly number[], look: () => void = () => {}): Promise<number[]> {
    const places = Array.from({ length: sizes.partitions }, (_, partition) => ({ topic, partition }))
    const consumer = new native.KafkaConsumer(
      { 'bootstrap.servers': this.kafka.bootstrap, 'group.id': group, 'isolation.level': 'read_uncommitted' },
      {},
    )
    await asked<unknown>(done => consumer.connect({ timeout: 15_000 }, done))
    const times: number[] = []
    const endMs = performance.now() + raceDeadlineMs
    while (times.length < marks.length) {
      // The first group of a broker has to wait until its coordinator is made.
      const found = await asked<readonly { offset?: number }[]>(done =>
        consumer.committed(places, 5_000, done as never),
      ).catch((error: NativeError) => {
        if (isPassing(error.code)) return []
        throw error
      })
      const taken = found.reduce((sum, { offset = 0 }) => sum + Math.max(0, offset), 0)
      while (times.length < marks.length && taken >= marks[times.length]!) times.push(performance.now())
      if (performance.now() > endMs)
        throw new Error(`${group} has taken ${taken} records of ${topic} and does not come on`)
      look()
      await pause(lookMs)
    }
    await new Promise<void>(done => consumer.disconnect(() => done()))
    return times
  }

  /** Everything committed in a topic. */
  async readBack(topic: string): Promise<ReadBack> {
    const ends = await Promise.all(
      Array.from({ length: sizes.partitions }, async (_, partition) => ({
        partition,
        next: (await this.log.ends({ topic, partition })).next,
      })),
    )
    const reader = new Reader(ends.filter(({ next }) => next > 0).map(({ partition }) => partition))
    await consumeAll(this.kafka.bootstrap, topic, reader)
    return reader.result()
  }

  async close(): Promise<void> {
    await this.log.close()
    await this.kafka.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

class Reader {
  readonly open: Set<number>
  readonly #hashes = Array.from({ length: sizes.partitions }, () => createHash('sha1'))
  readonly #last = new Map<string, string>()
  #records = 0

  constructor(partitions: readonly number[]) {
    this.open = new Set(partitions)
  }

  take({ partition, key, value }: Message): void {
    this.#records++
    this.#hashes[partition]!.update(key!).update(value!)
    this.#last.set(key!.toString('latin1'), value!.toString('latin1'))
  }

  result(): ReadBack {
    const last = createHash('sha1')
    for (const key of [...this.#last.keys()].sort()) last.update(`${key}=${this.#last.get(key)};`)
    return {
      records: this.#records,
      inOrder: this.#hashes.map(hash => hash.digest('hex')).join(),
      atLast: last.digest('hex'),
    }
  }
}

const consumeAll = async (brokers: string, topic: string, reader: Reader): Promise<void> => {
  const consumer: Consumer = new native.KafkaConsumer(
    {
      ...{ 'bootstrap.servers': brokers, 'group.id': 'onlooker', 'enable.auto.commit': false },
      'isolation.level': 'read_committed',
      'enable.partition.eof': true,
      'fetch.queue.backoff.ms': 5,
    },
    {},
  )
  await asked<unknown>(done => consumer.connect({ timeout: 15_000 }, done))
  consumer.setDefaultConsumeTimeout(50)
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  consumer.on('partition.eof', ({ partition }) => reader.open.delete(partition))
  consumer.assign([...reader.open].map(partition => ({ topic, partition, offset: 0 })))
  while (reader.open.size > 0)
    for (const message of await asked<Message[]>(done => consumer.consume(10_000, done))) reader.take(message)
  await new Promise<void>(done => consumer.disconnect(() => done()))
}
