import type { Context, Item, Opened, OperatorOf } from '../../../topology/operators/operator.ts'
import { plainTime, stubStore } from '../state/stub.ts'

/** One operator at work by itself, on a store of texts and tables without rows, with what it emits as `key=value@timestamp`. */
export const openedAlone = (operator: OperatorOf) => {
  let items: Item[] = []
  const time = plainTime()
  const context: Partial<Context> = {
    ...stubStore().context(),
    id: 'alone',
    emit: item => void items.push(item),
    drop: () => {},
    time: () => time,
    view: () => ({ get: () => undefined, asOf: () => undefined }),
    apart: work => work(),
  }
  const opened = operator.open(context as Context) as Opened
  const emitted = (): string[] => {
    const told = items.map(({ key, value, timestamp }) => `${key ?? '-'}=${value ?? '-'}@${timestamp}`)
    items = []
    return told
  }
  return { opened, emitted }
}
