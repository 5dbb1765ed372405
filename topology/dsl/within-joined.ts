import { joinWithin, type WithinJoin, withinRetentionMs, withinText } from '../operators/join-within.ts'
import { attach, type Place } from './drawing.ts'
import { type Duration, millis } from './duration.ts'
import type { AnyFormat, AnyFunction, Handle } from './handle.ts'
import { storeFacts } from './store-facts.ts'
import type { StoreOptions } from './stream.ts'

export interface WithinOptions extends StoreOptions {
  readonly kind?: 'inner' | 'left' | 'outer'
  readonly within?: Duration
  readonly before?: Duration
  readonly after?: Duration
  readonly grace: Duration
  readonly merge: AnyFunction
  readonly as?: AnyFormat
}

/** Draws the join of two streams within a time, each with its buffer. */
export const joinedWithin = (name: string, left: Handle, right: Handle, options: WithinOptions): Place => {
  const { kind = 'inner', merge, within, before = within, after = within, grace } = options
  const span = (duration: Duration | undefined, option: string) => millis(duration!, `${option} of ${name}`)
  const how: WithinJoin = {
    kind,
    merge,
    beforeMs: span(before, within === undefined ? 'before' : 'within'),
    afterMs: span(after, within === undefined ? 'after' : 'within'),
    graceMs: span(grace, 'grace'),
  }
  const store = (side: 'left' | 'right', { key, value }: Handle) =>
    storeFacts(`${name}-${side}`, `join ${side}`, key, value!, {
      ...options,
      window: withinText(how),
      retentionMs: withinRetentionMs(how),
    })
  const operator = joinWithin(how, [store('left', left), store('right', right)])
  return attach(operator, [left.place, right.place], name)
}
