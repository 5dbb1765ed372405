import type { CaseNode, CaseSpec } from '../case-format.ts'
import { transitions } from './stream-joins.ts'
import { changesTo, firstLetter, join, named, plus, steps, stream, table, to, versionedTable } from './write.ts'

const streamTable = (name: string, nodes: CaseNode[], given: CaseSpec['steps']): CaseSpec => ({
  name,
  topology: [...nodes, to('joined')],
  steps: given,
})

const lookedUp = steps(`
  right a A 50
  left a x 10
  left b y 60
  right - B 61
  left - z 62
  left a - 63
  right a C 5
  left a w 4
  right a - 70
  left a v 71
`)

const asOf = steps(`
  right k v10 10
  left k x 9
  left k x 10
  right k v20 20
  left k x 15
  right k v5 5
  left k x 7
  right k - 25
  left k x 30
  left k x 24
  right q v45 45
  left k x 24
  left k x 25
  right k v10 10
  right k v25 25
  left k x 26
  left q x 46
  right k v90 90
  left q x 47
  left k x 47
  left - x 47
`)

const buffered = steps(`
  right k v10 10
  left k a 12
  right k v11 11
  left m b 22
  left k c 23
  left k d 10
  left k e 13
  left a f 14
  right a v14 14
  left a g 33
  left k - 50
  left a h 33
  left b i 33
  left a j 90
  right a v80 80
  left a k 101
  left a l 40
  left a m 200
`)

export const streamTableCases: CaseSpec[] = [
  streamTable(
    'join stream-table inner, every transition',
    [stream('left'), table('right'), join('left', 'right', 'inner')],
    transitions,
  ),
  streamTable(
    'join stream-table left, every transition',
    [stream('left'), table('right'), join('left', 'right', 'left')],
    transitions,
  ),
  streamTable(
    'join stream-table inner takes the value of now, whatever its time',
    [stream('left'), table('right'), join('left', 'right', 'inner')],
    lookedUp,
  ),
  streamTable(
    'join stream-table left with null keys',
    [stream('left'), table('right'), join('left', 'right', 'left')],
    lookedUp,
  ),
  streamTable(
    'join stream-table left behind a changed key',
    [
      stream('left'),
      table('right'),
      { id: 'leftBy', op: 'rekey', from: ['left'], key: firstLetter },
      join('leftBy', 'right', 'left'),
    ],
    steps("right a A 50\n left k ab 10\n left k '' 11\n left k - 12\n left - b 13\n left - ac 14"),
  ),
  streamTable(
    'join stream-table inner behind a changed key',
    [
      stream('left'),
      table('right'),
      { id: 'leftBy', op: 'rekey', from: ['left'], key: firstLetter },
      join('leftBy', 'right', 'inner'),
    ],
    steps("right a A 50\n left k ab 10\n left k '' 11\n left k - 12\n left - b 13\n left - ac 14"),
  ),
  streamTable(
    'join with a filtered and mapped table',
    [
      stream('left'),
      table('right'),
      { id: 'kept', op: 'filter', from: ['right'], keep: named('not', { of: named('contains', { text: 'C' }) }) },
      { id: 'marked', op: 'map', from: ['kept'], value: named('append', { text: '!' }) },
      join('left', 'marked', 'left'),
    ],
    lookedUp,
  ),
  streamTable(
    'join with a joined table',
    [
      stream('left'),
      table('right'),
      table('third'),
      { ...join('right', 'third', 'outer'), id: 'tables' } as CaseNode,
      join('left', 'tables', 'inner'),
    ],
    [...steps('left a p 1\n third b T 2'), ...lookedUp, ...steps('third a U 80\n left a q 1')],
  ),
  streamTable(
    'as-of join inner: the latest version not after the record',
    [stream('left'), versionedTable('right', 20), join('left', 'right', 'inner')],
    asOf,
  ),
  streamTable(
    'as-of join left: before history, beyond retention, the latest never expires',
    [stream('left'), versionedTable('right', 20), join('left', 'right', 'left')],
    asOf,
  ),
  streamTable(
    'as-of join with a filter of a versioned table',
    [
      stream('left'),
      versionedTable('right', 20),
      { id: 'kept', op: 'filter', from: ['right'], keep: named('contains', { text: '5' }) },
      join('left', 'kept', 'left'),
    ],
    asOf,
  ),
  streamTable(
    'as-of join inner with grace',
    [stream('left'), versionedTable('right', 100), join('left', 'right', 'inner', 10)],
    buffered,
  ),
  streamTable(
    'as-of join left with grace',
    [stream('left'), versionedTable('right', 100), join('left', 'right', 'left', 10)],
    buffered,
  ),
  streamTable(
    'as-of join without grace in the buffer',
    [stream('left'), versionedTable('right', 100), join('left', 'right', 'left', 0)],
    buffered,
  ),
]

const everywhere = (kind: 'inner' | 'left'): CaseNode => ({
  id: 'joined',
  op: 'lookup',
  from: ['left', 'right'],
  kind,
  key: firstLetter,
  joiner: plus,
})

const globally = steps(`
  left k ax 10
  right a A 50
  left k ay 11
  left - az 12
  left k '' 13
  left k - 14
  left - '' 14
  right - B 1
  right a C 5
  left k aw 3
  right a - 60
  left k av 4
`)

export const globalCases: CaseSpec[] = [
  {
    name: 'lookup in a global table, inner',
    topology: [stream('left'), { id: 'right', op: 'globalTable', topic: 'right' }, everywhere('inner'), to('joined')],
    steps: globally,
  },
  {
    name: 'lookup in a global table, left',
    topology: [stream('left'), { id: 'right', op: 'globalTable', topic: 'right' }, everywhere('left'), to('joined')],
    steps: globally,
  },
  {
    name: 'lookup in a global table, counted on',
    topology: [
      stream('left'),
      { id: 'right', op: 'globalTable', topic: 'right' },
      everywhere('left'),
      { id: 'counts', op: 'count', from: ['joined'], by: named('value') },
      ...changesTo('counts'),
    ],
    steps: globally,
  },
]
