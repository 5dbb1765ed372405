import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { KafkaLog, type KafkaOptions } from '../../runners/kafka/index.ts'
import type { LogRecord, Member, StoredRecord } from '../../topology/ports/log.ts'
import { sharedKafka } from '../parts/kafka.ts'

const child = fileURLToPath(new URL('child.ts', import.meta.url))
/** A guard against hanging: ten times what is expected on a busy machine. */
const patienceMs = 120_000

/** What a child said, one line of it. */
export interface Said {
  readonly what: string
  readonly message?: string
  readonly tasks?: readonly string[]
  readonly changes?: number
}

/** A process that runs the word count. */
export class Child {
  readonly process: ChildProcess
  readonly said: Said[] = []
  readonly #heard = new Set<() => void>()
  readonly exited: Promise<number | null>

  constructor(options: object) {
    this.process = spawn(process.execPath, ['--import', 'tsx', child, JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.exited = new Promise(resolve => this.process.once('exit', code => resolve(code)))
    createInterface({ input: this.process.stdout! }).on('line', line => {
      this.said.push(JSON.parse(line) as Said)
      for (const wake of this.#heard) wake()
    })
  }

  /** Waits for something that it says; what it said before counts, too. */
  async hears(wanted: (said: Said) => boolean): Promise<Said> {
    return await within(`the child to say something else than ${JSON.stringify(this.said.slice(-5))}`, async () => {
      for (;;) {
        const found = this.said.find(wanted)
        if (found !== undefined) return found
        await new Promise<void>(resolve => {
          const wake = () => {
            this.#heard.delete(wake)
            resolve()
          }
          this.#heard.add(wake)
        })
      }
    })
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exited
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM')
    await this.exited
  }
}

const within = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  const stop = new AbortController()
  const late = sleep(patienceMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`waited ${patienceMs} ms for ${what}`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([work(), late])
  } finally {
    stop.abort()
  }
}

/** One topology's topics on the shared broker, whoever runs it, and the means to fill and read them. */
export class World {
  readonly name: string
  readonly brokers: string
  readonly folder = mkdtempSync(join(tmpdir(), 'franz-kafka-'))
  readonly log: KafkaLog
  readonly #writer: Member
  readonly #children: Child[] = []
  sent = 0

  private constructor(name: string, brokers: string, log: KafkaLog, writer: Member) {
    this.name = name
    this.brokers = brokers
    this.log = log
    this.#writer = writer
  }

  static async open(name: string, partitions = 4, options: Partial<KafkaOptions> = {}): Promise<World> {
    const { bootstrap } = await sharedKafka()
    const folder = mkdtempSync(join(tmpdir(), 'franz-kafka-'))
    const log = await KafkaLog.open({ brokers: bootstrap, folder, ...options })
    await log.create([`${name}-lines`, `${name}-counts`].map(topic => ({ name: topic, partitions, cleanup: 'delete' })))
    const writer = await log.join(`${name}-writer`, 'writer', [], { assigned() {}, revoked() {}, lost() {} })
    return new World(name, bootstrap, log, writer)
  }

  start(instance: string, options: Partial<KafkaOptions> = {}): Child {
    const { brokers, folder, name } = this
    const started = new Child({ name, instance, brokers, folder, ...options })
    this.#children.push(started)
    return started
  }

  /** Lines of the words given, spread over the partitions. */
  async send(lines: readonly string[], partitions = 4): Promise<void> {
    const records = (partition: number): LogRecord[] =>
      lines
        .filter((_, index) => index % partitions === partition)
        .map(line => ({ key: null, value: Buffer.from(line), timestamp: Date.now(), headers: [] }))
    const appends = Array.from({ length: partitions }, (_, partition) => ({
      ...{ topic: `${this.name}-lines`, partition, records: records(partition) },
    }))
    const outcome = await this.#writer.commit({ appends, changes: [], positions: [] })
    if (outcome !== 'committed') throw new Error(`the lines were ${outcome}`)
    this.sent += lines.length
  }

  /** All committed records of a topic, partition after partition. */
  async all(topic: string): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    const { partitions } = (await this.log.topic(topic))!
    for (let partition = 0; partition < partitions; partition++) {
      const at = { topic, partition }
      const { first, next } = await this.log.ends(at)
      for (let offset = first; offset < next; ) {
        const fetched = await this.log.read(at, offset, 5_000)
        found.push(...fetched.records)
        offset = fetched.next
      }
    }
    return found
  }

  /** The counts that came out, by word, in their order. */
  async counts(): Promise<Map<string, number[]>> {
    const counts = new Map<string, number[]>()
    for (const { key, value } of await this.all(`${this.name}-counts`)) {
      const word = Buffer.from(key!).toString()
      counts.set(word, [...(counts.get(word) ?? []), Number(Buffer.from(value!).readBigInt64BE())])
    }
    return counts
  }

  /** How many counts came out. */
  async outputs(): Promise<number> {
    return (await this.all(`${this.name}-counts`)).length
  }

  /** Waits until so many counts are out. */
  async until(outputs: number): Promise<Map<string, number[]>> {
    await this.come(outputs)
    return await this.counts()
  }

  /** Waits until so many records are out. */
  async come(outputs: number): Promise<void> {
    await within(`${outputs} records of ${this.name}`, async () => {
      while ((await this.outputs()) < outputs) await sleep(100)
    })
  }

  async close(): Promise<void> {
    for (const { process, exited } of this.#children) {
      process.kill('SIGKILL')
      await exited
    }
    await this.#writer.close()
    await this.log.close()
  }
}

/** What a word that came so often must have counted to, each number once and in order. */
export const dense = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
