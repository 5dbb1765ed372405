import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import { durationText } from '../graph/span.ts'
import type { Folding } from '../operators/folding.ts'
import type { OperatorOf } from '../operators/operator.ts'
import { sessionWindows } from '../operators/session-windows.ts'
import { slidingWindows } from '../operators/sliding-windows.ts'
import { timeWindows } from '../operators/time-windows.ts'
import { type Duration, millis } from './duration.ts'

/**
 * Windows of one size, side by side.
 * @example const hours: Tumbling = { size: '1h', grace: '5m' }
 */
export interface Tumbling {
  readonly size: Duration
  /** How long after its end a window still takes records that come late. */
  readonly grace: Duration
}

/**
 * Windows of one size that begin at every multiple of a span, so that they overlap.
 * @example const lastHour: Hopping = { size: '1h', every: '10m', grace: '5m' }
 */
export interface Hopping extends Tumbling {
  readonly every: Duration
}

/**
 * Windows around each record: whatever lies so far apart at most is in one of them.
 * @example const close: Sliding = { within: '10m', grace: '1m' }
 */
export interface Sliding {
  readonly within: Duration
  /** How long after its end a window still takes records that come late. */
  readonly grace: Duration
}

/**
 * Windows that last as long as a key's records follow each other within the gap.
 * @example const visit: Session = { gap: '30m', grace: '5m' }
 */
export interface Session {
  readonly gap: Duration
  /** How long after its end and the gap a session still takes records that come late. */
  readonly grace: Duration
}

/** What a group's windows are, for its aggregates: how they are written, when they close, which operator fills them. */
export interface Windows {
  /** For the lock file and for `describe()`. */
  readonly text: string
  /** How long each lasts, in milliseconds; sessions last as they come. */
  readonly lasts: number | 'session'
  /** One is closed for good when stream time has come this far past its end. */
  readonly closesAfterMs: number
  /** What they need to keep, in stream time from a window's start (a session's end). */
  readonly retentionMs: number
  open(store: StoreFacts, folding: Folding): OperatorOf
}

/** So many windows may be open for one record: each of them is written. */
const windowsPerRecordMax = 10_000

const positive = (duration: Duration, option: string): number => {
  const ms = millis(duration, option)
  if (ms > 0) return ms
  throw new TopologyError('OPTION_WRONG', option, 'it must be longer than nothing')
}

export const tumbling = ({ size, grace }: Tumbling): Windows => {
  const sizeMs = positive(size, 'size')
  return ofTime('tumbling', `${durationText(sizeMs)}`, sizeMs, sizeMs, millis(grace, 'grace'))
}

export const hopping = ({ size, every, grace }: Hopping): Windows => {
  const sizeMs = positive(size, 'size')
  const everyMs = positive(every, 'every')
  if (everyMs > sizeMs) throw new TopologyError('OPTION_WRONG', 'every', 'records between two windows would be lost')
  if (sizeMs / everyMs > windowsPerRecordMax) {
    const count = Math.ceil(sizeMs / everyMs)
    throw new TopologyError(
      'OPTION_WRONG',
      'every',
      `each record would be in ${count} windows, ${windowsPerRecordMax} at most`,
    )
  }
  const text = `${durationText(sizeMs)} every ${durationText(everyMs)}`
  return ofTime('hopping', text, sizeMs, everyMs, millis(grace, 'grace'))
}

const ofTime = (kind: string, text: string, sizeMs: number, everyMs: number, graceMs: number): Windows => ({
  text: `${kind} ${text}, grace ${durationText(graceMs)}`,
  lasts: sizeMs,
  closesAfterMs: graceMs,
  retentionMs: sizeMs + graceMs,
  open: (store, folding) => timeWindows(store, { sizeMs, everyMs, graceMs }, folding),
})

export const sliding = ({ within, grace }: Sliding): Windows => {
  const withinMs = positive(within, 'within')
  const graceMs = millis(grace, 'grace')
  return {
    text: `sliding ${durationText(withinMs)}, grace ${durationText(graceMs)}`,
    lasts: withinMs,
    closesAfterMs: graceMs + 1,
    // A new window may begin with what an older one holds, which began as early as this.
    retentionMs: 2 * withinMs + graceMs + 2,
    open: (store, folding) => slidingWindows(store, { withinMs, graceMs }, folding),
  }
}

export const session = ({ gap, grace }: Session): Windows => {
  const gapMs = positive(gap, 'gap')
  const graceMs = millis(grace, 'grace')
  const closesAfterMs = gapMs + graceMs + 1
  return {
    text: `session ${durationText(gapMs)}, grace ${durationText(graceMs)}`,
    lasts: 'session',
    closesAfterMs,
    retentionMs: closesAfterMs,
    open: (store, folding) => sessionWindows(store, { gapMs, graceMs }, folding),
  }
}
