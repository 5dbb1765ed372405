// What our codec does with the pair: more than the wire asks, and for all records at once.
import type { Direction } from '../../avro/compat.ts'
import type { Schema } from '../../avro/schema.ts'
import type { Axis } from '../finding.ts'
import { type NodeReason, type NodeReasonKind, nodeReason } from '../node.ts'
import type { RuleCode } from '../rules/index.ts'
import { type Change, changeOf } from './change.ts'
import { typeText } from './describe.ts'
import { holds, isWire } from './reconcile.ts'

/** Changes of which Avro minds only those records that use them. */
const partial: readonly RuleCode[] = ['AV106', 'AV107', 'AV108', 'AV109']

/** Adds the axis NODE where our codec refuses too, and a finding of its own where it refuses more. */
export const onNode = (
  changes: readonly Change[],
  pair: { readonly old: Schema; readonly new: Schema },
): readonly Change[] => {
  const reasons = {
    backward: nodeReason(pair.new, pair.old, 'franz'),
    forward: nodeReason(pair.old, pair.new, 'franz'),
  }
  const marked = changes.map(change => {
    const refused = (['backward', 'forward'] as const).some(each => holds(change, each) && reasons[each] !== undefined)
    return isWire(change) ? { ...change, axis: withNode(change.axis, refused) } : change
  })
  const more = (['backward', 'forward'] as const).flatMap(direction => {
    const reason = reasons[direction]
    return reason === undefined ? [] : extra(reason, direction, marked, pair)
  })
  return [...marked, ...more]
}

const withNode = (axis: Change['axis'], refused: boolean): Change['axis'] => {
  const others = axis.filter((each): each is Exclude<Axis, 'NODE'> => each !== 'NODE')
  return refused ? [others[0]!, 'NODE', ...others.slice(1)] : (others as unknown as Change['axis'])
}

const codes: Partial<Record<NodeReasonKind, RuleCode>> = {
  schema: 'AV603',
  'ambiguous-alias': 'AV203',
  logical: 'AV302',
}

const extra = (
  reason: NodeReason,
  direction: Direction,
  changes: readonly Change[],
  pair: { readonly old: Schema; readonly new: Schema },
): readonly Change[] => {
  const refuses = (change: Change) => change.level === 'error' && change.axis.includes('NODE')
  const known = changes.filter(change => holds(change, direction) && refuses(change))
  const wire = known.filter(isWire)
  if (wire.length > 0 && wire.every(({ code }) => partial.includes(code))) return [eager(wire[0]!, direction)]
  if (known.length > 0) return []
  // A schema that our codec could not open before is nothing that changed.
  if (reason.kind === 'schema' && direction === 'forward') return []
  const [old, next] = direction === 'backward' ? [reason.writer, reason.reader] : [reason.reader, reason.writer]
  return [
    changeOf(codes[reason.kind] ?? 'AV206', {
      old: { spot: old, value: typeText(old) },
      new: { spot: reason.at ?? next, value: typeText(next) },
      path: '',
      shows: pair,
      direction,
      axis: ['NODE'],
      message: `our codec cannot read ${direction === 'backward' ? 'old data' : 'new data with the old schema'}: ${reason.message}`,
    }),
  ]
}

const eager = (cause: Change, direction: Direction): Change =>
  changeOf('AV206', {
    old: cause.old,
    new: cause.new,
    path: cause.path,
    shows: { old: cause.shows.old, new: cause.shows.new },
    direction,
    message:
      direction === 'backward'
        ? 'on Node not one old record can be read with the new schema, whether it uses what was removed or not'
        : 'on Node not one new record can be read with the old schema, whether it uses what was added or not',
  })
