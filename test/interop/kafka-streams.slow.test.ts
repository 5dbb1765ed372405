import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { AvroDeserializer, SchemaRegistryClient, SerdeType } from '@confluentinc/schemaregistry'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../runners/host/index.ts'
import { KafkaLog } from '../../runners/kafka/index.ts'
import { avro } from '../../schemas/index.ts'
import { localRegistry } from '../../schemas/registry/local.ts'
import { type Topology, text, topic, topology, whole } from '../../topology/index.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'
import { compiledJava } from '../parts/java.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { served } from '../schemas/registry/served.ts'

const partitions = 4
const patienceMs = 120_000
const prefix = 'interop-'
const names = ['Ada', 'Grace', 'Ölaf', '名前', 'with space', 'a-very-long-key-'.repeat(8)]
const keys = Array.from({ length: 60 }, (_, number) => `${names[number % names.length]}-${number}`)
const startMs = 1_700_000_000_000

const registrations = topic(`${prefix}registrations`, { key: text, value: text })
const customers = topic(`${prefix}customers`, { key: text, value: text })
const orders = topic(`${prefix}orders`, { key: text, value: text })
const counts = topic(`${prefix}counts`, { key: text, value: whole })
const theirs = topic(`${prefix}theirs`, { key: text, value: text })
const questions = topic(`${prefix}questions`, { key: text, value: text })
const ours = topic(`${prefix}ours`, { key: text, value: text })

/** Makes the table that Kafka Streams joins with. */
const welcome = topology(`${prefix}welcome`, draft =>
  draft
    .stream(registrations)
    .map(name => `customer ${name}`, { as: text })
    .to(customers),
)
/** Joins with the table that Kafka Streams counts. */
const ranks = topology(`${prefix}ranks`, draft =>
  draft
    .stream(questions)
    .join(draft.table('counts', counts), (question, count) => `${question} ${count}`, { as: text })
    .to(ours),
)

interface Found {
  readonly key: string
  readonly value: Buffer
  readonly partition: number
}

describe.skipIf(lacks('kafka', 'kafka client', 'java'))('beside Kafka Streams on the same topics', () => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-interop-'))
  let brokers: string
  let log: KafkaLog
  let classPath: string
  beforeAll(async () => {
    brokers = (await sharedKafka()).bootstrap
    classPath = compiledJava(join(import.meta.dirname, 'java', 'Interop.java'))
    log = await KafkaLog.open({ brokers, folder: join(folder, 'ours') })
    const topics = [registrations, customers, orders, counts, theirs, questions, ours]
    await log.create(topics.map(({ name }) => ({ name, partitions, cleanup: 'delete' as const })))
  })
  afterAll(async () => {
    await log?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const java = (...args: readonly string[]) => {
    const child = spawn(
      'java',
      [
        '-XX:TieredStopAtLevel=1',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
        '-cp',
        classPath,
        'Interop',
        ...args,
      ],
      {
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    const chunks: Buffer[] = []
    child.stdout.on('data', chunk => chunks.push(chunk as Buffer))
    const ended = new Promise<string>((resolve, reject) =>
      child.once('close', code =>
        code === 0 ? resolve(Buffer.concat(chunks).toString()) : reject(new Error(`Java ended with ${code}`)),
      ),
    )
    return { child, ended }
  }

  /** Kafka's own producer writes; where it put each record. */
  const produced = async (topicName: string, lines: readonly string[]): Promise<number[]> => {
    const { child, ended } = java('produce', brokers, topicName)
    child.stdin.end(`${lines.join('\n')}\n`)
    return (await ended).trim().split('\n').map(Number)
  }

  /** What is committed in a topic, once there is so much. */
  const committed = async (name: string, howMany: number): Promise<Found[]> => {
    for (const endMs = performance.now() + patienceMs; ; await pause(100)) {
      const found: Found[] = []
      for (let partition = 0; partition < partitions; partition++) {
        const { next } = await log.ends({ topic: name, partition })
        for (let offset = 0; offset < next; ) {
          const fetched = await log.read({ topic: name, partition }, offset, 10_000)
          for (const { key, value } of fetched.records)
            found.push({ key: Buffer.from(key!).toString(), value: Buffer.from(value!), partition })
          if (fetched.next === offset) break
          offset = fetched.next
        }
      }
      if (found.length >= howMany) return found
      if (performance.now() > endMs) throw new Error(`${name} has ${found.length} records of ${howMany}`)
    }
  }

  const running = (made: Topology) => run(made, { log, instance: 'interop', partitions })
  const line = (key: string, value: string, number: number): string => `${key}\t${value}\t${startMs + number}`

  test('both put a key into the same partition, join the tables of each other, and read what the other committed', async () => {
    const put = await produced(
      registrations.name,
      keys.map((key, number) => line(key, key, number)),
    )
    expect(put).toEqual(keys.map(key => partitionOf(Buffer.from(key), partitions)))

    const welcoming = await running(welcome)
    const tables = await committed(customers.name, keys.length)
    await welcoming.stop()
    expect(tables.map(({ key, partition }) => `${key} ${partition}`).sort()).toEqual(
      keys.map((key, number) => `${key} ${put[number]}`).sort(),
    )

    await produced(
      orders.name,
      [...keys, ...keys].map((key, number) => line(key, `order ${number}`, 1_000 + number)),
    )
    const peer = java('stream', brokers, `${prefix}java`, join(folder, 'java'), prefix)
    const joined = await committed(theirs.name, 2 * keys.length)
    peer.child.stdin.end()
    await peer.ended
    await produced(
      questions.name,
      keys.map((key, number) => line(key, 'how many?', 1_000_000 + number)),
    )
    const ranking = await running(ranks)
    const ranked = await committed(ours.name, keys.length)
    await ranking.stop()

    const shown = (found: readonly Found[]) => found.map(({ key, value }) => `${key}: ${value}`).sort()
    const expected = [...keys, ...keys].map((key, number) => `${key}: order ${number} for customer ${key}`)
    expect(shown(joined)).toEqual(expected.sort())
    expect(shown(ranked)).toEqual(keys.map(key => `${key}: how many? 2`).sort())
    for (const { key, partition } of ranked) expect(partition).toBe(partitionOf(Buffer.from(key), partitions))
  })

  test('a consumer of the Confluent format reads the Avro records that we write', async () => {
    interface Ticket {
      readonly id: string
      readonly tags: readonly string[]
    }
    const fields = [
      { name: 'id', type: 'string' },
      { name: 'tags', type: { type: 'array', items: 'string' } },
    ]
    const tickets = topic(`${prefix}tickets`, {
      key: text,
      value: avro<Ticket>({ type: 'record', name: 'Ticket', namespace: 'interop', fields }),
    })
    const made = topology(`${prefix}tickets-of-orders`, draft =>
      draft
        .stream(registrations)
        .map((name): Ticket => ({ id: name, tags: ['new', name] }), { as: tickets.value })
        .to(tickets),
    )
    const registry = await served()
    try {
      const opened = await localRegistry(registry.registry, { register: true })
      const working = await run(made, { log, instance: 'interop', partitions, registry: opened })
      const found = await committed(tickets.name, keys.length)
      await working.stop()
      const client = SchemaRegistryClient.newClient({ baseURLs: [registry.url] })
      const deserializer = new AvroDeserializer(client, SerdeType.VALUE, {})
      const read = await Promise.all(found.map(({ value }) => deserializer.deserialize(tickets.name, value)))
      expect(read.map(({ id, tags }: Ticket) => `${id} ${tags}`).sort()).toEqual(
        keys.map(key => `${key} new,${key}`).sort(),
      )
    } finally {
      await registry.stop()
    }
  })
})
