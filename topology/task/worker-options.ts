import type { Plan } from '../plan/plan.ts'
import type { Calls } from '../ports/calls.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import type { Registry } from '../ports/registry.ts'

/** What a worker works on, and with whom. */
export interface WorkerOptions {
  readonly plan: Plan
  readonly log: Log
  readonly instance: string
  readonly clock: Clock
  readonly observer?: Observer
  readonly registry?: Registry | undefined
  /** What answers the calls of the plan; a call without an implementation is refused. */
  readonly calls?: Calls | undefined
  readonly commitIntervalMs?: number
  /** Partition count of topics that the log may make by itself; undefined: a missing topic is refused. */
  readonly partitionsDefault?: number | undefined
}
