/** Ways to come by a stream or a table, and to go on from one. */
import { type Draft, type Handle, together } from './draft.ts'
import { foreignKey, globalLookup, streamTable, tableTable, within } from './joins.ts'
import * as stateful from './stateful.ts'
import * as stateless from './stateless.ts'

export function source(draft: Draft): Handle {
  return draft.source('stream')
}

/** A few stateless steps on a stream; the key stays unless `rekeys`. */
export function strolled(draft: Draft, from: Handle, steps: number, rekeys: boolean): Handle {
  let at = from
  for (let step = 0; step < steps; step += 1) at = stroll(draft, at, rekeys && !at.unordered && !draft.timers)
  return at
}

function stroll(draft: Draft, from: Handle, rekeys: boolean): Handle {
  const { dice } = draft
  const ways = [stateless.map, stateless.map, stateless.filter, stateless.flatMap, stateless.peek, branched]
  if (rekeys) ways.push(stateless.rekey, stateless.rekey)
  return dice.pick(ways)(draft, from)
}

/** A branch of which one arm goes on, or all of them together again. */
export function branched(draft: Draft, from: Handle): Handle {
  const { dice } = draft
  const arms = stateless.branch(draft, from)
  if (dice.chance(0.5)) return dice.pick(arms)
  const changed = arms.map(arm => (dice.chance(0.5) ? stateless.map(draft, arm) : arm))
  return merged(draft, changed)
}

export function merged(draft: Draft, handles: readonly Handle[]): Handle {
  return draft.add({ op: 'merge', from: handles.map(handle => handle.id) }, together(handles, 'stream'))
}

/** Any stream: mostly a source and a few steps, sometimes the changes of an aggregate. */
export function anyStream(draft: Draft, rekeys = true): Handle {
  const { dice } = draft
  if (dice.chance(0.12)) {
    const table = stateful.ofStream(draft, source(draft), dice.pick(['count', 'reduce', 'aggregate']))
    return strolled(draft, draft.changes(table), dice.between(0, 1), rekeys)
  }
  return strolled(draft, source(draft), dice.between(0, 2), rekeys)
}

/** Any table: a source, the latest of a stream, an aggregate. */
export function anyTable(draft: Draft): Handle {
  const { dice } = draft
  const way = dice.roll()
  if (way < 0.55) return varied(draft, draft.source('table'))
  if (way < 0.75) return varied(draft, stateful.toTable(draft, anyStream(draft)))
  return stateful.ofStream(draft, anyStream(draft), dice.pick(['reduce', 'reduce', 'aggregate', 'count']))
}

/** A table whose old values are right, as grouping and foreign keys need. */
export function soundTable(draft: Draft): Handle {
  const { dice } = draft
  const way = dice.roll()
  if (way < 0.6) return varied(draft, draft.source('table'))
  if (way < 0.8) return varied(draft, stateful.toTable(draft, anyStream(draft)))
  return stateful.ofStream(draft, anyStream(draft), 'reduce')
}

export function varied(draft: Draft, table: Handle): Handle {
  const { dice } = draft
  if (table.oldValue === 'closed' || dice.chance(0.6)) return table
  return dice.chance(0.5) ? tableFilter(draft, table) : stateless.map(draft, table)
}

function tableFilter(draft: Draft, table: Handle): Handle {
  return table.oldValue === 'spread' ? stateless.map(draft, table) : stateless.filter(draft, table)
}

/** A table of which one record changes one entry once, so that no answer to a reference is stale. */
export function steadyTable(draft: Draft): Handle {
  const table = soundTable(draft)
  return table.several ? draft.source('table') : table
}

/** Goes on from anything for a while; what is left loose ends in topics. */
export function goOn(draft: Draft, from: Handle, steps: number): void {
  if (steps === 0 || draft.timers) return
  if (from.kind === 'windowed') goOn(draft, onFromWindows(draft, from), steps - 1)
  else if (from.kind === 'table') goOn(draft, onFromTable(draft, from), steps - 1)
  else goOn(draft, onFromStream(draft, from), steps - 1)
}

function onFromWindows(draft: Draft, from: Handle): Handle {
  const suppresses = !from.unordered && draft.dice.chance(0.3)
  return draft.changes(suppresses ? stateful.suppress(draft, from) : from)
}

function onFromTable(draft: Draft, from: Handle): Handle {
  const { dice } = draft
  if (from.oldValue === 'closed' || from.unordered) return draft.changes(from)
  const way = dice.roll()
  if (way < 0.3) return draft.changes(from)
  if (way < 0.5) return tableFilter(draft, from)
  if (way < 0.6) return stateless.map(draft, from)
  if (way < 0.8) return tableTable(draft, from, anyTable(draft), dice.pick(['inner', 'left', 'outer']))
  if (way < 0.9 && from.oldValue === 'right' && !from.several)
    return foreignKey(draft, from, draft.source('table'), dice.pick(['inner', 'left']))
  if (from.oldValue === 'right') return stateful.ofTable(draft, from, dice.pick(['count', 'reduce', 'aggregate']))
  return draft.changes(from)
}

function onFromStream(draft: Draft, from: Handle): Handle {
  const { dice } = draft
  const way = dice.roll()
  if (way < 0.35) return strolled(draft, from, 1, true)
  if (way < 0.55) return stateful.ofStream(draft, from, dice.pick(['count', 'reduce', 'aggregate']))
  if (way < 0.65) return streamTable(draft, from, anyTable(draft), dice.pick(['inner', 'left']))
  if (way < 0.72) return stateful.toTable(draft, from)
  if (way < 0.8) return globalLookup(draft, from, draft.source('table', { global: true }), dice.pick(['inner', 'left']))
  if (from.unordered) return from
  if (way < 0.85) return within(draft, from, anyStream(draft), 'inner')
  return stateful.windowed(
    draft,
    from,
    dice.pick(['count', 'reduce', 'aggregate']),
    dice.pick(['tumbling', 'hopping', 'sliding', 'session']),
  )
}
