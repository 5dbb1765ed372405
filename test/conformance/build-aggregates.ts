/** count, reduce, aggregate and cogroup, of a stream or of a table, of all time or by window, as `Aggregations.java` has them. */
import { type Group, type Hopping, type Sliding, type Tumbling, text } from '../../topology/index.ts'
import type { CaseNode, Window } from './case-format.ts'
import { aggregator, initial, merger, reducer, rekeyer, type Text } from './functions.ts'
import type { Handle, Handles, TextTable } from './handles.ts'
import { cell, nameOf, versioned } from './lane.ts'

type Aggregate = Extract<CaseNode, { op: 'count' | 'reduce' | 'aggregate' }>
type Cogroup = Extract<CaseNode, { op: 'cogroup' }>

const init = () => initial

export function aggregated(handles: Handles, node: Aggregate | Cogroup): Handle {
  if (node.op === 'cogroup') return cogrouped(handles, node)
  if ('table' in handles.get(node.from[0]!)) return { table: ofTable(handles.table(node.from[0]!), node) }
  const group = grouped(handles, node, 0)
  if (node.window !== undefined) return byWindow(group, node, node.window)
  const table = forAllTime(group, node)
  // An aggregate of ours keeps no versions; a table of its changes does.
  return {
    table: node.historyMs === undefined ? table : table.changes().table(`${nameOf(node.id)}-versions`, versioned(node)),
  }
}

type TextGroup = Group<Text, string>

function grouped(handles: Handles, node: Aggregate | Cogroup, input: number): TextGroup {
  const lane = handles.lane(node.from[input]!)
  const by = 'by' in node && node.by !== undefined ? lane.rekey(rekeyer(node.by)) : lane
  return by.settled(`${node.id}-by-${input}`).group()
}

function forAllTime(group: TextGroup, node: Aggregate): TextTable {
  const name = nameOf(node.id)
  if (node.op === 'count') return group.count(name).map(String, { as: text })
  if (node.op === 'reduce') return group.reduce(name, reducer(node.reducer!))
  return group.aggregate(name, { init, add: aggregator(node.aggregator!), as: text })
}

function byWindow(group: TextGroup, node: Aggregate, window: Window): Handle {
  const name = nameOf(node.id)
  if (window.type === 'session') {
    const sessions = group.session({ gap: window.gapMs, grace: window.graceMs })
    if (node.op === 'count') return { windows: sessions.count(name).map(String, { as: text }) }
    if (node.op === 'reduce') return { windows: sessions.reduce(name, reducer(node.reducer!)) }
    const add = aggregator(node.aggregator!)
    return { windows: sessions.aggregate(name, { init, add, merge: merger(node.aggregator!), as: text }) }
  }
  const windows = windowedBy(group, window)
  if (node.op === 'count') return { windows: windows.count(name).map(String, { as: text }) }
  if (node.op === 'reduce') return { windows: windows.reduce(name, reducer(node.reducer!)) }
  return { windows: windows.aggregate(name, { init, add: aggregator(node.aggregator!), as: text }) }
}

interface Windowable<Windows> {
  tumbling(windows: Tumbling): Windows
  hopping(windows: Hopping): Windows
  sliding(windows: Sliding): Windows
}

function windowedBy<Windows>(group: Windowable<Windows>, window: Exclude<Window, { type: 'session' }>): Windows {
  const { graceMs: grace } = window
  switch (window.type) {
    case 'tumbling':
      return group.tumbling({ size: window.sizeMs, grace })
    case 'hopping':
      return group.hopping({ size: window.sizeMs, every: window.advanceMs, grace })
    case 'sliding':
      return group.sliding({ within: window.differenceMs, grace })
  }
}

function ofTable(table: TextTable, node: Aggregate): TextTable {
  const name = nameOf(node.id)
  const group = table.group(`${name}-by`, rekeyer(node.by!), { key: cell })
  if (node.op === 'count') return group.count(name).map(String, { as: text })
  if (node.op === 'reduce') {
    return group.reduce(name, { add: reducer(node.adder!), subtract: reducer(node.subtractor!) })
  }
  const [add, subtract] = [aggregator(node.adder!), aggregator(node.subtractor!)]
  return group.aggregate(name, { init, add, subtract, as: text })
}

function cogrouped(handles: Handles, node: Cogroup): Handle {
  const name = nameOf(node.id)
  const [first, ...more] = node.aggregators.map(aggregator)
  let cogroup = grouped(handles, node, 0).cogroup({ init, add: first!, as: text })
  for (const [at, add] of more.entries()) cogroup = cogroup.with(grouped(handles, node, at + 1), add)
  const { window } = node
  if (window === undefined) return { table: cogroup.aggregate(name) }
  if (window.type === 'session') {
    const sessions = cogroup.session({ gap: window.gapMs, grace: window.graceMs })
    return { windows: sessions.aggregate(name, { merge: merger(node.aggregators[0]!) }) }
  }
  return { windows: windowedBy(cogroup, window).aggregate(name) }
}
