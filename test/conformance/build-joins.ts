/** join (same key), lookup (another key) and joinWithin (two streams within a time), as `Joins.java` has them. */
import { text } from '../../topology/index.ts'
import type { CaseNode } from './case-format.ts'
import { joiner, rekeyer } from './functions.ts'
import type { Handle, Handles } from './handles.ts'
import { cell, laneOf, nameOf } from './lane.ts'

type Node<Op extends CaseNode['op']> = Extract<CaseNode, { op: Op }>

export function joined(handles: Handles, node: Node<'join'>): Handle {
  const [leftId, rightId] = node.from as [string, string]
  const left = handles.get(leftId)
  const right = handles.table(rightId)
  const { kind, graceMs } = node
  const merge = joiner(node.joiner)
  if ('table' in left) return { table: left.table.join(right, merge, { kind, as: text }) }
  if (kind === 'outer') throw new Error('no stream is joined with a table on the outer side')
  const waits = graceMs === undefined ? {} : { grace: graceMs, buffer: `${nameOf(node.id)}-buffer` }
  const ofRecord = (value: string, row?: string) => merge(value, row)
  const stream = handles.lane(leftId).settled(`${node.id}-left`)
  return { lane: laneOf(stream.join(right, ofRecord, { kind, as: cell, ...waits })) }
}

export function lookedUp(handles: Handles, node: Node<'lookup'>): Handle {
  const [leftId, rightId] = node.from as [string, string]
  const { kind } = node
  const key = rekeyer(node.key)
  const merge = joiner(node.joiner)
  const right = handles.get(rightId)
  if (!('globalTable' in right)) {
    const how = { key, with: merge, kind, as: text }
    return { table: handles.table(leftId).lookup(nameOf(node.id), handles.table(rightId), how) }
  }
  const how = { key, with: (value: string, row?: string) => merge(value, row), kind, as: cell }
  return { lane: handles.lane(leftId).change(node.id, stream => stream.lookup(right.globalTable, how)) }
}

export function joinedWithin(handles: Handles, node: Node<'joinWithin'>): Handle {
  const { id, kind, beforeMs: before, afterMs: after, graceMs: grace } = node
  const [left, right] = node.from.map((from, at) => handles.lane(from).settled(`${id}-side-${at}`))
  const how = { before, after, grace, kind, merge: joiner(node.joiner), as: cell }
  return { lane: laneOf(left!.joinWithin(nameOf(id), right!, how)) }
}
