import type { ExchangeFacts } from '../graph/graph.ts'
import type { OperatorOf } from './operator.ts'
import { writer } from './sink.ts'
import { sync } from './sync.ts'

/** Writes each record under a new key to a topic of the topology's own, so that equal keys meet in one task. */
export const rekey = (exchange: ExchangeFacts, by: (value: unknown, key: unknown) => unknown): OperatorOf => ({
  kind: 'rekey',
  facts: { exchange },
  open(context) {
    const write = writer(context, context.exchangeTopic(exchange.name))
    return item => write({ ...item, key: sync(by(item.value, item.key), context.id) })
  },
})
