import type { ExchangeFacts } from '../../graph/graph.ts'
import { keyCoder } from '../../state/keys.ts'
import type { Item, OperatorOf } from '../operator.ts'
import { writer } from '../sink.ts'
import { sync } from '../sync.ts'
import type { Question, Wants } from './messages.ts'

/** The key that a row refers to; nothing where it refers to no row. */
export type ForeignKey = (row: unknown, key: unknown) => unknown

/** The same, but refused as a promise, and null for nothing. */
export const foreignKeyOf =
  (foreignKey: ForeignKey, id: string): ForeignKey =>
  (row, key) =>
    sync(foreignKey(row, key), id) ?? null

/** Sends what a change of a row makes it ask of the rows that it referred to and refers to now. */
export const ask = (exchange: ExchangeFacts, kind: 'inner' | 'left', foreignKey: ForeignKey): OperatorOf => ({
  kind: 'ask',
  facts: { exchange, note: kind },
  open(context) {
    const { partition, drop } = context
    const topic = context.exchangeTopic(exchange.name)
    const write = writer(context, topic)
    const keys = keyCoder(context.topicCodecs(topic).key)
    const keyOf = foreignKeyOf(foreignKey, context.id)
    const same = (one: unknown, other: unknown) => one === other || keys.of(one) === keys.of(other)
    const send = (item: Item, key: unknown, wants: Wants) => {
      const question: Question = { key: item.key, wants, partition }
      write({ ...item, key, value: question })
    }
    const asksOf = kind === 'inner' ? innerAsks : leftAsks
    return item => {
      if (item.superseded) return drop('superseded', item)
      const { key, value, old } = item
      if (value === null && old === null) return
      const from = old === null ? null : keyOf(old, key)
      const to = value === null ? null : keyOf(value, key)
      const asks = asksOf(from !== null, to !== null, from !== null && to !== null && same(from, to))
      if (asks.length === 0) drop('null key', item)
      for (const { of, wants } of asks) send(item, of === 'before' ? from : to, wants)
    }
  },
})

interface Ask {
  readonly of: 'before' | 'now'
  readonly wants: Wants
}

/** An inner join tells its readers of a row that is gone only where there may have been one. */
const innerAsks = (from: boolean, to: boolean, same: boolean): readonly Ask[] => {
  if (!to) return from ? [{ of: 'before', wants: 'farewell' }] : []
  if (!from || same) return [{ of: 'now', wants: 'match' }]
  return [
    { of: 'before', wants: 'release' },
    { of: 'now', wants: 'answer' },
  ]
}

/** A left join always wants an answer, also that it refers to nothing. */
const leftAsks = (from: boolean, _to: boolean, same: boolean): readonly Ask[] => {
  const now: Ask = { of: 'now', wants: 'answer' }
  return from && !same ? [{ of: 'before', wants: 'release' }, now] : [now]
}
