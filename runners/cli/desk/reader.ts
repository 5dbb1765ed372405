import { setTimeout as pause } from 'node:timers/promises'
import type { Codec, Registry, Source } from '../../../topology/index.ts'
import type { Log, Partition } from '../../../topology/ports/log.ts'

const batchRecordsMax = 500
/** Where nothing new has come, the log is asked again after this. */
const lookMs = 100

/** The values of a topic, read from outside any topology. */
export class TopicReader<V> {
  readonly topic: string
  readonly #log: Log
  readonly #codec: Codec<V, never>

  private constructor(log: Log, topic: string, codec: Codec<V, never>) {
    this.#log = log
    this.topic = topic
    this.#codec = codec
  }

  static async open<V>(log: Log, registry: Registry, { name, value }: Source<string, V>): Promise<TopicReader<V>> {
    return new TopicReader(log, name, await value.open({ topic: name, part: 'value', use: 'read' }, registry))
  }

  async #partitions(): Promise<Partition[]> {
    const { partitions = 0 } = (await this.#log.topic(this.topic)) ?? {}
    return Array.from({ length: partitions }, (_, partition) => ({ topic: this.topic, partition }))
  }

  /** The next offsets at one end of each partition. */
  async at(end: 'first' | 'next'): Promise<number[]> {
    return Promise.all((await this.#partitions()).map(async partition => (await this.#log.ends(partition))[end]))
  }

  /** Values from those offsets on, with the offsets behind each, and then whatever comes. What cannot be read is left out. */
  async *follow(
    from: readonly number[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly (readonly [value: V, after: number[]])[]> {
    const offsets = [...from]
    while (!signal.aborted) {
      let found = false
      for (const partition of await this.#partitions()) {
        const at = partition.partition
        const { records, next } = await this.#log.read(partition, offsets[at] ?? 0, batchRecordsMax)
        const batch: (readonly [V, number[]])[] = []
        for (const { value, offset } of records) {
          offsets[at] = offset + 1
          const decoded = value === null ? undefined : await this.#decoded(value)
          if (decoded !== undefined) batch.push([decoded, [...offsets]])
        }
        offsets[at] = next
        found ||= records.length > 0
        if (batch.length > 0) yield batch
      }
      if (!found) await pause(lookMs, undefined, { signal }).catch(() => {})
    }
  }

  async #decoded(bytes: Uint8Array): Promise<V | undefined> {
    try {
      await this.#codec.prepare?.(bytes)
      return this.#codec.decode(bytes)
    } catch {
      return undefined
    }
  }
}
