import type { CompatibilityMode } from '../avro/compat.ts'
import type { Finding, FindingDirection, Level } from './finding.ts'

export const reportVersion = 1

/** What the review says of one subject as a whole. */
export interface SubjectReport {
  readonly subject: string
  readonly topic: string
  readonly file: string | undefined
  readonly mode: CompatibilityMode
  /** How many earlier versions it was compared with. */
  readonly versions: number
  /** By Avro's rules, with the newest version. */
  readonly compatible: { readonly backward: boolean; readonly forward: boolean }
  readonly direction: FindingDirection
  /** Who deploys first; empty where the order does not matter. */
  readonly order: readonly string[]
}

/**
 * What a review found; written as JSON it is what the published schema `report.schema.json` says.
 * @example const passes = ({ counts }: Report) => counts.error === 0
 */
export interface Report {
  readonly schemaVersion: typeof reportVersion
  readonly against: string
  readonly mode: CompatibilityMode
  readonly files: number
  readonly subjects: readonly SubjectReport[]
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly counts: Readonly<Record<Level | 'approved', number>>
  /** What there is to say about the review itself. */
  readonly notes: readonly string[]
}

/** How many findings of each level there are; approved ones count apart. */
export const countsOf = (findings: readonly Finding[]): Report['counts'] => {
  const count = (level: Level) => findings.filter(each => each.level === level && each.approvedBy === undefined).length
  const approved = findings.filter(each => each.approvedBy !== undefined).length
  return { error: count('error'), warn: count('warn'), info: count('info'), approved }
}
