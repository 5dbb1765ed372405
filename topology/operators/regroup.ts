import type { ExchangeFacts } from '../graph/graph.ts'
import type { Codec } from '../ports/codec.ts'
import type { OperatorOf } from './operator.ts'
import { writer } from './sink.ts'
import { sync } from './sync.ts'

/**
 * Sends each change of a table to the group of its row, through a topic of the topology's own. A row that stays in its
 * group is one change; one that moves leaves the old group first, and then enters the new one.
 */
export const regroup = (exchange: ExchangeFacts, by: (value: unknown, key: unknown) => unknown): OperatorOf => ({
  kind: 'group',
  facts: { exchange },
  open(context) {
    const { id, drop } = context
    const topic = context.exchangeTopic(exchange.name)
    const write = writer(context, topic)
    const { key: codec } = context.topicCodecs(topic)
    return item => {
      if (item.superseded) return drop('superseded', item)
      const { key, value, old } = item
      const groupOf = (row: unknown): unknown => (row === null ? null : (sync(by(row, key), id) ?? null))
      const from = groupOf(old)
      const to = groupOf(value)
      if (from !== null && to !== null && same(codec, from, to)) {
        return write({ ...item, key: to, value: { old, value } })
      }
      if (old !== null)
        from === null ? drop('null key', item) : write({ ...item, key: from, value: { old, value: null } })
      if (value !== null)
        to === null ? drop('null key', item) : write({ ...item, key: to, value: { old: null, value } })
    }
  },
})

/** Keys are what their bytes are. */
const same = (codec: Codec<unknown>, one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (typeof one === 'string' && typeof other === 'string') return false
  const oneBytes = codec.encode(one)
  const otherBytes = codec.encode(other)
  return oneBytes.length === otherBytes.length && oneBytes.every((byte, at) => byte === otherBytes[at])
}
