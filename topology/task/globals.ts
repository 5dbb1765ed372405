import type { View } from '../operators/operator.ts'
import type { Log, ReadableStore } from '../ports/log.ts'
import { Task, type TaskWorld } from './task.ts'

/** Records of one partition read at once. */
const readRecordsMax = 5_000

const nothing: ReadableStore = { get: () => undefined, range: () => [], size: 0 }

/** The global tables of one instance: every partition, read to its end before the first task runs, and kept in memory. */
export class Globals {
  readonly #world: TaskWorld
  readonly #log: Log
  readonly #views: Map<string, View>
  readonly #tasks: Task[]
  readonly #positions = new Map<string, number>()

  constructor(world: TaskWorld, log: Log, views: Map<string, View>) {
    this.#world = world
    this.#log = log
    this.#views = views
    const parts = world.plan.parts.filter(part => part.sources.every(source => source.reads === 'all'))
    this.#tasks = parts.map(part => {
      const stores = new Map(part.stores.map(({ facts }) => [facts.name, nothing]))
      return new Task(world, part, 0, stores)
    })
    for (const task of this.#tasks) {
      for (const { node, facts } of task.part.stores) this.#views.set(facts.name, task.view(node)!)
    }
  }

  async start(): Promise<void> {
    await this.read()
  }

  /** Reads on to the end of every partition. */
  async read(): Promise<void> {
    for (const task of this.#tasks) {
      for (const { topic } of task.part.sources) {
        const partitions = this.#world.counts.get(topic)!
        for (let partition = 0; partition < partitions; partition++) await this.#drain(task, topic, partition)
      }
    }
  }

  async #drain(task: Task, topic: string, partition: number): Promise<void> {
    const name = `${topic}/${partition}`
    for (;;) {
      const offset = this.#positions.get(name) ?? (await this.#log.ends({ topic, partition })).first
      const fetched = await this.#log.read({ topic, partition }, offset, readRecordsMax)
      task.absorb(fetched)
      this.#positions.set(name, fetched.next)
      if (fetched.drained) return
    }
  }
}
