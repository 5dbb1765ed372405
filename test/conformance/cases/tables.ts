import type { CaseNode, CaseSpec } from '../case-format.ts'
import { changesTo, concat, firstLetter, join, named, plus, steps, stream, table, versionedTable } from './write.ts'

const updates = steps(`
  in a - 10
  in a xx 20
  in b yx 21
  in a xy 5
  in a y 30
  in - z 31
  in b - 22
  in b - 23
  in a xyz 31
  in c yyy 8
  in c yyyyy 9
`)

const groups = steps(`
  in k ax 10
  in j ay 5
  in k az 3
  in k bz 4
  in k bz 6
  in j '' 7
  in k - 6
  in k - 8
  in j az 1
  in m ab 30
  in m ab 31
`)

const history = steps(`
  in a x1 50
  in a x2 40
  in b - 45
  in a - 45
  in a y3 60
  in a x4 60
  in c x5 100
  in a x6 79
  in a x7 80
  in b x8 90
  in b y9 85
  in a x10 101
`)

const versioned = (id: string, from: string): CaseNode => ({ id, op: 'toTable', from: [from], historyMs: 20 })

export const tableCases: CaseSpec[] = [
  {
    name: 'a table emits every update, also tombstones and old ones',
    topology: [table('in'), ...changesTo('in')],
    steps: updates,
  },
  {
    name: 'a table filter emits only what someone downstream could miss',
    topology: [
      table('in'),
      { id: 'withX', op: 'filter', from: ['in'], keep: named('contains', { text: 'x' }) },
      ...changesTo('withX'),
    ],
    steps: updates,
  },
  {
    name: 'a stored table filter emits the same',
    topology: [
      table('in'),
      { id: 'withX', op: 'filter', from: ['in'], keep: named('contains', { text: 'x' }), stored: true },
      ...changesTo('withX'),
    ],
    steps: updates,
  },
  {
    name: 'a table map emits always and skips the function for null',
    topology: [
      table('in'),
      { id: 'known', op: 'map', from: ['in'], value: named('ifNull', { text: 'nothing' }) },
      { id: 'short', op: 'map', from: ['known'], value: named('nullIfLonger', { length: 2 }) },
      ...changesTo('short'),
    ],
    steps: updates,
  },
  {
    name: 'a stored table map, filtered',
    topology: [
      table('in'),
      { id: 'first', op: 'map', from: ['in'], value: named('firstLetter'), stored: true },
      { id: 'isX', op: 'filter', from: ['first'], keep: named('contains', { text: 'x' }) },
      ...changesTo('isX'),
    ],
    steps: updates,
  },
  {
    name: 'filter after filter after map',
    topology: [
      table('in'),
      { id: 'marked', op: 'map', from: ['in'], value: named('append', { text: '!' }) },
      { id: 'withX', op: 'filter', from: ['marked'], keep: named('contains', { text: 'x' }) },
      { id: 'long', op: 'filter', from: ['withX'], keep: named('longerThan', { length: 2 }) },
      ...changesTo('long'),
    ],
    steps: updates,
  },
  {
    name: 'toTable behind a rekey drops null keys',
    topology: [
      stream('in'),
      { id: 'byLetter', op: 'rekey', from: ['in'], key: firstLetter },
      { id: 'latest', op: 'toTable', from: ['byLetter'] },
      { id: 'long', op: 'filter', from: ['latest'], keep: named('longerThan', { length: 2 }) },
      ...changesTo('long'),
    ],
    steps: updates,
  },
  {
    name: 'a versioned table emits updates within its history only',
    topology: [versionedTable('in', 20), ...changesTo('in')],
    steps: history,
  },
  {
    name: 'a filter of a versioned table emits a tombstone every time',
    topology: [
      versionedTable('in', 20),
      { id: 'withX', op: 'filter', from: ['in'], keep: named('contains', { text: 'x' }) },
      ...changesTo('withX'),
    ],
    steps: history,
  },
  {
    name: 'toTable with history',
    topology: [stream('in'), versioned('latest', 'in'), ...changesTo('latest')],
    steps: history,
  },
  {
    name: 'a versioned table grouped ignores updates out of order',
    topology: [
      versionedTable('in', 20),
      { id: 'counts', op: 'count', from: ['in'], by: firstLetter },
      ...changesTo('counts'),
    ],
    steps: history,
  },
  {
    name: 'a versioned table joined ignores updates out of order',
    topology: [versionedTable('in', 20), table('other'), join('in', 'other', 'left'), ...changesTo('joined')],
    steps: [...steps('other a R 55'), ...history, ...steps('other a S 1\n other a - 2')],
  },
  {
    name: 'a versioned table on both sides of a join',
    topology: [
      versionedTable('in', 20),
      versionedTable('other', 20),
      join('in', 'other', 'outer'),
      ...changesTo('joined'),
    ],
    steps: [...steps('other a R 55\n other a Q 54'), ...history, ...steps('other a S 99\n other a - 98')],
  },
  {
    name: 'a versioned table referring to another by foreign key',
    topology: [
      versionedTable('in', 20),
      versionedTable('other', 20),
      { id: 'joined', op: 'lookup', from: ['in', 'other'], kind: 'inner', key: firstLetter, joiner: plus },
      ...changesTo('joined'),
    ],
    steps: [...steps('other x R 55\n other x Q 54'), ...history, ...steps('other x S 99\n other x - 98')],
  },
]

export const tableGroupCases: CaseSpec[] = [
  {
    name: 'count of a table by another key',
    topology: [table('in'), { id: 'counts', op: 'count', from: ['in'], by: firstLetter }, ...changesTo('counts')],
    steps: groups,
  },
  {
    name: 'reduce of a table with a subtractor',
    topology: [
      table('in'),
      { id: 'texts', op: 'reduce', from: ['in'], by: firstLetter, adder: concat, subtractor: named('without') },
      ...changesTo('texts'),
    ],
    steps: groups,
  },
  {
    name: 'aggregate of a table with a subtractor',
    topology: [
      table('in'),
      {
        id: 'lists',
        op: 'aggregate',
        from: ['in'],
        by: firstLetter,
        adder: named('listAdd'),
        subtractor: named('listRemove'),
      },
      ...changesTo('lists'),
    ],
    steps: groups,
  },
  {
    name: 'sum of a filtered table',
    topology: [
      table('in'),
      { id: 'long', op: 'filter', from: ['in'], keep: named('longerThan', { length: 1 }) },
      {
        id: 'lengths',
        op: 'aggregate',
        from: ['long'],
        by: named('constant', { text: 'all' }),
        adder: named('addLength'),
        subtractor: named('subtractLength'),
      },
      ...changesTo('lengths'),
    ],
    steps: groups,
  },
  {
    name: 'a table grouped by its own key',
    topology: [
      table('in'),
      {
        id: 'lists',
        op: 'aggregate',
        from: ['in'],
        by: named('keyAppend', { text: '' }),
        adder: named('listAdd'),
        subtractor: named('listRemove'),
      },
      ...changesTo('lists'),
    ],
    steps: groups,
  },
  {
    name: 'a joined table grouped',
    topology: [
      table('in'),
      table('other'),
      join('in', 'other', 'left'),
      { id: 'counts', op: 'count', from: ['joined'], by: firstLetter },
      ...changesTo('counts'),
    ],
    steps: [...groups.slice(0, 5), ...steps('other k R 20\n other j - 21\n other k - 22'), ...groups.slice(5)],
  },
  {
    name: 'a grouped table grouped again',
    topology: [
      table('in'),
      { id: 'texts', op: 'reduce', from: ['in'], by: firstLetter, adder: concat, subtractor: named('without') },
      { id: 'counts', op: 'count', from: ['texts'], by: named('value') },
      ...changesTo('counts'),
    ],
    steps: groups,
  },
  {
    name: 'a subtractor that deletes its group',
    topology: [
      table('in'),
      {
        id: 'texts',
        op: 'aggregate',
        from: ['in'],
        by: firstLetter,
        adder: concat,
        subtractor: named('clearOn', { text: 'a' }),
      },
      ...changesTo('texts'),
    ],
    steps: steps('in k a 1\n in j ab 2\n in k ac 3\n in k a 4\n in k b 5\n in j a 6\n in j - 7'),
  },
  {
    name: 'a subtractor that takes from a group that is gone',
    topology: [
      table('in'),
      {
        id: 'lists',
        op: 'aggregate',
        from: ['in'],
        by: firstLetter,
        adder: named('clearOn', { text: 'az' }),
        subtractor: named('listRemove'),
      },
      ...changesTo('lists'),
    ],
    steps: groups,
  },
]
