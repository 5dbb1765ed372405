import type { Named } from '../case-format.ts'
import type { Draft, Handle } from './draft.ts'

const letters = ['a', 'b', 'c', 'x']

export function mapper(draft: Draft): Named {
  const { dice } = draft
  return dice.pick<Named>([
    { fn: 'append', text: dice.pick(['!', 'x', ' b']) },
    { fn: 'upper' },
    { fn: 'firstLetter' },
    { fn: 'ifNull', text: dice.pick(['a', 'none']) },
    { fn: 'nullIfLonger', length: dice.between(1, 4) },
  ])
}

export function predicate(draft: Draft): Named {
  const { dice } = draft
  const simple = dice.pick<Named>([
    { fn: 'longerThan', length: dice.between(1, 3) },
    { fn: 'contains', text: dice.pick(letters) },
    { fn: 'keyIs', text: dice.pick(letters) },
    { fn: 'isNull' },
  ])
  return dice.chance(0.4) ? { fn: 'not', of: simple } : simple
}

/** A predicate that no initial value of an aggregate passes. */
export function strictPredicate(draft: Draft): Named {
  const { dice } = draft
  return dice.pick<Named>([
    { fn: 'longerThan', length: dice.between(1, 3) },
    { fn: 'contains', text: dice.pick(letters) },
  ])
}

export function rekeyer(draft: Draft): Named {
  const { dice } = draft
  return dice.pick<Named>([
    { fn: 'firstLetter' },
    { fn: 'firstLetter' },
    { fn: 'value' },
    { fn: 'keyAppend', text: '2' },
    { fn: 'constant', text: 'k' },
  ])
}

const mayBeNull = new Set(['nullIfLonger', 'firstLetter'])

export function map(draft: Draft, from: Handle): Handle {
  const value = mapper(draft)
  const oldValue = from.oldValue === 'right' ? 'right' : 'spread'
  const nullValues = (from.nullValues && value.fn !== 'ifNull') || mayBeNull.has(value.fn)
  return draft.add({ op: 'map', from: [from.id], value, ...stored(draft, from) }, { ...from, nullValues, oldValue })
}

export function filter(draft: Draft, from: Handle): Handle {
  const keep = from.oldValue === 'right' ? predicate(draft) : strictPredicate(draft)
  const nullValues = from.kind === 'table' || (from.nullValues && keep.fn !== 'longerThan' && keep.fn !== 'contains')
  return draft.add({ op: 'filter', from: [from.id], keep, ...stored(draft, from) }, { ...from, nullValues })
}

export function withoutNulls(draft: Draft, from: Handle): Handle {
  if (!from.nullValues) return from
  const keep: Named = { fn: 'not', of: { fn: 'isNull' } }
  return draft.add({ op: 'filter', from: [from.id], keep }, { ...from, nullValues: false })
}

export function withoutNullKeys(draft: Draft, from: Handle): Handle {
  if (!from.nullKeys) return from
  const keep: Named = { fn: 'not', of: { fn: 'keyIsNull' } }
  return draft.add({ op: 'filter', from: [from.id], keep }, { ...from, nullKeys: false })
}

export function flatMap(draft: Draft, from: Handle): Handle {
  const values: Named = { fn: draft.dice.pick(['split', 'split', 'twice']) }
  const nullValues = from.nullValues && values.fn === 'twice'
  return draft.add({ op: 'flatMap', from: [from.id], values }, { ...from, nullValues, several: true })
}

export function peek(draft: Draft, from: Handle): Handle {
  return draft.add({ op: 'peek', from: [from.id] }, { ...from })
}

export function rekey(draft: Draft, from: Handle): Handle {
  const key = rekeyer(draft)
  return draft.add({ op: 'rekey', from: [from.id], key }, { ...from, rekeyed: true, nullKeys: true })
}

/** The arms of a branch; what is not used further flows into topics. */
export function branch(draft: Draft, from: Handle): Handle[] {
  const id = draft.nextId()
  const arms = [{ id: `arm${id}a`, when: predicate(draft) }]
  if (draft.dice.chance(0.5)) arms.push({ id: `arm${id}b`, when: predicate(draft) })
  return draft.addArms({ op: 'branch', from: [from.id], arms: [...arms, { id: `rest${id}` }] }, { ...from })
}

function stored(draft: Draft, from: Handle): { stored?: true } {
  return from.kind === 'table' && !from.versioned && draft.dice.chance(0.25) ? { stored: true } : {}
}
