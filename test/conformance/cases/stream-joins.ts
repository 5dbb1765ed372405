import type { CaseNode, CaseSpec } from '../case-format.ts'
import { changesTo, firstLetter, join, named, plus, steps, stream, table, to, versionedTable, within } from './write.ts'

/** One key, every transition of two inputs: the table in the documentation of Kafka Streams. */
export const transitions = steps(`
  left k - 1
  right k - 2
  left k A 3
  right k a 4
  left k B 5
  right k b 6
  left k - 7
  right k - 8
  left k C 9
  right k c 10
  right k - 11
  left k - 12
  right k - 13
  right k d 14
  left k D 15
`)

const expiries = steps(`
  left k E 40
  left k F 60
  right k f 80
  left k G 100
`)

/** Matches at both edges of the window and just beyond, equal times, equal records, null keys. */
const edges = steps(`
  left a A 100
  right a a 110
  right a b 111
  right a c 94
  right a d 95
  left a B 101
  left a B 101
  right a e 101
  left - C 102
  right - f 103
  left a - 104
  right b g 105
  left b D 107
`)

const unmatched = steps(`
  left a A 100
  right b b 103
  left c C 105
  right c c 104
  left a B 125
  right b d 131
  left d D 150
  right e e 150
  left e E 180
  right z z 220
  left z Z 260
`)

const sides = [stream('left'), stream('right')]
const windowed = (name: string, node: CaseNode, given: CaseSpec['steps']): CaseSpec => ({
  name,
  topology: [...sides, node, to('joined')],
  steps: given,
})

export const withinCases: CaseSpec[] = [
  windowed('joinWithin inner, every transition', within('inner', 15, 15, 5), [...transitions, ...expiries]),
  windowed('joinWithin left, every transition', within('left', 15, 15, 5), [...transitions, ...expiries]),
  windowed('joinWithin outer, every transition', within('outer', 15, 15, 5), [...transitions, ...expiries]),
  windowed('joinWithin inner at the edges', within('inner', 5, 10, 20), edges),
  windowed('joinWithin left at the edges', within('left', 5, 10, 20), edges),
  windowed('joinWithin outer at the edges', within('outer', 20, 20, 20), edges),
  windowed('joinWithin only before', within('inner', 10, 0, 20), edges),
  windowed('joinWithin only after', within('inner', 0, 10, 20), edges),
  windowed(
    'joinWithin at the same time only',
    within('outer', 0, 0, 20),
    steps('left a A 100\n right a a 100\n left a B 100\n right b b 101\n left a C 102\n left a D 122\n left a E 123'),
  ),
  windowed('joinWithin inner, unmatched', within('inner', 10, 20, 5), unmatched),
  windowed('joinWithin left, unmatched', within('left', 10, 10, 5), unmatched),
  windowed('joinWithin left, unmatched, more after than before', within('left', 5, 20, 5), unmatched),
  windowed('joinWithin outer, unmatched', within('outer', 10, 10, 5), unmatched),
  windowed(
    'joinWithin outer, all expire at once: by time, right before left, by key',
    within('outer', 10, 10, 5),
    steps(`
      left b A 100
      right a a 100
      left a B 101
      right c b 101
      left d C 101
      left d D 101
      right e c 200
    `),
  ),
  {
    name: 'joinWithin of a stream with itself',
    topology: [stream('left'), { ...within('inner', 5, 5, 0), from: ['left', 'left'] } as CaseNode, to('joined')],
    steps: steps('left a A 1\n left a B 2\n left a C 2\n left b D 3\n left a E 7'),
  },
  {
    name: 'joinWithin inner behind changed keys drops null keys',
    topology: [
      ...sides,
      { id: 'leftBy', op: 'rekey', from: ['left'], key: firstLetter },
      { id: 'rightBy', op: 'rekey', from: ['right'], key: firstLetter },
      { ...within('inner', 10, 10, 5), from: ['leftBy', 'rightBy'] } as CaseNode,
      to('joined'),
    ],
    steps: steps(`
      left k ab 10
      right k ac 12
      right k '' 13
      left k '' 14
      left k b 15
      right - ba 16
      right k - 17
    `),
  },
  {
    name: 'joinWithin outer behind changed keys keeps null keys',
    topology: [
      ...sides,
      { id: 'leftBy', op: 'rekey', from: ['left'], key: firstLetter },
      { id: 'rightBy', op: 'rekey', from: ['right'], key: firstLetter },
      { ...within('outer', 10, 10, 5), from: ['leftBy', 'rightBy'] } as CaseNode,
      to('joined'),
    ],
    steps: steps(`
      left k ab 10
      right k ac 12
      right k '' 13
      left k '' 14
      left k b 15
      right k - 17
      right k ca 18
      left k z 60
    `),
  },
  {
    name: 'joinWithin left, its right side repartitioned',
    topology: [
      ...sides,
      { id: 'rightBy', op: 'rekey', from: ['right'], key: firstLetter },
      { ...within('left', 10, 10, 5), from: ['left', 'rightBy'] } as CaseNode,
      to('joined'),
    ],
    steps: steps(`
      left a A 10
      right k ac 12
      right k '' 13
      left - B 14
      left b C 15
      right k za 60
      left z D 61
    `),
  },
]

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
