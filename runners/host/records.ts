import { TopologyError } from '../../topology/index.ts'
import type { Codec } from '../../topology/ports/codec.ts'
import type { Incoming } from '../../topology/ports/connectors.ts'
import type { LogRecord, Partition } from '../../topology/ports/log.ts'
import type { CodecPair } from '../../topology/task/codecs.ts'
import { partitionOf } from '../../topology/task/partitioner.ts'

/** Turns what comes from outside into records in their partitions: keys where Kafka's clients put them, others in turn. */
export class Encoder {
  readonly #at: string
  readonly #topic: string
  readonly #codecs: CodecPair
  readonly #partitions: number
  #next = 0

  /** `at` says in errors who it was. */
  constructor(at: string, topic: string, codecs: CodecPair, partitions: number) {
    this.#at = at
    this.#topic = topic
    this.#codecs = codecs
    this.#partitions = partitions
  }

  encode({ key, value, timestamp, headers }: Incoming<unknown, unknown>): readonly [to: Partition, record: LogRecord] {
    const keyBytes = this.#bytes('key', this.#codecs.key, key)
    const record: LogRecord = {
      key: keyBytes,
      value: this.#bytes('value', this.#codecs.value, value),
      timestamp: timestamp ?? Date.now(),
      headers: headers ?? [],
    }
    const placedBy = keyBytes && (this.#codecs.key.placedBy?.(keyBytes) ?? keyBytes)
    const partition = placedBy === null ? this.#next++ % this.#partitions : partitionOf(placedBy, this.#partitions)
    return [{ topic: this.#topic, partition }, record]
  }

  #bytes(part: 'key' | 'value', codec: Codec<unknown, unknown>, content: unknown): Uint8Array | null {
    if (content === null || content === undefined) return null
    try {
      return codec.encode(content)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new TopologyError(
        'VALUE_WRONG',
        this.#at,
        `the ${part} cannot be written to "${this.#topic}": ${why}`,
        error,
      )
    }
  }
}

/** Records by the partitions they go to, each in its order. */
export const gathered = (
  records: Iterable<readonly [to: Partition, record: LogRecord]>,
): { readonly topic: string; readonly partition: number; readonly records: readonly LogRecord[] }[] => {
  const found = new Map<string, { topic: string; partition: number; records: LogRecord[] }>()
  for (const [{ topic, partition }, record] of records) {
    const name = `${topic}/${partition}`
    const appends = found.get(name) ?? { topic, partition, records: [] }
    appends.records.push(record)
    found.set(name, appends)
  }
  return [...found.values()]
}
