import type { Log } from '../../ports/log.ts'
import type { Check } from './check.ts'

/** The topics and the group of one check, which no other check uses. */
export interface Names {
  readonly input: string
  readonly output: string
  readonly changelog: string
  readonly group: string
}

export const namesOf = (run: number): Names => ({
  input: `contract-${run}-input`,
  output: `contract-${run}-output`,
  changelog: `contract-${run}-changelog`,
  group: `contract-${run}`,
})

/** Makes a check of what a log promises. */
export type Make = (name: string, run: (log: Log, names: Names) => Promise<void>) => Check
