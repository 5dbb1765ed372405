import { type Duration, millis } from '../dsl/duration.ts'
import type { Sink, Source } from '../dsl/topic.ts'
import type { Topology } from '../dsl/topology.ts'
import { TopologyError } from '../errors.ts'
import { plan } from '../plan/parts.ts'
import type { Plan } from '../plan/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Codec, Format } from '../ports/codec.ts'
import type { Headers, Partition, StoredRecord } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import type { Registry } from '../ports/registry.ts'
import { partitionOf } from '../task/partitioner.ts'
import type { Task } from '../task/task.ts'
import { Worker } from '../task/worker.ts'
import { Crashed, type Faults, MemoryLog } from './memory-log.ts'
import { VirtualCalls } from './virtual-calls.ts'

/**
 * How a topology is driven: on how many partitions and instances, and what happens to them.
 * @example const options: DriveOptions = { partitions: 3, instances: 2, faults: step => (step === 'committed' ? 'crash' : undefined) }
 */
export interface DriveOptions {
  /** Of every topic that does not say its own count. */
  readonly partitions?: number
  /** Virtual instances that share the tasks. */
  readonly instances?: number
  /** The virtual clock's first time. */
  readonly now?: number
  readonly registry?: Registry
  readonly faults?: Faults
  /** What answers the topology's calls, by their names. `settle` awaits each answer that does not sleep on the virtual clock. */
  readonly calls?: ConstructorParameters<typeof VirtualCalls>[0]
  /** One for all instances, or one for each start of each instance. */
  readonly observer?: Observer | ((instance: string) => Observer)
  /** A clock of the test's own, as for measuring; `advance` moves only the virtual one. */
  readonly clock?: Clock
  /** Without it every turn commits. */
  readonly commitIntervalMs?: number
  /** Several topologies may share one log. */
  readonly log?: MemoryLog
}

/**
 * A record as a test reads it.
 * @example const values = (records: readonly ReadRecord<string, number>[]) => records.map(({ value }) => value)
 */
export interface ReadRecord<K = unknown, V = unknown> {
  readonly key: K
  readonly value: V
  readonly timestamp: number
  readonly headers: Headers
  readonly partition: number
  readonly offset: number
}

const placing = (codec: Codec<unknown, unknown>, key: Uint8Array): Uint8Array => codec.placedBy?.(key) ?? key

const decoded = async (codec: Codec<unknown, unknown>, bytes: Uint8Array | null): Promise<unknown> => {
  if (bytes === null) return null
  await codec.prepare?.(bytes)
  return codec.decode(bytes)
}

/** Turns without progress or end: the topology feeds itself for ever. */
const turnsMax = 100_000

/**
 * Runs a topology in memory: the same engine as in production, on a log with many partitions, a virtual clock and crashes.
 * @example
 * const world = await drive(wordCount)
 * await world.send(lines, null, 'to be or not to be')
 * await world.read(wordCounts)
 */
export const drive = async (topology: Topology, options: DriveOptions = {}): Promise<Drive> => {
  const driven = new Drive(plan(topology.graph), options)
  await driven.start()
  // Tasks open with their first turn: wall timers count from now on.
  await driven.settle()
  return driven
}

/**
 * A topology at work in a test.
 * @example const crashTwice = async (world: Drive) => { await world.crash(); await world.crash('instance-1', 'lost') }
 */
export class Drive {
  readonly plan: Plan
  readonly log: MemoryLog
  readonly #options: DriveOptions
  readonly #workers = new Map<string, Worker>()
  readonly #taken = new Map<string, number>()
  readonly #codecs = new Map<Format<unknown, never>, Map<string, Codec<unknown, unknown>>>()
  readonly #calls: VirtualCalls
  #now: number
  /** How many times an instance crashed. */
  crashes = 0

  constructor(plan: Plan, options: DriveOptions) {
    this.plan = plan
    this.#options = options
    this.#now = options.now ?? 0
    this.log = options.log ?? new MemoryLog(options.clock ?? { now: () => this.#now })
    this.#calls = new VirtualCalls(options.calls ?? {}, () => this.log.clock.now())
    this.log.faults = options.faults ?? (() => undefined)
  }

  get now(): number {
    return this.#now
  }

  async start(): Promise<void> {
    for (let number = 0; number < (this.#options.instances ?? 1); number++)
      await this.#startWorker(`instance-${number}`)
  }

  async #startWorker(instance: string): Promise<void> {
    const { registry, partitions } = this.#options
    const watch = this.#options.observer
    const observer = typeof watch === 'function' ? watch(instance) : watch
    const worker = await Worker.start({
      plan: this.plan,
      log: this.log,
      instance,
      clock: this.log.clock,
      calls: this.#calls.port(),
      commitIntervalMs: this.#options.commitIntervalMs ?? 0,
      registry,
      partitionsDefault: partitions ?? 4,
      ...(observer && { observer }),
    })
    this.#workers.set(instance, worker)
  }

  async #codecOf(
    format: Format<unknown, never>,
    topic: string,
    part: 'key' | 'value',
  ): Promise<Codec<unknown, unknown>> {
    const opened = this.#codecs.get(format) ?? new Map<string, Codec<unknown, unknown>>()
    this.#codecs.set(format, opened)
    const known = opened.get(`${part} of ${topic}`)
    if (known !== undefined) return known
    const codec = (await format.open({ topic, part }, this.#options.registry)) as Codec<unknown, unknown>
    opened.set(`${part} of ${topic}`, codec)
    return codec
  }

  /**
   * Writes one record, and lets everything that follows from it happen.
   * @example await world.send(lines, 'a', 'to be', 1_000)
   */
  async send<K, V>(
    topic: Sink<K, V>,
    key: K | null,
    value: V | null,
    timestamp = this.#now,
    headers: Headers = [],
  ): Promise<void> {
    await this.append(topic, key, value, timestamp, headers)
    await this.settle()
  }

  /** Writes one record and does nothing more: `settle` or `turn` go on. */
  async append<K, V>(topic: Sink<K, V>, key: K | null, value: V | null, timestamp = this.#now, headers: Headers = []) {
    const keyCodec = await this.#codecOf(topic.key as Format<unknown, never>, topic.name, 'key')
    const valueCodec = await this.#codecOf(topic.value as Format<unknown, never>, topic.name, 'value')
    const keyBytes = key === null ? null : keyCodec.encode(key)
    const valueBytes = value === null ? null : valueCodec.encode(value)
    this.appendBytes(topic.name, keyBytes, valueBytes, timestamp, headers, keyBytes && placing(keyCodec, keyBytes))
  }

  /** Writes any bytes, as a producer would that knows no format. */
  appendBytes(
    topic: string,
    key: Uint8Array | null,
    value: Uint8Array | null,
    timestamp = this.#now,
    headers: Headers = [],
    placedBy = key,
  ): void {
    const info = this.log.topics.topic(topic)
    if (info === undefined) throw new TopologyError('TOPIC_MISSING', this.plan.name, `there is no topic "${topic}"`)
    const partition = placedBy === null ? 0 : partitionOf(placedBy, info.partitions)
    this.log.append({ topic, partition }, [{ key, value, timestamp, headers }])
  }

  /** Lets every instance take turns until nothing is left to do. */
  async settle(): Promise<void> {
    let quiet = 0
    for (let turn = 0; quiet < 2; turn++) {
      if (turn > turnsMax) throw new TopologyError('ENDLESS', this.plan.name, 'the topology never comes to rest')
      const idle = await this.turn()
      // An answer that has come is something to do.
      quiet = idle && !(await this.#calls.settle()) ? quiet + 1 : 0
    }
  }

  /** One turn of each instance; true when none had anything to do. An instance that crashes is started again. */
  async turn(): Promise<boolean> {
    let idle = true
    for (const [instance, worker] of [...this.#workers]) {
      try {
        if (!(await worker.turn()).idle) idle = false
      } catch (error) {
        if (!(error instanceof Crashed)) throw error
        this.crashes++
        await this.#startWorker(instance)
        idle = false
      }
    }
    return idle
  }

  /**
   * Lets the virtual clock go on, and wall timers fire.
   * @example await world.advance('30s')
   */
  async advance(by: Duration): Promise<void> {
    this.#now += millis(by, 'advance')
    this.#calls.wake()
    await this.settle()
  }

  /** Kills an instance between two turns and starts it again; `disk: 'lost'` takes its stores away. */
  async crash(instance = 'instance-0', disk: 'kept' | 'lost' = 'kept'): Promise<void> {
    this.log.group(this.plan.name).members.get(instance)?.abandon()
    if (disk === 'lost') this.log.loseDisk(instance)
    this.crashes++
    await this.#startWorker(instance)
  }

  /** The tasks that an instance runs now, in the order in which they commit. */
  tasks(instance: string): readonly Task[] {
    return [...(this.#workers.get(instance)?.tasks ?? [])]
  }

  /** Moves all tasks of a partition number to another instance. */
  async move(partition: number, instance: string): Promise<void> {
    const topics = this.plan.parts.flatMap(part =>
      part.sources.filter(({ reads }) => reads === 'own').map(({ topic }) => topic),
    )
    await this.log.move(
      this.plan.name,
      topics.map((topic): Partition => ({ topic, partition })),
      instance,
    )
  }

  /**
   * The records that a topic got since the last reading, in the order of partitions and offsets.
   * @example const [first] = await world.read(wordCounts)
   */
  async read<K, V>(topic: Source<K, V>): Promise<ReadRecord<K, V>[]> {
    const key = await this.#codecOf(topic.key, topic.name, 'key')
    const value = await this.#codecOf(topic.value, topic.name, 'value')
    const records = await this.readBytes(topic.name)
    const read: ReadRecord<K, V>[] = []
    for (const record of records) {
      const [itsKey, itsValue] = [await decoded(key, record.key), await decoded(value, record.value)]
      read.push({ ...record, key: itsKey as K, value: itsValue as V })
    }
    return read
  }

  /** The same as bytes, of any topic, internal ones too. */
  async readBytes(topic: string): Promise<(StoredRecord & Partition)[]> {
    const found: (StoredRecord & Partition)[] = []
    for (let partition = 0; partition < (this.log.topics.topic(topic)?.partitions ?? 0); partition++) {
      const name = `${topic}/${partition}`
      const fetched = this.log.topics.read({ topic, partition }, this.#taken.get(name) ?? 0, Number.POSITIVE_INFINITY)
      this.#taken.set(name, fetched.next)
      for (const record of fetched.records) found.push({ ...record, topic, partition })
    }
    return found
  }

  /**
   * What a store holds for a key once the world has come to rest, in whichever task has it.
   * @example world.look('words', 'be')
   */
  async look(store: string, key: unknown): Promise<unknown> {
    await this.settle()
    const found = this.plan.parts
      .flatMap(part => part.stores.map(kept => ({ part, kept })))
      .find(({ kept }) => kept.facts.name === store)
    if (found === undefined) throw new TopologyError('OPTION_WRONG', this.plan.name, `it has no store "${store}"`)
    const { part, kept } = found
    const codec = await this.#codecOf(kept.facts.key, kept.changelog, 'key')
    for (const worker of this.#workers.values()) {
      const global = worker.globalTable(store)
      if (global !== undefined) return global.get(key)?.value
      const count = Math.max(...part.sources.map(({ topic }) => worker.counts.get(topic) ?? 0))
      const partition = partitionOf(placing(codec, codec.encode(key)), count)
      for (const task of worker.tasks) {
        if (task.part === part && task.partition === partition) return task.view(kept.node, store)?.get(key)?.value
      }
    }
    return undefined
  }
}
