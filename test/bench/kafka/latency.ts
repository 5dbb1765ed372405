import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { asked, loadNative, type Message } from '../../../runners/kafka/native.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import { type Contestant, start } from './contestant.ts'
import { keyOf, type Stage, sizes, textOf } from './stage.ts'

// From the moment at which a record is due to its output being committed and read by somebody else, at a steady rate.

const perSecond = 1_000
const warmSeconds = 5
const everyMs = 2
const patienceMs = 60_000

/** The 99th percentile of the count by key, in milliseconds. */
export const latencyOf = async (stage: Stage, contestant: Contestant, seconds: number): Promise<number> => {
  const group = stage.unique('latency')
  const [input, output] = [`${group}-in`, `${group}-out`]
  await stage.make(input, output)
  const folder = join(stage.folder, group)
  const settings = {
    ...{ group, input, output, folder },
    topology: 'count',
    table: input,
    brokers: stage.kafka.bootstrap,
  }
  const running = start(contestant, settings)
  try {
    await running.said('running')
    return await measured(stage, input, output, seconds)
  } finally {
    await running.kill()
    await stage.drop(group)
    rmSync(folder, { recursive: true, force: true })
  }
}

const measured = async (stage: Stage, input: string, output: string, seconds: number): Promise<number> => {
  const native = loadNative()
  const common = { 'bootstrap.servers': stage.kafka.bootstrap }
  const producer = new native.Producer({ ...common, 'linger.ms': 0 }, {})
  await asked<unknown>(done => producer.connect({ timeout: 15_000 }, done))
  producer.setPollInBackground(true)
  const reading = { 'group.id': 'latency', 'isolation.level': 'read_committed', 'fetch.wait.max.ms': 5 }
  const consumer = new native.KafkaConsumer({ ...common, ...reading, 'fetch.queue.backoff.ms': 5 }, {})
  await asked<unknown>(done => consumer.connect({ timeout: 15_000 }, done))
  consumer.setDefaultConsumeTimeout(5)
  consumer.setDefaultIsTimeoutOnlyForFirstMessage(true)
  consumer.assign(Array.from({ length: sizes.partitions }, (_, partition) => ({ topic: output, partition, offset: 0 })))
  const total = (warmSeconds + seconds) * perSecond
  // Outputs of a partition come in the order of its inputs, one for each.
  const dueAt: number[][] = Array.from({ length: sizes.partitions }, () => [])
  const seen = dueAt.map(() => 0)
  const found: number[] = []
  const startedMs = performance.now()
  const produce = async (): Promise<void> => {
    for (let number = 0; number < total; await pause(everyMs))
      for (; number < Math.min(total, ((performance.now() - startedMs) * perSecond) / 1_000); number++) {
        const key = keyOf(number)
        const partition = partitionOf(key, sizes.partitions)
        dueAt[partition]!.push(startedMs + (number * 1_000) / perSecond)
        producer.produce(input, partition, textOf(number), key, Date.now(), undefined, undefined)
      }
  }
  const producing = produce()
  const endMs = startedMs + (warmSeconds + seconds) * 1_000 + patienceMs
  for (let count = 0; count < total && performance.now() < endMs; )
    for (const { partition } of await asked<Message[]>(done => consumer.consume(1_000, done))) {
      count++
      const due = dueAt[partition]![seen[partition]!++]!
      if (due > startedMs + warmSeconds * 1_000) found.push(performance.now() - due)
    }
  await producing
  for (const client of [producer, consumer]) await new Promise<void>(done => client.disconnect(() => done()))
  if (found.length < seconds * perSecond * 0.99)
    throw new Error(`only ${found.length} outputs came of ${seconds * perSecond}`)
  found.sort((a, b) => a - b)
  return found[Math.floor(found.length * 0.99)]!
}
