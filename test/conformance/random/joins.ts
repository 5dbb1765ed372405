import type { JoinKind, Named } from '../case-format.ts'
import { type Draft, type Handle, settled, together } from './draft.ts'
import { toTable } from './stateful.ts'
import { withoutNullKeys } from './stateless.ts'

const plus: Named = { fn: 'plus' }

function joiner(draft: Draft, kind: JoinKind): Named {
  return kind === 'inner' && draft.dice.chance(0.15) ? { fn: draft.dice.pick(['left', 'right']) } : plus
}

/** Both sides as they arrive at the join. */
function arrived(draft: Draft, left: Handle, right: Handle, kind: Handle['kind']) {
  return together(
    [left, right].map((side, index) => ({ ...side, ...settled(side, `${draft.nextId()}-${index}`) })),
    kind,
  )
}

export function streamTable(draft: Draft, left: Handle, right: Handle, kind: 'inner' | 'left'): Handle {
  const facts = { ...arrived(draft, left, right, 'stream'), nullKeys: kind === 'left' && left.nullKeys }
  return draft.add(
    { op: 'join', from: [left.id, right.id], kind, joiner: joiner(draft, kind) },
    { ...facts, nullValues: false, oldValue: 'right' },
  )
}

/** The right side is versioned. A null key would crash a left join with grace (a deviation). */
export function asOf(draft: Draft, given: Handle, right: Handle, kind: 'inner' | 'left', grace: boolean): Handle {
  const left = grace ? withoutNullKeys(draft, given) : given
  const facts = { ...arrived(draft, left, right, 'stream'), nullKeys: kind === 'left' && left.nullKeys }
  const graceMs = draft.dice.between(0, 12)
  return draft.add(
    { op: 'join', from: [left.id, right.id], kind, joiner: plus, ...(grace ? { graceMs } : {}) },
    { ...facts, nullValues: false, oldValue: 'right', unordered: facts.unordered || grace },
  )
}

/** An aggregate that deletes tells wrong old values again and again; kept once more, the table tells right ones. */
const told = (draft: Draft, table: Handle): Handle =>
  table.oldValue === 'closed' ? toTable(draft, draft.changes(table)) : table

export function tableTable(draft: Draft, first: Handle, second: Handle, kind: JoinKind): Handle {
  const [left, right] = [told(draft, first), told(draft, second)]
  const facts = { ...arrived(draft, left, right, 'table'), nullValues: true }
  const stored = draft.dice.chance(0.3) ? { stored: true as const } : {}
  return draft.add({ op: 'join', from: [left.id, right.id], kind, joiner: joiner(draft, kind), ...stored }, facts)
}

export function foreignKey(draft: Draft, left: Handle, right: Handle, kind: 'inner' | 'left'): Handle {
  const facts = together([left, right], 'table')
  return draft.add(
    { op: 'lookup', from: [left.id, right.id], kind, key: { fn: 'firstLetter' }, joiner: joiner(draft, kind) },
    {
      ...facts,
      nullValues: true,
      unordered: true,
      oldValue: 'right',
      repartitions: `${facts.repartitions} ${draft.nextId()}`.trim(),
    },
  )
}

export function globalLookup(draft: Draft, left: Handle, right: Handle, kind: 'inner' | 'left'): Handle {
  const key = draft.dice.pick<Named>([{ fn: 'firstLetter' }, { fn: 'firstLetter' }, { fn: 'value' }])
  return draft.add(
    { op: 'lookup', from: [left.id, right.id], kind, key, joiner: joiner(draft, kind) },
    { ...left, nullValues: false },
  )
}

export function within(draft: Draft, left: Handle, right: Handle, kind: JoinKind): Handle {
  const { dice } = draft
  const reachMs = dice.between(3, 15)
  const symmetric = dice.chance(kind === 'inner' ? 0.4 : 0.7)
  const beforeMs = symmetric ? reachMs : dice.between(0, 15)
  const graceMs = dice.between(0, 20)
  const facts = arrived(draft, left, right, 'stream')
  const safeMs = Math.min(beforeMs, reachMs) + (kind === 'inner' ? Math.max(0, graceMs - 1) : 0)
  draft.pastMaxMs = Math.min(draft.pastMaxMs, safeMs)
  return draft.add(
    {
      op: 'joinWithin',
      from: [left.id, right.id],
      kind,
      beforeMs,
      afterMs: reachMs,
      graceMs,
      joiner: joiner(draft, kind),
    },
    { ...facts, nullValues: false, nullKeys: kind !== 'inner', unordered: facts.unordered || kind !== 'inner' },
  )
}
