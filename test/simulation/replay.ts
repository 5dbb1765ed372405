import { partitionCounts } from '../../topology/plan/counts.ts'
import type { Plan } from '../../topology/plan/plan.ts'
import type { LogRecord, Partition } from '../../topology/ports/log.ts'
import { MemoryStore } from '../../topology/state/memory-store.ts'
import { openCodecs } from '../../topology/task/codecs.ts'
import { Outbox } from '../../topology/task/outbox.ts'
import { Task } from '../../topology/task/task.ts'
import type { MemoryLog } from '../../topology/testing.ts'
import type { CommittedWork, Taken } from './trace.ts'

export const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

/** What a run without any fault makes of the same records in the same order. */
export interface Replayed {
  /** The records of every partition that tasks wrote. */
  readonly outputs: ReadonlyMap<string, readonly LogRecord[]>
  /** The content of every store, by changelog partition. */
  readonly stores: ReadonlyMap<string, MemoryStore>
}

/** Replays the committed work on fresh tasks: one after another, no crash, no transaction, no log in between. */
export const replay = async (plan: Plan, log: MemoryLog, commits: readonly CommittedWork[]): Promise<Replayed> => {
  const known = new Map(log.topics.names().map(name => [name, log.topics.topic(name)!.partitions]))
  const codecs = await openCodecs(plan, undefined)
  const counts = partitionCounts(plan, known)
  const outbox = new Outbox(counts)
  const world = {
    plan,
    codecs,
    counts,
    outbox,
    clock: log.clock,
    observer: {},
    globals: new Map(),
    strict: { on: false },
  }
  const stores = new Map<string, MemoryStore>()
  const storeOf = (at: Partition): MemoryStore => {
    const found = stores.get(nameOf(at)) ?? new MemoryStore()
    stores.set(nameOf(at), found)
    return found
  }
  const tasks = new Map<string, Task>()
  const taskOf = (id: string): Task => {
    const [part, partition] = id.split('_').map(Number) as [number, number]
    const planned = plan.parts[part]!
    const bases = new Map(
      planned.stores.map(({ facts, changelog }) => [facts.name, storeOf({ topic: changelog, partition })]),
    )
    const found = tasks.get(id) ?? new Task(world, planned, partition, bases)
    tasks.set(id, found)
    return found
  }
  const outputs = new Map<string, LogRecord[]>()
  for (const commit of commits) {
    for (const taken of commit.taken) feed(taskOf(taken.task), log, taken)
    for (const id of commit.tasks) taskOf(id).prepareCommit()
    for (const { topic, partition, records } of outbox.take()) {
      const name = nameOf({ topic, partition })
      outputs.set(name, [...(outputs.get(name) ?? []), ...records])
    }
    for (const id of commit.tasks) {
      const task = taskOf(id)
      for (const { changelog, partition, entries } of task.changes()) {
        storeOf({ topic: changelog, partition }).write(entries, { logId: '', topicId: '', offset: 0, timeMs: 0 })
      }
      task.committed()
    }
  }
  return { outputs, stores }
}

/** Puts one record at the head of the only queue that has any, so that the task must take it next. */
const feed = (task: Task, log: MemoryLog, { topic, partition, offset }: Taken): void => {
  const record = log.topics.read({ topic, partition }, offset, 1).records.find(found => found.offset === offset)
  if (record === undefined)
    throw new Error(`${topic}-${partition} has no committed record at ${offset}, but one was worked on`)
  for (const queue of task.intake.queues) {
    const isIts = queue.source.topic === topic && queue.partition === partition
    queue.add({
      topic: queue.source.topic,
      partition: queue.partition,
      records: isIts ? [record] : [],
      next: offset + 1,
      drained: true,
    })
  }
  if (!task.step()) throw new Error(`${task.id} did not take ${topic}-${partition} ${offset}`)
}
