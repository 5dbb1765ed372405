import { TopologyError } from '../errors.ts'
import { whole } from '../formats.ts'
import { durationText } from '../graph/span.ts'
import type { ClockName } from '../operators/operator.ts'
import type { OwnCode } from '../operators/process.ts'
import { type Duration, millis } from './duration.ts'
import type { AnyFormat, AnyFunction, Checked } from './handle.ts'
import { storeFacts } from './store-facts.ts'

/** What `process` takes, as loose as handles are. */
export interface LooseOwnCode {
  readonly stores?: Readonly<Record<string, { key: AnyFormat; value: AnyFormat; version?: number }>>
  readonly timers?: Readonly<Record<string, ClockName>>
  readonly record: AnyFunction
  readonly due?: Readonly<Record<string, AnyFunction>>
  readonly every?: Readonly<Record<string, { clock: ClockName; interval: Duration; run: AnyFunction }>>
  readonly version?: number
  readonly as?: AnyFormat
  readonly key?: AnyFormat
}

/** The operator's view of own code: every timer has something to do, and a store of the process's name where there are any. */
export const ownCode = (name: string, key: AnyFormat, how: LooseOwnCode): OwnCode => {
  const { stores = {}, timers = {}, due = {}, every = {}, version } = how
  const clocks = Object.entries(timers).map(([timer, clock]) => {
    const act = due[timer]
    if (act === undefined) {
      throw new TopologyError(
        'OPTION_WRONG',
        `process ${name}`,
        `nothing in \`due\` says what its timer "${timer}" does`,
      )
    }
    return { name: timer, clock, due: act as Checked }
  })
  const periodic = Object.entries(every).map(([timer, { clock, interval, run }]) => {
    const ms = intervalMs(interval, `the interval of ${timer} in process ${name}`)
    return { name: timer, clock, intervalMs: ms, every: durationText(ms), run: run as Checked }
  })
  const kept = Object.entries(stores).map(([store, formats]) => {
    return [store, storeFacts(store, 'values', formats.key, formats.value, formats)] as const
  })
  const timed = clocks.length + periodic.length > 0
  return {
    record: how.record as Checked,
    stores: Object.fromEntries(kept),
    timerStore: timed ? storeFacts(name, 'timers', key, whole, version === undefined ? {} : { version }) : undefined,
    timers: clocks,
    every: periodic,
    rekeys: how.key !== undefined,
    ends: how.as === undefined,
  }
}

const intervalMs = (interval: Duration, option: string): number => {
  const ms = millis(interval, option)
  if (ms > 0) return ms
  throw new TopologyError('OPTION_WRONG', option, 'it must be longer than nothing')
}
