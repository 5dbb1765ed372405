/** Builds a case's topology with our library, as `TopologyFromSpec.java` builds it with Kafka Streams. */
import { type Draft, type Topology, text, topology } from '../../topology/index.ts'
import { aggregated } from './build-aggregates.ts'
import { joined, joinedWithin, lookedUp } from './build-joins.ts'
import type { CaseNode } from './case-format.ts'
import { flatMapper, mapper, predicate, rekeyer } from './functions.ts'
import { type Handle, Handles, type TextWindows } from './handles.ts'
import { keepingLast } from './keep-last.ts'
import { cell, type Lane, laneOf, laneUnder, nameOf, textTopic, versioned } from './lane.ts'

export function build(nodes: readonly CaseNode[]): Topology {
  return topology('case', draft => {
    const handles = new Handles()
    for (const node of nodes) add(draft, handles, node)
    for (const lane of handles.unused()) lane.discard()
  })
}

function add(draft: Draft, handles: Handles, node: CaseNode): void {
  if (node.op === 'to') handles.lane(node.from[0]!).to(node.topic)
  else if (node.op === 'branch') {
    const arms = node.arms.map(({ id, when }) => ({ id, when: when && predicate(when) }))
    const lanes = handles.lane(node.from[0]!).branch(arms)
    for (const [at, { id }] of arms.entries()) handles.put(id, { lane: lanes[at]! })
  } else handles.put(node.id, handleOf(draft, handles, node))
}

type Making = Exclude<CaseNode, { op: 'to' | 'branch' }>

function handleOf(draft: Draft, handles: Handles, node: Making): Handle {
  const lane = () => handles.lane('from' in node ? node.from[0]! : '')
  switch (node.op) {
    case 'stream':
      return { lane: laneOf(draft.stream(textTopic(node.topic), { tombstones: 'keep' })) }
    case 'table':
      return { table: draft.table(nameOf(node.id), textTopic(node.topic), versioned(node)) }
    case 'globalTable':
      return { globalTable: draft.globalTable(nameOf(node.id), textTopic(node.topic)) }
    case 'map':
    case 'filter':
      return mappedOrFiltered(handles, node)
    case 'flatMap':
      return { lane: lane().change(node.id, stream => stream.flatMap(flatMapper(node.values), { as: cell })) }
    case 'merge':
      return {
        lane: lane().merge(
          node.id,
          node.from.slice(1).map(id => handles.lane(id)),
        ),
      }
    case 'peek':
      return { lane: lane().peek() }
    case 'rekey':
      return { lane: lane().rekey(rekeyer(node.key)) }
    case 'repartition':
      return { lane: repartitioned(lane(), node.id) }
    case 'toTable':
      return { table: lane().settled(`${node.id}-by`).table(nameOf(node.id), versioned(node)) }
    case 'changes':
      return changesOf(handles.get(node.from[0]!))
    case 'suppress':
      return { windows: windowsOf(handles.get(node.from[0]!)).suppress(nameOf(node.id)) }
    case 'process':
      return { lane: lane().change(node.id, stream => keepingLast(stream, node)) }
    case 'join':
      return joined(handles, node)
    case 'lookup':
      return lookedUp(handles, node)
    case 'joinWithin':
      return joinedWithin(handles, node)
    default:
      return aggregated(handles, node)
  }
}

function mappedOrFiltered(handles: Handles, node: Extract<CaseNode, { op: 'map' | 'filter' }>): Handle {
  const from = handles.get(node.from[0]!)
  if ('lane' in from && node.op === 'filter') return { lane: from.lane.filter(predicate(node.keep)) }
  if ('lane' in from && node.op === 'map') {
    return { lane: from.lane.change(node.id, stream => stream.map(mapper(node.value), { as: cell })) }
  }
  const table = handles.table(node.from[0]!)
  if (node.op === 'filter') return { table: table.filter(predicate(node.keep)) }
  return { table: table.map(mapper(node.value), { as: text }) }
}

/** Kafka's repartition drops null keys. Our rekey keeps them, for a left join behind it wants them. */
function repartitioned(lane: Lane, id: string): Lane {
  const keyed = lane.filter((_, key) => key !== null).rekey((_, key) => key)
  return laneOf(keyed.settled(id))
}

/** A windowed key becomes `key@start-end`, so that all that follows is text again. */
function changesOf(from: Handle): Handle {
  if ('table' in from) return { lane: laneOf(from.table.changes()) }
  const changes = windowsOf(from).changes()
  return { lane: laneUnder(changes, (_, { key, start, end }) => `${key}@${start}-${end}`) }
}

function windowsOf(handle: Handle): TextWindows {
  if ('windows' in handle) return handle.windows
  throw new Error('this is not a windowed table')
}
