import type { StoreFacts } from '../graph/graph.ts'
import { Sessions } from '../state/sessions.ts'
import type { Windowed } from '../windowed.ts'
import { expireAtCommit } from './expiry.ts'
import { emitOf, type Folding, foldFacts, foldSteps } from './folding.ts'
import type { Item, OperatorOf } from './operator.ts'
import { sync } from './sync.ts'

/** Windows that last as long as records follow each other within a gap. */
export interface SessionWindows {
  readonly gapMs: number
  readonly graceMs: number
}

/** Folds the records of each key by session. A record between two sessions makes one of them. */
export const sessionWindows = (store: StoreFacts, windows: SessionWindows, folding: Folding): OperatorOf => ({
  kind: folding.kind,
  facts: foldFacts(store, folding),
  open(context) {
    const { gapMs, graceMs } = windows
    const { id, drop } = context
    const merge = folding.merge!
    const retentionMs = store.retentionMs!
    const time = context.time()
    const late = context.port('late')
    const sessions = new Sessions(context, store.name, gapMs)
    const emit = emitOf(context, folding)
    const steps = foldSteps(context, folding, (item, add) => {
      const { key, timestamp, headers } = item
      time.advance(timestamp)
      const closed = time.now - graceMs - gapMs
      const at = sessions.at(key)
      const found = sessions.find(at, Math.max(0, timestamp - gapMs, closed), timestamp + gapMs)
      const start = Math.min(timestamp, found[0]?.start ?? timestamp)
      const end = Math.max(timestamp, found.at(-1)?.end ?? timestamp)
      if (end < closed) {
        drop('late', item)
        return late(item)
      }
      let state: unknown
      for (const { value } of found) state = sync(merge(state, value, key), id)
      const value = sync(add(state, item.value, key), id) ?? null
      sessions.replace(at, found, value === null ? null : { start, end, value })
      const say = (window: Pick<Windowed<unknown>, 'start' | 'end'>, now: unknown, old: unknown): void => {
        const changed: Item = {
          key: { key, start: window.start, end: window.end },
          value: now,
          old,
          timestamp: window.end,
          headers,
        }
        emit(changed, `${at}${window.start}-${window.end}`)
      }
      // A session of this one moment is not replaced by another one: it goes on.
      const goesOn = start === timestamp && end === timestamp
      if (!goesOn) for (const session of found) say(session, null, session.value)
      say({ start, end }, value, goesOn ? (found[0]?.value ?? null) : null)
    })
    expireAtCommit(context, time, retentionMs, 1, (upTo, entriesMax) => sessions.expire(upTo, entriesMax))
    const view = {
      get(key: unknown) {
        const { end } = key as Windowed<unknown>
        return end <= time.now - retentionMs ? undefined : sessions.get(key as Windowed<unknown>)
      },
    }
    return { steps, view, advance: to => time.advance(to) }
  },
})
