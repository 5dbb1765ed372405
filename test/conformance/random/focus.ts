/** One recipe for each operator: a topology with that operator in its middle. */
import type { JoinKind } from '../case-format.ts'
import type { Draft, Handle } from './draft.ts'
import { anyStream, anyTable, branched, merged, soundTable, source, steadyTable, strolled, varied } from './grow.ts'
import * as joins from './joins.ts'
import * as stateful from './stateful.ts'
import * as stateless from './stateless.ts'

export type Recipe = (draft: Draft) => Handle

const aggregates: stateful.Aggregate[] = ['count', 'reduce', 'aggregate']
const windows: stateful.WindowType[] = ['tumbling', 'hopping', 'sliding', 'session']
const innerLeft = ['inner', 'left'] as const
const kinds: JoinKind[] = ['inner', 'left', 'outer']

const table = (draft: Draft) => varied(draft, draft.source('table'))
const versioned = (draft: Draft): Handle => {
  const historyMs = draft.dice.between(10, 60)
  if (draft.dice.chance(0.7)) return draft.source('table', { historyMs })
  return stateful.toTable(draft, source(draft), historyMs)
}

/** Inputs of a join whose times must not go back further than its window. */
const joinInput = (draft: Draft) => strolled(draft, source(draft), draft.dice.between(0, 1), true)

const plainRecipes: Recipe[] = [
  draft => stateless.map(draft, anyStream(draft)),
  draft => stateless.flatMap(draft, anyStream(draft)),
  draft => stateless.filter(draft, anyStream(draft)),
  draft => branched(draft, anyStream(draft)),
  draft => merged(draft, [anyStream(draft), anyStream(draft)]),
  draft => stateless.rekey(draft, anyStream(draft)),
  draft => diamond(draft, anyStream(draft)),
  draft => stateless.filter(draft, draft.source('table')),
  draft => stateless.map(draft, draft.source('table')),
  draft => stateless.filter(draft, versioned(draft)),
  draft => stateful.toTable(draft, anyStream(draft)),
  draft => versioned(draft),
  draft => stateful.process(draft, strolled(draft, source(draft), 1, false)),
  draft => stateful.process(draft, strolled(draft, merged(draft, [source(draft), source(draft)]), 1, false)),
]

const aggregateRecipes: Recipe[] = [
  ...aggregates.map(
    (op): Recipe =>
      draft =>
        stateful.ofStream(draft, anyStream(draft), op),
  ),
  ...aggregates.map(
    (op): Recipe =>
      draft =>
        stateful.ofTable(draft, soundTable(draft), op),
  ),
  ...windows.flatMap(type =>
    aggregates.map(
      (op): Recipe =>
        draft =>
          stateful.windowed(draft, anyStream(draft), op, type),
    ),
  ),
  ...windows.map(
    (type): Recipe =>
      draft =>
        stateful.suppress(draft, stateful.windowed(draft, anyStream(draft), draft.dice.pick(aggregates), type)),
  ),
  draft => stateful.cogroup(draft, [anyStream(draft), anyStream(draft)]),
  ...windows.map(
    (type): Recipe =>
      draft =>
        stateful.cogroup(draft, [anyStream(draft), source(draft)], type),
  ),
]

const joinRecipes: Recipe[] = [
  ...innerLeft.map(
    (kind): Recipe =>
      draft =>
        joins.streamTable(draft, anyStream(draft), anyTable(draft), kind),
  ),
  ...innerLeft.map(
    (kind): Recipe =>
      draft =>
        joins.asOf(draft, anyStream(draft), versioned(draft), kind, false),
  ),
  ...innerLeft.map(
    (kind): Recipe =>
      draft =>
        joins.asOf(draft, anyStream(draft), versioned(draft), kind, true),
  ),
  ...kinds.map(
    (kind): Recipe =>
      draft =>
        joins.tableTable(draft, anyTable(draft), anyTable(draft), kind),
  ),
  draft => joins.tableTable(draft, versioned(draft), versioned(draft), draft.dice.pick(kinds)),
  ...innerLeft.map(
    (kind): Recipe =>
      draft =>
        joins.foreignKey(draft, steadyTable(draft), table(draft), kind),
  ),
  ...innerLeft.map(
    (kind): Recipe =>
      draft =>
        joins.globalLookup(draft, anyStream(draft), draft.source('table', { global: true }), kind),
  ),
  ...kinds.flatMap((kind): Recipe[] => {
    const recipe: Recipe = draft => joins.within(draft, joinInput(draft), joinInput(draft), kind)
    return kind === 'inner' ? [recipe] : [recipe, recipe]
  }),
]

export const recipes: Recipe[] = [...plainRecipes, ...aggregateRecipes, ...joinRecipes]

/** One stream, two paths, together again; a path that repartitions would end in another order elsewhere. */
function diamond(draft: Draft, from: Handle): Handle {
  const first = stateless.map(draft, from)
  const second = draft.dice.chance(0.5) ? stateless.flatMap(draft, from) : stateless.filter(draft, from)
  return merged(draft, draft.dice.chance(0.5) ? [first, second] : [second, first])
}
