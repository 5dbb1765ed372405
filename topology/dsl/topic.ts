import type { TopicKeeping, TopicSpec } from '../graph/graph.ts'
import type { Format } from '../ports/codec.ts'
import { type Keeping, keepingOf } from './topic-keeping.ts'

/**
 * A topic to read from: its keys read as `K`, its values as `V`.
 * @example const readLengths = (draft: Draft, from: Source<string, string>) => draft.stream(from).map(line => line.length)
 */
export interface Source<out K, out V> {
  readonly name: string
  readonly key: Format<K, never>
  readonly value: Format<V, never>
  readonly partitions?: number | undefined
  readonly keeping?: TopicKeeping | undefined
}

/**
 * A topic to write to: it takes keys `K` and values `V`.
 * @example const keepLengths = (draft: Draft, to: Sink<string, number>) => draft.stream(lines).map(line => line.length).to(to)
 */
export interface Sink<in K, in V> {
  /** Type-level only: keeps the compiler's messages short. */
  readonly takes?: ((key: K, value: V) => void) | undefined
  readonly name: string
  readonly key: Format<unknown, K>
  readonly value: Format<unknown, V>
  readonly partitions?: number | undefined
  readonly keeping?: TopicKeeping | undefined
}

/**
 * A typed topic. Avro types differ on their two sides, for a field with a default need not be written.
 * @example const lines: Topic<string, string> = topic('lines', { key: text, value: text })
 */
export interface Topic<out K, out V, in KIn = K, in VIn = V> extends Source<K, V> {
  readonly takes?: ((key: KIn, value: VIn) => void) | undefined
  readonly key: Format<K, KIn>
  readonly value: Format<V, VIn>
}

/**
 * Declares a topic with the formats of its keys and values.
 * @example
 * const lines = topic('lines', { key: text, value: text })
 * const latest = topic('latest', { key: text, value: text, cleanup: 'compact' })
 */
export const topic = <K, V, KIn, VIn>(
  name: string,
  how: Keeping & {
    readonly key: Format<K, KIn>
    readonly value: Format<V, VIn>
    readonly partitions?: number | undefined
  },
): Topic<K, V, KIn, VIn> => {
  const { key, value, partitions } = how
  const keeps = how.cleanup !== undefined || how.retention !== undefined || how.retentionBytes !== undefined
  return {
    key,
    value,
    name,
    ...(partitions !== undefined && { partitions }),
    ...(keeps && { keeping: keepingOf(name, how) }),
  }
}

export const specOf = ({
  name,
  key,
  value,
  partitions,
  keeping,
}: Source<unknown, unknown> | Sink<never, never>): TopicSpec => ({
  name,
  key: key as Format<unknown, never>,
  value: value as Format<unknown, never>,
  partitions,
  ...(keeping && { keeping }),
})
