import { tasksOf } from '../plan/counts.ts'
import type { Part } from '../plan/plan.ts'
import type { Fetched, Partition, Position, ReadableStore, StoreChanges, StoreName } from '../ports/log.ts'
import type { Queue } from './intake.ts'
import { Task, type TaskWorld } from './task.ts'

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** Steps that a task takes before the next one has its turn. */
const roundRecordsMax = 256

/** The tasks of a worker: which of them could run, which do, and what they make together. */
export class TaskSet {
  readonly #world: TaskWorld
  readonly #owned = new Set<string>()
  #running = new Map<string, Task>()
  #queues = new Map<string, { queue: Queue; task: Task; partition: Partition }>()
  /** What is owned differs from what runs. */
  #stale = false
  /** Tasks whose stores are being opened while the others run. */
  #opening = new Map<string, { stores: ReadonlyMap<string, ReadableStore> | undefined; error: unknown }>()

  constructor(world: TaskWorld) {
    this.#world = world
  }

  own(partitions: readonly Partition[]): void {
    for (const partition of partitions) this.#owned.add(nameOf(partition))
    this.#stale = true
  }

  disown(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      this.#owned.delete(nameOf(partition))
      const running = this.#queues.get(nameOf(partition))
      if (running) this.#close(running.task)
    }
    // Whoever gets them back opens their stores anew: others may have written meanwhile.
    this.#opening.clear()
    this.#stale = true
  }

  disownAll(): void {
    this.#owned.clear()
    this.forget()
  }

  #close(task: Task): void {
    task.close()
    this.#running.delete(task.id)
    for (const [name, entry] of this.#queues) if (entry.task === task) this.#queues.delete(name)
  }

  /** Closes every task, with all that it staged. They open again from what is committed. */
  forget(): void {
    for (const task of this.#running.values()) task.close()
    this.#running = new Map()
    this.#queues = new Map()
    this.#opening.clear()
    this.#stale = true
  }

  /** Tasks that wait for their stores. */
  get opening(): number {
    return this.#opening.size
  }

  /**
   * Opens the tasks whose partitions are all owned; gives the partitions that can be read from now on. `meanwhile`: tasks
   * whose stores take long to open are opened by a later call, and the others run.
   */
  async open(store: (name: StoreName) => Promise<ReadableStore>, meanwhile = false): Promise<Partition[]> {
    if (!this.#stale && this.#opening.size === 0) return []
    this.#stale = false
    const before = new Set(this.#queues.keys())
    try {
      await this.#startAll(store, meanwhile)
    } catch (error) {
      this.#stale = true
      throw error
    }
    return [...this.#queues].filter(([name]) => !before.has(name)).map(([, { partition }]) => partition)
  }

  async #startAll(store: (name: StoreName) => Promise<ReadableStore>, meanwhile: boolean): Promise<void> {
    for (const part of this.#world.plan.parts) {
      const count = tasksOf(part, this.#world.counts) ?? 0
      for (let partition = 0; partition < count; partition++) {
        if (!this.#running.has(`${part.id}_${partition}`) && this.#ownsAll(part, partition)) {
          const stores = meanwhile
            ? this.#openMeanwhile(part, partition, store)
            : await storesOf(part, partition, store)
          if (stores !== undefined) this.#start(part, partition, stores)
        }
      }
    }
  }

  #ownsAll(part: Part, partition: number): boolean {
    return part.sources.every(
      ({ topic, reads }) =>
        reads === 'all' || partition >= this.#world.counts.get(topic)! || this.#owned.has(nameOf({ topic, partition })),
    )
  }

  /** Undefined: not yet. */
  #openMeanwhile(
    part: Part,
    partition: number,
    store: (name: StoreName) => Promise<ReadableStore>,
  ): ReadonlyMap<string, ReadableStore> | undefined {
    const id = `${part.id}_${partition}`
    const known = this.#opening.get(id)
    if (known?.error !== undefined) throw known.error
    if (known?.stores !== undefined || part.stores.length === 0) {
      this.#opening.delete(id)
      return known?.stores ?? new Map()
    }
    if (known !== undefined) return undefined
    const opening: { stores: ReadonlyMap<string, ReadableStore> | undefined; error: unknown } = {
      ...{ stores: undefined, error: undefined },
    }
    this.#opening.set(id, opening)
    storesOf(part, partition, store).then(
      stores => {
        opening.stores = stores
      },
      error => {
        opening.error = error
      },
    )
    return undefined
  }

  #start(part: Part, partition: number, stores: ReadonlyMap<string, ReadableStore>): void {
    const task = new Task(this.#world, part, partition, stores)
    this.#running.set(task.id, task)
    for (const queue of task.intake.queues) {
      const at = { topic: queue.source.topic, partition: queue.partition }
      this.#queues.set(nameOf(at), { queue, task, partition: at })
    }
  }

  add(fetched: Fetched): void {
    this.#queues.get(nameOf(fetched))?.queue.add(fetched)
  }

  /** Records of these have been read and cannot be decoded yet: nobody may think that there are none. */
  expect(partitions: readonly Partition[]): void {
    for (const partition of partitions) {
      const queue = this.#queues.get(nameOf(partition))?.queue
      if (queue) queue.drained = false
    }
  }

  *queues(): Generator<[Queue, Partition]> {
    for (const { queue, partition } of this.#queues.values()) yield [queue, partition]
  }

  *[Symbol.iterator](): Generator<Task> {
    yield* this.#running.values()
  }

  /** Lets the tasks work in turns; gives how many records they took. */
  work(recordsMax: number): number {
    let records = 0
    let more = true
    while (more && records < recordsMax) {
      more = false
      for (const task of this.#running.values()) {
        let taken = 0
        while (taken < roundRecordsMax && records + taken < recordsMax && task.step()) taken++
        records += taken
        if (taken > 0) more = true
      }
    }
    return records
  }

  /** What operators wanted to do by itself, as after they were opened. */
  catchUp(): void {
    for (const task of this.#running.values()) task.catchUp()
  }

  /** When the wall clock must be looked at again. */
  get wallDueMs(): number | undefined {
    const dues = [...this.#running.values()].flatMap(task => task.wallDueMs ?? [])
    return dues.length === 0 ? undefined : Math.min(...dues)
  }

  letTimePass(nowMs: number): void {
    for (const task of this.#running.values()) task.letTimePass(nowMs)
  }

  /** Records that could be worked on; a task that is full has to wait itself. */
  get waiting(): number {
    let waiting = 0
    for (const task of this.#running.values()) if (!task.full) waiting += task.intake.waiting
    return waiting
  }

  get touched(): boolean {
    for (const task of this.#running.values()) if (task.touched) return true
    return false
  }

  get dirtyEntries(): number {
    let dirty = 0
    for (const task of this.#running.values()) dirty += task.dirtyEntries
    return dirty
  }

  prepareCommit(): void {
    for (const task of this.#running.values()) task.prepareCommit()
  }

  changes(): StoreChanges[] {
    return [...this.#running.values()].flatMap(task => task.changes())
  }

  positions(): Position[] {
    const positions: Position[] = []
    for (const { queue, partition } of this.#queues.values()) {
      if (queue.moved) positions.push({ ...partition, offset: queue.position! })
    }
    return positions
  }

  committed(): void {
    for (const task of this.#running.values()) task.committed()
  }
}

const storesOf = async (
  part: Part,
  partition: number,
  store: (name: StoreName) => Promise<ReadableStore>,
): Promise<ReadonlyMap<string, ReadableStore>> => {
  const stores = new Map<string, ReadableStore>()
  for (const { facts, changelog } of part.stores)
    stores.set(facts.name, await store({ store: facts.name, partition, changelog }))
  return stores
}
