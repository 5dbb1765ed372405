import type { ExchangeFacts, StoreFacts } from '../../graph/graph.ts'
import { keyCoder } from '../../state/keys.ts'
import { Rows } from '../../state/rows.ts'
import type { OperatorOf } from '../operator.ts'
import { writer } from '../sink.ts'
import { sync } from '../sync.ts'
import { type ForeignKey, foreignKeyOf } from './ask.ts'
import type { Answer } from './messages.ts'
import type { AddressedAnswer } from './registry.ts'

/** Sends answers back to where the rows live that asked. */
export const reply = (exchange: ExchangeFacts): OperatorOf => ({
  kind: 'reply',
  facts: { exchange },
  open(context) {
    const write = writer(context, context.exchangeTopic(exchange.name))
    return item => write(item, (item.value as AddressedAnswer).partition)
  },
})

/** Gives the joined row; the other side is undefined where it is missing. */
export type MergeLookup = (row: unknown, other: unknown, key: unknown) => unknown

/**
 * Joins each answer, on the first input, with the row that asked, of the table on the second. An answer about a row that
 * refers to another key by now is passed over: the answer to its newer question is on its way. `questions` is the
 * exchange by which they go.
 */
export const lookedUp = (
  store: StoreFacts,
  kind: 'inner' | 'left',
  foreignKey: ForeignKey,
  questions: string,
  merge: MergeLookup,
): OperatorOf => ({
  kind: 'lookup',
  facts: { stores: [store], together: true, effect: true, note: kind },
  open(context) {
    const { emit, drop, id, view } = context
    const table = view(1)
    const rows = new Rows(context, store.name)
    const foreignKeys = keyCoder(context.topicCodecs(context.exchangeTopic(questions)).key)
    const keyOf = foreignKeyOf(foreignKey, id)
    const refersTo = (row: unknown, key: unknown): string | null => {
      const foreign = keyOf(row, key)
      return foreign === null ? null : foreignKeys.of(foreign)
    }
    return {
      view: rows,
      steps: [
        item => {
          const { key, timestamp, headers } = item
          const { foreign, value: other } = item.value as Answer
          const row = table.get(key)
          if ((row === undefined ? null : refersTo(row.value, key)) !== foreign) return drop('superseded', item)
          const joined = row !== undefined && (other !== null || kind === 'left')
          const value = joined ? (sync(merge(row.value, other ?? undefined, key), id) ?? null) : null
          const at = rows.at(key)
          const old = rows.rowAt(at)?.value ?? null
          rows.putAt(at, value, timestamp)
          emit({ key, value, old, timestamp, headers })
        },
        () => {},
      ],
    }
  },
})
