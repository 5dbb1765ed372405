// The walk explains; the verdict of Apache Avro decides. Where they differ, the verdict wins.
import type { Direction } from '../../avro/compat.ts'
import type { Incompatibility, IncompatibilityKind } from '../../avro/resolve.ts'
import type { Schema } from '../../avro/schema.ts'
import type { FindingDirection } from '../finding.ts'
import type { RuleCode } from '../rules/index.ts'
import { type Change, changeOf } from './change.ts'
import { typeText } from './describe.ts'

export type Reasons = Readonly<Record<Direction, readonly Incompatibility[]>>

export const isWire = (change: Change): boolean => change.axis[0] === 'WIRE' && change.direction !== 'none'
export const holds = (change: Change, direction: Direction): boolean =>
  change.direction === direction || change.direction === 'both'

/** Without a direction in which everything can be read after all; with a word for each that nothing explains. */
export const reconcile = (
  changes: readonly Change[],
  pair: { readonly old: Schema; readonly new: Schema },
  reasons: Reasons,
): readonly Change[] => {
  const works = { backward: reasons.backward.length === 0, forward: reasons.forward.length === 0 }
  const kept = changes.map(change => (isWire(change) ? limited(change, works) : change))
  const unexplained = (['backward', 'forward'] as const).filter(
    direction => !works[direction] && !kept.some(change => isWire(change) && holds(change, direction)),
  )
  return [...kept, ...unexplained.map(direction => bare(reasons[direction][0]!, direction, pair))]
}

/** A finding inside a branch that another branch makes good is no break of the whole. */
const limited = (change: Change, works: Readonly<Record<Direction, boolean>>): Change => {
  const left = (['backward', 'forward'] as const).filter(direction => holds(change, direction) && !works[direction])
  const direction: FindingDirection = left.length === 2 ? 'both' : (left[0] ?? 'none')
  if (direction === change.direction) return change
  return direction === 'none' ? { ...change, direction, level: 'info' } : { ...change, direction }
}

const codes: Readonly<Record<IncompatibilityKind, RuleCode>> = {
  name: 'AV112',
  'fixed-size': 'AV111',
  'enum-symbols': 'AV108',
  'missing-default': 'AV101',
  type: 'AV105',
  'missing-branch': 'AV106',
  'ambiguous-alias': 'AV203',
}
const forwardCodes: Partial<Record<IncompatibilityKind, RuleCode>> = {
  'enum-symbols': 'AV109',
  'missing-default': 'AV102',
  'missing-branch': 'AV107',
}

/** The verdict's own first reason, where the walk found none. */
const bare = (
  reason: Incompatibility,
  direction: Direction,
  pair: { readonly old: Schema; readonly new: Schema },
): Change => {
  const [old, next] = direction === 'backward' ? [reason.writer, reason.reader] : [reason.reader, reason.writer]
  const code = (direction === 'forward' ? forwardCodes[reason.kind] : undefined) ?? codes[reason.kind]
  return changeOf(code, {
    old: { spot: old, value: typeText(old) },
    new: { spot: next, value: typeText(next) },
    path: '',
    shows: pair,
    direction,
    message: `${reason.message} (at ${reason.path || 'the top'} of the reader)`,
  })
}
