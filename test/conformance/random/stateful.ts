import type { Named, Window } from '../case-format.ts'
import { type Draft, type Facts, type Handle, settled, together } from './draft.ts'
import { rekeyer, withoutNulls } from './stateless.ts'

export type Aggregate = 'count' | 'reduce' | 'aggregate'
export type WindowType = Window['type']

const reducers = ['concat', 'max', 'latest']
const aggregators = ['concat', 'concatUpper', 'addLength', 'listAdd']

export function window(draft: Draft, type: WindowType): Window {
  const { dice } = draft
  const sizeMs = dice.between(5, 15)
  if (type === 'tumbling') return { type, sizeMs, graceMs: dice.between(0, 8) }
  if (type === 'hopping') return { type, sizeMs, advanceMs: dice.between(2, sizeMs - 1), graceMs: dice.between(0, 8) }
  draft.thirds = true
  const graceMs = 3 * dice.between(0, 6) + 1
  const spanMs = 3 * dice.between(2, 6)
  return type === 'sliding' ? { type, differenceMs: spanMs, graceMs } : { type, gapMs: spanMs, graceMs }
}

function aggregator(draft: Draft, deleting: boolean): Named {
  if (deleting && draft.dice.chance(0.2)) return { fn: 'clearOn', text: draft.dice.pick(['a', 'b', 'x y']) }
  return { fn: draft.dice.pick(aggregators) }
}

/** The options of a count, a reduce or an aggregate of a stream. */
function options(draft: Draft, op: Aggregate, deleting: boolean) {
  if (op === 'count') return { op }
  if (op === 'reduce') return { op, reducer: { fn: draft.dice.pick(reducers) } }
  return { op, aggregator: aggregator(draft, deleting) }
}

/** Groups by another key now and then; it is a repartition named by the node. */
function grouping(draft: Draft, from: Handle): { by?: Named; facts: Facts } {
  const facts = { ...from, nullKeys: false }
  if (from.unordered || draft.timers || !draft.dice.chance(0.3)) return { facts }
  return { by: rekeyer(draft), facts: { ...facts, rekeyed: true } }
}

export function ofStream(draft: Draft, from: Handle, op: Aggregate): Handle {
  const { by, facts } = grouping(draft, from)
  const node = { ...options(draft, op, true), from: [from.id], ...(by ? { by } : {}) }
  const deletes = 'aggregator' in node && node.aggregator?.fn === 'clearOn'
  const oldValue = op === 'reduce' ? 'right' : deletes ? 'closed' : 'direct'
  return draft.add(node, {
    ...settled(facts, draft.nextId()),
    kind: 'table',
    nullValues: true,
    oldValue,
  })
}

/** A subtractor undoes its adder, so that a group is what its members make it. */
export function ofTable(draft: Draft, from: Handle, op: Aggregate): Handle {
  const { dice } = draft
  const by: Named = from.oldValue === 'right' ? rekeyer(draft) : { fn: 'firstLetter' }
  const [adder, subtractor] = dice.pick([
    ['listAdd', 'listRemove'],
    ['addLength', 'subtractLength'],
  ])
  const undo = { adder: { fn: adder! }, subtractor: { fn: subtractor! } }
  const facts = settled({ ...from, rekeyed: true }, draft.nextId())
  const table: Facts = { ...facts, kind: 'table', nullValues: true, oldValue: 'right', several: true, versioned: false }
  if (op === 'count') return draft.add({ op, from: [from.id], by }, table)
  if (op === 'aggregate') return draft.add({ op, from: [from.id], by, ...undo }, table)
  return draft.add({ op, from: [from.id], by, adder: { fn: 'concat' }, subtractor: { fn: 'without' } }, table)
}

export function windowed(draft: Draft, given: Handle, op: Aggregate, type: WindowType): Handle {
  const from = withoutNulls(draft, given)
  const { by, facts } = grouping(draft, from)
  const node = options(draft, op, type !== 'sliding')
  return draft.add(
    { ...node, from: [from.id], ...(by ? { by } : {}), window: window(draft, type) },
    { ...settled(facts, draft.nextId()), kind: 'windowed', nullValues: true, several: true },
  )
}

export function cogroup(draft: Draft, given: readonly Handle[], type?: WindowType): Handle {
  const inputs = type ? given.map(each => withoutNulls(draft, each)) : given
  const aggregatorOf = { op: 'cogroup' as const, from: inputs.map(each => each.id) }
  const chosen = inputs.map((_, index) => ({ fn: index === 0 ? 'concat' : 'concatUpper' }))
  const facts = together(
    inputs.map((each, index) => ({ ...each, ...settled(each, `${draft.nextId()}-${index}`) })),
    'table',
  )
  const result: Facts = { ...facts, nullValues: true, nullKeys: false }
  if (!type) return draft.add({ ...aggregatorOf, aggregators: chosen }, { ...result, oldValue: 'direct' })
  const windows = window(draft, type)
  // Late for one input and not for the other is a quirk of Kafka Streams.
  if (draft.dice.chance(0.7)) draft.pastMaxMs = Math.min(draft.pastMaxMs, windows.graceMs)
  return draft.add({ ...aggregatorOf, aggregators: chosen, window: windows }, { ...result, kind: 'windowed' })
}

export function suppress(draft: Draft, from: Handle): Handle {
  return draft.add({ op: 'suppress', from: [from.id] }, { ...from, nullValues: false, unordered: true })
}

export function toTable(draft: Draft, from: Handle, historyMs?: number): Handle {
  const facts = settled({ ...from, nullKeys: false }, draft.nextId())
  return draft.add(
    { op: 'toTable', from: [from.id], ...(historyMs === undefined ? {} : { historyMs }) },
    { ...facts, kind: 'table', nullValues: true, oldValue: 'right', versioned: historyMs !== undefined },
  )
}

/** Its records may have another key, so a stateful operator behind it would repartition; with timers nothing may. */
export function process(draft: Draft, from: Handle): Handle {
  draft.timers = true
  const { dice } = draft
  const stream = { streamEveryMs: dice.between(5, 20) }
  const wall = { wallEveryMs: dice.between(5, 20) }
  const timers = dice.pick([stream, wall, { ...stream, ...wall }])
  return draft.add({ op: 'process', from: [from.id], ...timers }, { ...from, nullValues: false, rekeyed: true })
}
