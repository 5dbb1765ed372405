import type { Plan } from '../../topology/plan/plan.ts'
import type { Note } from '../../topology/ports/connectors.ts'
import type { Log } from '../../topology/ports/log.ts'
import type { Observer } from '../../topology/ports/observer.ts'
import type { Registry } from '../../topology/ports/registry.ts'
import type { PauseLimits } from './pauses.ts'

/** What everything that is hosted beside the tasks is given. */
export interface World {
  readonly plan: Plan
  readonly log: Log
  readonly instance: string
  readonly observer: Observer
  readonly registry: Registry | undefined
  /** How many partitions each topic has. */
  readonly counts: ReadonlyMap<string, number>
  /** Of topics that nobody has made yet; undefined: they are refused. */
  readonly partitionsDefault: number | undefined
  readonly pauses: PauseLimits
}

/** How a connector speaks to people: with its topology and name beside what it says. */
export const noteOf =
  ({ plan, observer }: World, connector: string): Note =>
  (level, message, fields) =>
    observer.note?.(level, message, { topology: plan.name, connector, ...fields })

/** An idle host looks up this often, for its end and for its member's sake. */
export const idleWaitMs = 200
/** A connector that is told to close has so long to do it. */
export const closeDeadlineMs = 3_000
/** Fenced a second time within this, another process runs under our name. */
export const fencedTwiceMs = 60_000
