import type { CaseNode, CaseSpec, JoinKind } from '../case-format.ts'
import { transitions } from './stream-joins.ts'
import { changesTo, concat, firstLetter, join, named, plus, steps, stream, table } from './write.ts'

const tables = [table('left'), table('right')]

/** Tombstones for what is not there, old updates, the other side newer or older. */
const rarities = steps(`
  left k - 1
  right k r 20
  left k - 2
  left k l 3
  right k - 21
  right k - 22
  right k r 4
  left - x 5
  right - x 6
  left k l 30
  left k - 2
  left k - 3
  right k - 1
  right k - 1
`)

const joined = (kind: JoinKind, given: 'transitions' | 'rarities'): CaseSpec => ({
  name: `join table-table ${kind}, ${given}`,
  topology: [...tables, join('left', 'right', kind), ...changesTo('joined')],
  steps: given === 'transitions' ? transitions : rarities,
})

const kinds: JoinKind[] = ['inner', 'left', 'outer']

export const tableTableCases: CaseSpec[] = [
  ...kinds.flatMap(kind => [joined(kind, 'transitions'), joined(kind, 'rarities')]),
  ...kinds.map(
    (kind): CaseSpec => ({
      name: `join table-table ${kind}, stored, then filtered`,
      topology: [
        ...tables,
        { ...join('left', 'right', kind), stored: true } as CaseNode,
        { id: 'kept', op: 'filter', from: ['joined'], keep: named('contains', { text: 'r' }) },
        ...changesTo('kept'),
      ],
      steps: rarities,
    }),
  ),
  ...kinds.map(
    (kind): CaseSpec => ({
      name: `join table-table ${kind} of filtered tables`,
      topology: [
        ...tables,
        { id: 'leftKept', op: 'filter', from: ['left'], keep: named('not', { of: named('contains', { text: 'B' }) }) },
        { id: 'rightKept', op: 'map', from: ['right'], value: named('append', { text: '!' }) },
        join('leftKept', 'rightKept', kind),
        ...changesTo('joined'),
      ],
      steps: transitions,
    }),
  ),
  {
    name: 'three tables joined, then counted',
    topology: [
      ...tables,
      table('third'),
      { ...join('left', 'right', 'left'), id: 'pair' } as CaseNode,
      join('pair', 'third', 'inner'),
      ...changesTo('joined'),
      { id: 'counts', op: 'count', from: ['joined'], by: named('value') },
      ...changesTo('counts', 'counts'),
    ],
    steps: [...steps('third k T 2'), ...transitions, ...steps('third k - 3\n third k U 3')],
  },
  {
    name: 'a joiner that returns null',
    topology: [
      ...tables,
      { id: 'joined', op: 'join', from: ['left', 'right'], kind: 'left', joiner: named('right') },
      ...changesTo('joined'),
    ],
    steps: rarities,
  },
  {
    name: 'a table joined with itself',
    topology: [table('left'), join('left', 'left', 'outer'), ...changesTo('joined')],
    steps: transitions.filter(step => 'in' in step && step.in === 'left'),
  },
]

const references = steps(`
  left 1 ax 1
  left 2 ay 2
  right a A 3
  left 1 bx 4
  right b B 5
  left 1 bz 6
  left 1 bz 6
  left 1 '' 7
  left 1 az 8
  right a - 9
  right a - 9
  left 2 - 10
  left 1 - 11
  left 9 - 12
  left 3 '' 13
  left 3 '' 13
  left 3 - 14
  right a A2 3
  left 4 ax 20
  left 5 ax 1
  left 6 bx 1
  right a A3 10
  right a A4 30
  left 4 ay 25
  left 5 by 2
  left 5 cy 40
  left 5 - 3
  left - ax 50
  right - C 51
`)

const byReference = (kind: 'inner' | 'left', from = ['left', 'right']): CaseNode => ({
  id: 'joined',
  op: 'lookup',
  from,
  kind,
  key: firstLetter,
  joiner: plus,
})

/** One record changes a row several times before the first answer comes. */
const hasty = (kind: 'inner' | 'left'): CaseSpec => ({
  name: `lookup by foreign key, answers that come too late, ${kind}`,
  topology: [
    stream('left'),
    table('right'),
    { id: 'words', op: 'flatMap', from: ['left'], values: named('split') },
    { id: 'latest', op: 'toTable', from: ['words'] },
    byReference(kind, ['latest', 'right']),
    ...changesTo('joined'),
  ],
  steps: steps(`
    right a A 1
    right b B 2
    left 1 ax_bx 3
    left 1 bx_ay 4
    left 1 bz_bz 5
    left 1 ax_bx_cz 6
    left 1 cx_cy_ax 7
    left 2 ax_cx 8
    left - ax_bx 9
    right a - 10
    right a A2 11
    left 2 ax_bx_ax 12
  `),
})

export const foreignKeyCases: CaseSpec[] = [
  hasty('inner'),
  hasty('left'),
  {
    name: 'lookup by foreign key, inner',
    topology: [...tables, byReference('inner'), ...changesTo('joined')],
    steps: references,
  },
  {
    name: 'lookup by foreign key, left',
    topology: [...tables, byReference('left'), ...changesTo('joined')],
    steps: references,
  },
  {
    name: 'lookup by foreign key, inner, filtered',
    topology: [
      ...tables,
      byReference('inner'),
      { id: 'kept', op: 'filter', from: ['joined'], keep: named('contains', { text: 'z' }) },
      ...changesTo('kept'),
    ],
    steps: references,
  },
  {
    name: 'lookup by foreign key of reduced streams',
    topology: [
      stream('left'),
      stream('right'),
      { id: 'leftTable', op: 'reduce', from: ['left'], reducer: named('latest') },
      { id: 'rightTable', op: 'reduce', from: ['right'], reducer: concat },
      byReference('left', ['leftTable', 'rightTable']),
      ...changesTo('joined'),
    ],
    steps: references,
  },
  {
    name: 'lookup by foreign key in a filtered table',
    topology: [
      ...tables,
      { id: 'kept', op: 'filter', from: ['right'], keep: named('longerThan', { length: 1 }) },
      byReference('left', ['left', 'kept']),
      ...changesTo('joined'),
    ],
    steps: references,
  },
  {
    name: 'lookup by foreign key twice',
    topology: [
      ...tables,
      table('third'),
      { ...byReference('left'), id: 'once' } as CaseNode,
      { ...byReference('inner', ['once', 'third']), key: firstLetter } as CaseNode,
      ...changesTo('joined'),
    ],
    steps: [...steps('third a T 1\n third b U 100'), ...references, ...steps('third a - 1')],
  },
  {
    name: 'lookup by foreign key where the whole value is the key',
    topology: [
      ...tables,
      { ...byReference('inner'), key: named('value'), joiner: named('right') } as CaseNode,
      ...changesTo('joined'),
    ],
    steps: steps('right a A 1\n left 1 a 2\n left 2 a 2\n left 1 b 3\n right b B 4\n right a - 5\n left 2 c 6'),
  },
]
