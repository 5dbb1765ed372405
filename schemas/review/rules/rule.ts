import type { Axis, Level } from '../finding.ts'

/** What a rule code stands for: the words of `explain`. */
export interface Rule {
  readonly title: string
  readonly axis: readonly [Axis, ...Axis[]]
  /** Unless the mode, the deployment or an option says otherwise. */
  readonly level: Level
  readonly what: string
  readonly why: string
  readonly fix: string
}
