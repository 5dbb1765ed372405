import type { Codec, Format, Registry, Sink } from '../../../topology/index.ts'
import type { Log } from '../../../topology/ports/log.ts'
import type { Operations } from '../../../topology/ports/operations.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'

/** Appends values to topics from outside any topology: durable when it resolves. */
export class TopicWriter {
  readonly #log: Log
  readonly #operations: Operations
  readonly #registry: Registry
  readonly #codecs = new Map<string, Promise<readonly [key: Codec<unknown, unknown>, value: Codec<unknown, unknown>]>>()

  constructor(log: Log, operations: Operations, registry: Registry) {
    this.#log = log
    this.#operations = operations
    this.#registry = registry
  }

  async append<K, V>(topic: Sink<K, V>, key: K, value: V): Promise<void> {
    const [keys, values] = await this.#codecsOf(topic as Sink<never, never>)
    const bytes = keys.encode(key)
    const { partitions = 0 } = (await this.#log.topic(topic.name)) ?? {}
    if (partitions === 0) throw new Error(`there is no topic "${topic.name}" yet`)
    const record = { key: bytes, value: values.encode(value), timestamp: Date.now(), headers: [] }
    await this.#operations.append([{ topic: topic.name, partition: partitionOf(bytes, partitions), records: [record] }])
  }

  #codecsOf({ name, key, value }: Sink<never, never>) {
    const open = async (format: Format<unknown, never>, part: 'key' | 'value') =>
      (await format.open({ topic: name, part }, this.#registry)) as Codec<unknown, unknown>
    const known = this.#codecs.get(name)
    if (known !== undefined) return known
    const opened = Promise.all([open(key, 'key'), open(value, 'value')] as const)
    this.#codecs.set(name, opened)
    opened.catch(() => this.#codecs.delete(name))
    return opened
  }
}
