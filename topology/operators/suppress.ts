import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import { Held } from '../state/held.ts'
import type { Windowed } from '../windowed.ts'
import type { OperatorOf } from './operator.ts'

/** Windows set free at one go. */
const closedAtOnceMax = 1_000

/** Holds back the updates of each window until it closes, and lets the last one pass. */
export const suppress = (store: StoreFacts, closesAfterMs: number, windowsMax: number | undefined): OperatorOf => ({
  kind: 'suppress',
  facts: { stores: [store], effect: true, holds: true, note: store.window! },
  open(context) {
    const { emit, id } = context
    const time = context.time()
    const windows = context.view(0)
    const held = new Held(context, store.name, windowsMax !== undefined)
    const release = (): void => {
      for (;;) {
        const closed = held.take(time.now - closesAfterMs, closedAtOnceMax)
        for (const [key, item] of closed) context.apart(() => emit({ key, old: null, ...item }))
        if (closed.length < closedAtOnceMax) return
      }
    }
    return {
      steps: [
        ({ key, value, timestamp, headers }) => {
          const { end } = key as Windowed<unknown>
          time.advance(timestamp)
          // What is gone when its window closes, as a session that became part of another, was never there for those downstream.
          if (value === null) held.delete(end, key)
          else held.put(end, key, { value, timestamp, headers })
          release()
          if (windowsMax === undefined || held.size <= windowsMax) return
          throw new TopologyError(
            'FULL',
            id,
            `${held.size} windows are open and held back, at most ${windowsMax} may be`,
          )
        },
      ],
      view: {
        get: key => ((key as Windowed<unknown>).end <= time.now - closesAfterMs ? windows.get(key) : undefined),
      },
      advance(to) {
        time.advance(to)
        release()
      },
    }
  },
})
