/** What can be said of a case by looking at its topology. */
import type { CaseNode } from './case-format.ts'

const kindOf = (nodes: readonly CaseNode[], id: string): 'stream' | 'table' | 'global' | 'windowed' => {
  const node = nodes.find(each => each.id === id)
  if (!node) return 'stream' // the arm of a branch
  switch (node.op) {
    case 'globalTable':
      return 'global'
    case 'suppress':
      return 'windowed'
    case 'table':
    case 'toTable':
      return 'table'
    case 'count':
    case 'reduce':
    case 'aggregate':
    case 'cogroup':
      return node.window ? 'windowed' : 'table'
    case 'filter':
    case 'map':
    case 'join':
      return kindOf(nodes, node.from[0]!)
    case 'lookup':
      return kindOf(nodes, node.from[1]!) === 'global' ? 'stream' : 'table'
    default:
      return 'stream'
  }
}

const isVersioned = (nodes: readonly CaseNode[], id: string): boolean => {
  const node = nodes.find(each => each.id === id)
  if (!node) return false
  if ('historyMs' in node && node.historyMs !== undefined) return true
  return (node.op === 'filter' || node.op === 'map') && !node.stored && isVersioned(nodes, node.from[0]!)
}

/** The name of the operator that a node is, as the coverage table counts it. */
export function operator(nodes: readonly CaseNode[], node: CaseNode): string {
  const from = (index: number) => ('from' in node ? kindOf(nodes, node.from[index]!) : 'stream')
  switch (node.op) {
    case 'table':
    case 'toTable':
      return node.historyMs === undefined ? node.op : `${node.op} with history`
    case 'filter':
    case 'map':
      return from(0) === 'table' ? `${node.op} of a table` : node.op
    case 'count':
    case 'reduce':
    case 'aggregate':
      if (node.window) return `${node.op} ${node.window.type}`
      return from(0) === 'table' ? `${node.op} of a table` : node.op
    case 'cogroup':
      return node.window ? `cogroup ${node.window.type}` : 'cogroup'
    case 'suppress': {
      const windows = nodes.find(each => each.id === node.from[0])
      return `suppress ${windows && 'window' in windows ? windows.window?.type : ''}`
    }
    case 'join': {
      if (from(0) === 'table') return `join table-table ${node.kind}`
      if (node.graceMs !== undefined) return `join as-of ${node.kind} with grace`
      return isVersioned(nodes, node.from[1]!) ? `join as-of ${node.kind}` : `join stream-table ${node.kind}`
    }
    case 'lookup':
      return `lookup ${from(1) === 'global' ? 'global' : 'foreign key'} ${node.kind}`
    case 'joinWithin':
      return `joinWithin ${node.kind}`
    default:
      return node.op
  }
}

/** Whether an operator emits several keys at once, whose order among each other nobody should rely on. */
export function isUnordered(nodes: readonly CaseNode[]): boolean {
  return nodes.some(node => {
    const name = operator(nodes, node)
    return /^(suppress|lookup foreign|joinWithin (left|outer)|join as-of .* with grace)/.test(name)
  })
}

/** The topology without names and sizes: two cases of one shape are drawn alike. */
export function shape(nodes: readonly CaseNode[]): string {
  const places = new Map<string, number>()
  return nodes
    .map((node, place) => {
      places.set(node.id, place)
      if (node.op === 'branch') for (const arm of node.arms) places.set(arm.id, place)
      const from = 'from' in node ? node.from.map(id => places.get(id)).join(',') : ''
      return `${operator(nodes, node)}(${from})`
    })
    .join(' ')
}
