// Globals. Owns: the global tables of one instance and how far each of their partitions has been read.
// Does not own: when they are read (Worker), what a record does to its table (Task).
// G1  complete is false until every partition has been read to the end that it had when this began, and true from then on.
// G2  a partition that waits for a schema is not read any further; the others are.

import type { View } from '../operators/operator.ts'
import type { Log, Partition, ReadableStore } from '../ports/log.ts'
import { Ahead } from './ahead.ts'
import { Task, type TaskWorld } from './task.ts'

/** Records of one partition read at once. */
const readRecordsMax = 5_000

const nothing: ReadableStore = { get: () => undefined, range: () => [], size: 0 }

/** One partition of a global table's topic. */
interface Reading extends Partition {
  readonly task: Task
  /** Undefined: where the log begins. */
  next: number | undefined
}

export class Globals {
  /** By the names of their stores. */
  readonly tables: ReadonlyMap<string, View>
  readonly #log: Log
  readonly #ahead: Ahead
  readonly #readings: readonly Reading[]
  readonly #behind: Set<Reading>

  constructor(world: TaskWorld, log: Log, tables: Map<string, View>) {
    this.tables = tables
    this.#log = log
    this.#ahead = new Ahead(world.codecs, world.clock, world.observer)
    const parts = world.plan.parts.filter(part => part.sources.every(source => source.reads === 'all'))
    this.#readings = parts.flatMap(part => {
      const task = new Task(world, part, 0, new Map(part.stores.map(({ facts }) => [facts.name, nothing])))
      for (const { node, facts } of part.stores) tables.set(facts.name, task.view(node)!)
      return task.intake.queues.map(({ source, partition }): Reading => {
        return { task, topic: source.topic, partition, next: undefined }
      })
    })
    this.#behind = new Set(this.#readings)
  }

  /** Whether tasks may look into the tables. */
  get complete(): boolean {
    return this.#behind.size === 0
  }

  /** Reads on to the end of every partition that can be decoded. */
  async read(): Promise<void> {
    await this.#absorb()
    for (const reading of this.#readings) await this.#drain(reading)
  }

  async #drain(reading: Reading): Promise<void> {
    while (!this.#ahead.holds(reading)) {
      reading.next ??= (await this.#log.ends(reading)).first
      const fetched = await this.#log.read(reading, reading.next, readRecordsMax)
      reading.next = fetched.next
      this.#ahead.add(fetched)
      await this.#absorb()
      if (!fetched.drained || this.#ahead.holds(reading)) continue
      this.#behind.delete(reading)
      return
    }
  }

  async #absorb(): Promise<void> {
    for (const fetched of await this.#ahead.ready()) {
      const { topic, partition } = fetched
      this.#readings.find(other => other.topic === topic && other.partition === partition)!.task.absorb(fetched)
    }
  }
}
