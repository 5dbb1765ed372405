/** join (same key), lookup (another key) and joinWithin (two streams within a time), as `Joins.java` has them. */
import { text } from '../../topology/index.ts'
import type { CaseNode } from './case-format.ts'
import { joiner, rekeyer, type Text } from './functions.ts'
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
  if (graceMs !== undefined) throw new Error('not there yet: join as of a time')
  const stream = handles.lane(leftId).settled(`${node.id}-left`)
  return {
    lane: laneOf(
      stream.join(right, (value, row) => merge(value ?? undefined, row), { kind }).map(value => value, { as: cell }),
    ),
  }
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
  const how = { key, with: (value: Text, row?: string) => merge(value ?? undefined, row), kind, as: cell }
  return { lane: handles.lane(leftId).change(node.id, stream => stream.lookup(right.globalTable, how)) }
}

export function joinedWithin(_handles: Handles, _node: Node<'joinWithin'>): Handle {
  throw new Error('not there yet: joinWithin')
}
