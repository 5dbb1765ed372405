import type { StoreFacts } from '../../graph/graph.ts'
import { Subscribers } from '../../state/subscribers.ts'
import type { Item, OperatorOf } from '../operator.ts'
import type { Answer, Question } from './messages.ts'

/** An answer with the partition that it goes to. */
export interface AddressedAnswer extends Answer {
  readonly partition: number
}

/**
 * Stands beside the table that is looked into and keeps who refers to which of its rows: questions come on the first
 * input, changes of the table on the second, and answers go out to whoever asked.
 */
export const registry = (store: StoreFacts): OperatorOf => ({
  kind: 'registry',
  facts: { stores: [store], together: true },
  open(context) {
    const { emit, drop, view } = context
    const table = view(1)
    const subscribers = new Subscribers(context, store.name)
    const answer = (
      item: Item,
      key: unknown,
      partition: number,
      foreign: string | null,
      value: unknown,
      time: number,
    ) => {
      const addressed: AddressedAnswer = { foreign, value, partition }
      emit({ key, value: addressed, old: null, timestamp: time, headers: item.headers })
    }
    return {
      steps: [
        item => {
          const { key, wants, partition } = item.value as Question
          if (item.key === null) return answer(item, key, partition, null, null, item.timestamp)
          const foreign = subscribers.binary(item.key)
          if (wants === 'answer' || wants === 'match') subscribers.put(foreign, key, partition)
          else subscribers.delete(foreign, key)
          if (wants === 'release') return
          const row = table.get(item.key)
          const time = Math.max(item.timestamp, row?.timestamp ?? item.timestamp)
          if (wants === 'farewell') answer(item, key, partition, null, null, time)
          else if (row !== undefined) answer(item, key, partition, foreign, row.value, time)
          else if (wants === 'answer') answer(item, key, partition, foreign, null, time)
        },
        item => {
          if (item.superseded) return drop('superseded', item)
          const foreign = subscribers.binary(item.key)
          for (const { key, partition } of subscribers.of(foreign)) {
            answer(item, key, partition, foreign, item.value, item.timestamp)
          }
        },
      ],
    }
  },
})
