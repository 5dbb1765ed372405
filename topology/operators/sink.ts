import { messageOf, TopologyError } from '../errors.ts'
import { textCodec } from '../formats.ts'
import type { TopicSpec } from '../graph/graph.ts'
import type { Context, Item, OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Writes each record to a topic, under its own key or under the one that `by` gives. */
export const sink = (topic: TopicSpec, by?: (value: unknown, key: unknown) => unknown): OperatorOf => ({
  kind: 'sink',
  facts: { sink: { topic } },
  open(context) {
    const write = writer(context, topic.name)
    return by === undefined ? write : item => write({ ...item, key: sync(by(item.value, item.key), context.id) })
  },
})

/** Encodes an item with a topic's codecs and appends it, to the partition of its key or to the one that is given; shared with exchanges. */
export const writer = (context: Context, topic: string) => {
  const codecs = context.topicCodecs(topic)
  const encode = (part: 'key' | 'value', content: unknown): Uint8Array | null => {
    if (content === null) return null
    try {
      return codecs[part].encode(content)
    } catch (error) {
      throw new TopologyError(
        'VALUE_WRONG',
        context.id,
        `the ${part} cannot be written to "${topic}": ${messageOf(error)}`,
        error,
      )
    }
  }
  const { key: keyCodec } = codecs
  const keyBytes = (key: unknown): Uint8Array | null => {
    const origin = typeof key === 'string' && keyCodec === textCodec ? context.origin() : undefined
    return origin !== undefined && origin.text === key ? origin.record.key : encode('key', key)
  }
  return ({ key, value, timestamp, headers }: Item, partition?: number): void => {
    const record = { key: keyBytes(key), value: encode('value', value), timestamp, headers }
    context.append(topic, record, partition ?? (record.key && (keyCodec.placedBy?.(record.key) ?? record.key)))
  }
}
