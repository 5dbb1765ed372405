import { TopologyError } from '../errors.ts'
import type { StoreFacts } from '../graph/graph.ts'
import type { Headers } from '../ports/log.ts'
import type { Alarms } from '../state/alarms.ts'
import { type KeyCoder, keyCoder } from '../state/keys.ts'
import { Values } from '../state/values.ts'
import type { ClockName, Context, Opened, OperatorOf, StreamTime, View } from './operator.ts'
import { sync } from './sync.ts'

/** What own code is given beside the record or the timer: its stores and timers, and what it may emit. */
export interface OwnWorld {
  readonly stores: Readonly<Record<string, Values>>
  readonly timers: Readonly<Record<string, OwnTimer>>
  readonly timestamp: number
  readonly streamTime: number
  readonly headers: Headers
  readonly from: { readonly topic: string; readonly partition: number; readonly offset: number } | undefined
  emit(value: unknown, how?: { readonly key?: unknown; readonly timestamp?: number; readonly headers?: Headers }): void
}

/** The timers of one name, one for each key. */
export interface OwnTimer {
  at(timeMs: number, key: unknown): void
  cancel(key: unknown): void
  dueAt(key: unknown): number | undefined
}

export interface OwnCode {
  readonly record: (value: unknown, key: unknown, world: OwnWorld) => unknown
  /** By the name that the code knows them by. */
  readonly stores: Readonly<Record<string, StoreFacts>>
  /** Where timers are kept; undefined where there are none. */
  readonly timerStore: StoreFacts | undefined
  readonly timers: readonly OwnTimerOf[]
  readonly every: readonly OwnPeriodic[]
  /** It emits under keys of its own making. */
  readonly rekeys: boolean
  /** It emits nothing: what it keeps is its result. */
  readonly ends: boolean
}

export interface OwnTimerOf {
  readonly name: string
  readonly clock: ClockName
  readonly due: (key: unknown, timeMs: number, world: OwnWorld) => unknown
}

export interface OwnPeriodic {
  readonly name: string
  readonly clock: ClockName
  readonly intervalMs: number
  /** The interval in words. */
  readonly every: string
  readonly run: (timeMs: number, world: OwnWorld) => unknown
}

/** Own code with stores and timers. */
export const process = (code: OwnCode): OperatorOf => {
  const { stores, timerStore, timers, every, rekeys, ends } = code
  return {
    kind: 'process',
    facts: {
      stores: [...(timerStore ? [timerStore] : []), ...Object.values(stores)],
      holds: timerStore !== undefined,
      note: noteOf(timers, every),
      ...(rekeys && { key: 'lost' }),
      ...(ends && { effect: true }),
    },
    open: context => new Process(context, code).opened(),
  }
}

const noteOf = (timers: readonly OwnTimerOf[], every: readonly OwnPeriodic[]): string =>
  [
    ...timers.map(({ name, clock }) => `${name} in ${clock} time`),
    ...every.map(({ name, clock, every }) => `${name} every ${every} in ${clock} time`),
  ].join(', ')

const noHeaders: Headers = []

class Process implements OwnWorld {
  readonly stores: Readonly<Record<string, Values>>
  readonly timers: Readonly<Record<string, OwnTimer>>
  readonly #context: Context
  readonly #code: OwnCode
  readonly #time: StreamTime
  #key: unknown = null
  #atWork = false
  timestamp = 0
  headers: Headers = noHeaders

  constructor(context: Context, code: OwnCode) {
    this.#context = context
    this.#code = code
    this.#time = context.time()
    this.stores = Object.fromEntries(
      Object.entries(code.stores).map(([name, { name: store }]) => [name, new Values(context, store)]),
    )
    const { timerStore } = code
    const keys = timerStore && keyCoder(context.codecs(timerStore.name).key)
    this.timers = Object.fromEntries(code.timers.map(timer => [timer.name, this.#timer(timer, keys!)]))
    for (const { name, clock, intervalMs, run } of code.every) {
      context.every(clock, name, intervalMs, time => {
        this.#work(null, time, noHeaders, () => run(time, this))
      })
    }
    // Own code may take these out of the world that it is given.
    this.emit = this.emit.bind(this)
  }

  #timer({ name, clock, due }: OwnTimerOf, keys: KeyCoder<unknown>): OwnTimer {
    const { id, alarms: open } = this.#context
    const alarms: Alarms = open(clock, name, (binary, time) => {
      const key = keys.back(binary)
      this.#work(key, time, noHeaders, () => due(key, time, this))
    })
    const of = (key: unknown): string => {
      if (key === null) throw new TopologyError('KEY_MISSING', id, `the timer "${name}" was asked for a null key`)
      return keys.of(key)
    }
    return {
      at: (timeMs, key) => alarms.at(timeMs, of(key)),
      cancel: key => alarms.cancel(of(key)),
      dueAt: key => alarms.dueAt(of(key)),
    }
  }

  #work(key: unknown, timestamp: number, headers: Headers, work: () => unknown): void {
    this.#key = key
    this.timestamp = timestamp
    this.headers = headers
    this.#atWork = true
    try {
      sync(work(), this.#context.id)
    } finally {
      this.#atWork = false
    }
  }

  get from(): OwnWorld['from'] {
    const origin = this.#context.origin()
    if (origin === undefined || origin.timer !== undefined) return undefined
    return { topic: origin.topic, partition: origin.partition, offset: origin.record.offset }
  }

  get streamTime(): number {
    return this.#time.now
  }

  emit(value: unknown, how: { key?: unknown; timestamp?: number; headers?: Headers } = {}): void {
    const { id } = this.#context
    if (!this.#atWork) throw new TopologyError('STEP_ASYNC', id, 'it emitted after its function had returned')
    const { key = this.#key, timestamp = this.timestamp, headers = this.headers } = how
    this.#context.emit({ key, value, old: null, timestamp, headers })
  }

  opened(): Opened {
    const { record } = this.#code
    const views = Object.entries(this.#code.stores).map(([name, { name: store }]) => [
      store,
      viewOf(this.stores[name]!),
    ])
    return {
      views: Object.fromEntries(views),
      steps: [
        ({ key, value, timestamp, headers }) => {
          this.#time.advance(timestamp)
          this.#work(key, timestamp, headers, () => record(value, key, this))
        },
      ],
    }
  }
}

/** Plain values have no time of their own. */
const viewOf = (values: Values): View => ({
  get(key: unknown) {
    const value = values.get(key)
    return value === undefined ? undefined : { value, timestamp: 0 }
  },
})
