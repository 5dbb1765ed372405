import type { CaseSpec } from '../case-format.ts'
import { changesTo, firstLetter, named, steps, stream, table, to } from './write.ts'

const texts = steps(`
  in a one_two 10
  in b - 11
  in - three 5
  in a '' 12
  in c four_five_six 12
  in - - 3
`)

export const statelessCases: CaseSpec[] = [
  {
    name: 'map keeps timestamps and null keys, and is called with null',
    topology: [
      stream('in'),
      { id: 'known', op: 'map', from: ['in'], value: named('ifNull', { text: 'nothing' }) },
      { id: 'loud', op: 'map', from: ['known'], value: named('upper') },
      to('loud'),
    ],
    steps: texts,
  },
  {
    name: 'a map may produce null values',
    topology: [
      stream('in'),
      { id: 'short', op: 'map', from: ['in'], value: named('nullIfLonger', { length: 3 }) },
      to('short'),
    ],
    steps: texts,
  },
  {
    name: 'flatMap emits in order, at the same time',
    topology: [stream('in'), { id: 'words', op: 'flatMap', from: ['in'], values: named('split') }, to('words')],
    steps: texts,
  },
  {
    name: 'filter by value, by key, by absence',
    topology: [
      stream('in'),
      { id: 'long', op: 'filter', from: ['in'], keep: named('longerThan', { length: 4 }) },
      { id: 'ofA', op: 'filter', from: ['in'], keep: named('keyIs', { text: 'a' }) },
      { id: 'absent', op: 'filter', from: ['in'], keep: named('isNull') },
      { id: 'nameless', op: 'filter', from: ['in'], keep: named('keyIsNull') },
      to('long', 'long'),
      to('ofA', 'of-a'),
      to('absent', 'absent'),
      to('nameless', 'nameless'),
    ],
    steps: texts,
  },
  {
    name: 'branch takes the first arm that fits',
    topology: [
      stream('in'),
      {
        id: 'split',
        op: 'branch',
        from: ['in'],
        arms: [
          { id: 'withE', when: named('contains', { text: 'e' }) },
          { id: 'withO', when: named('contains', { text: 'o' }) },
          { id: 'rest' },
        ],
      },
      to('withE', 'e'),
      to('withO', 'o'),
      to('rest', 'rest'),
    ],
    steps: texts,
  },
  {
    name: 'branches merged again keep the order of records',
    topology: [
      stream('in'),
      { id: 'words', op: 'flatMap', from: ['in'], values: named('split') },
      {
        id: 'split',
        op: 'branch',
        from: ['words'],
        arms: [{ id: 'withE', when: named('contains', { text: 'e' }) }, { id: 'rest' }],
      },
      { id: 'marked', op: 'map', from: ['withE'], value: named('append', { text: '!' }) },
      { id: 'both', op: 'merge', from: ['rest', 'marked'] },
      to('both'),
    ],
    steps: texts,
  },
  {
    name: 'a diamond emits in the order its paths were declared, not merged',
    topology: [
      stream('in'),
      { id: 'first', op: 'map', from: ['in'], value: named('append', { text: '1' }) },
      { id: 'second', op: 'map', from: ['in'], value: named('append', { text: '2' }) },
      { id: 'both', op: 'merge', from: ['second', 'first'] },
      to('both'),
    ],
    steps: texts,
  },
  {
    name: 'a diamond passes depth first',
    topology: [
      stream('in'),
      { id: 'words', op: 'flatMap', from: ['in'], values: named('split') },
      { id: 'first', op: 'map', from: ['words'], value: named('append', { text: '1' }) },
      { id: 'second', op: 'flatMap', from: ['words'], values: named('twice') },
      { id: 'both', op: 'merge', from: ['first', 'second'] },
      to('both'),
    ],
    steps: texts,
  },
  {
    name: 'three sources merged',
    topology: [
      stream('in'),
      stream('more'),
      stream('most'),
      { id: 'all', op: 'merge', from: ['in', 'more', 'most'] },
      to('all'),
    ],
    steps: steps(`
      in a x 10
      more a y 5
      most - z 20
      in a - 1
    `),
  },
  {
    name: 'rekey may give null keys',
    topology: [stream('in'), { id: 'byLetter', op: 'rekey', from: ['in'], key: firstLetter }, to('byLetter')],
    steps: texts,
  },
  {
    name: 'peek changes nothing',
    topology: [stream('in'), { id: 'seen', op: 'peek', from: ['in'] }, to('seen')],
    steps: texts,
  },
  {
    name: 'repartition drops null keys and keeps times',
    topology: [
      stream('in'),
      { id: 'byLetter', op: 'rekey', from: ['in'], key: firstLetter },
      { id: 'again', op: 'repartition', from: ['byLetter'] },
      to('again'),
    ],
    steps: texts,
  },
  {
    name: 'a direct path comes before a repartitioned one',
    topology: [
      stream('in'),
      { id: 'words', op: 'flatMap', from: ['in'], values: named('split') },
      { id: 'byLetter', op: 'rekey', from: ['words'], key: firstLetter },
      { id: 'again', op: 'repartition', from: ['byLetter'] },
      { id: 'direct', op: 'map', from: ['words'], value: named('append', { text: '-direct' }) },
      { id: 'both', op: 'merge', from: ['again', 'direct'] },
      to('both'),
    ],
    steps: texts,
  },
  {
    name: 'a repartition topic is a queue: word count',
    topology: [
      stream('in'),
      { id: 'words', op: 'flatMap', from: ['in'], values: named('split') },
      { id: 'counts', op: 'count', from: ['words'], by: named('value') },
      ...changesTo('counts'),
    ],
    steps: steps(`
      in k to_be_or_not_to_be 10
      in - be_not_so 4
      in k - 20
      in k be 30
    `),
  },
  {
    name: 'a stream read as a table and as a stream',
    topology: [
      stream('in'),
      { id: 'latest', op: 'toTable', from: ['in'] },
      ...changesTo('latest', 'changes'),
      { id: 'loud', op: 'map', from: ['in'], value: named('upper') },
      to('loud'),
    ],
    steps: texts,
  },
  {
    name: 'a table copied through a topic-less path',
    topology: [
      table('in'),
      { id: 'changed', op: 'changes', from: ['in'] },
      { id: 'byLetter', op: 'rekey', from: ['changed'], key: firstLetter },
      { id: 'copy', op: 'toTable', from: ['byLetter'] },
      ...changesTo('copy'),
    ],
    steps: texts,
  },
]

export const processCases: CaseSpec[] = [
  {
    name: 'a stream-time timer fires after the record, once even if several are due',
    topology: [stream('in'), { id: 'kept', op: 'process', from: ['in'], streamEveryMs: 10 }, to('kept')],
    steps: steps(`
      in b x 3
      in a y 5
      in b z 10
      in b w 9
      in c v 47
      advance 100
      in a - 50
      in - u 51
      in b - 60
    `),
  },
  {
    name: 'a wall-clock timer fires once per advance',
    topology: [stream('in'), { id: 'kept', op: 'process', from: ['in'], wallEveryMs: 20 }, to('kept')],
    steps: steps(`
      in b x 1000
      advance 19
      in a y 5
      advance 1
      advance 50
      advance 9
      advance 1
      in a - 2
      advance 40
    `),
  },
  {
    name: 'both timers, behind a map and a filter',
    topology: [
      stream('in'),
      { id: 'long', op: 'filter', from: ['in'], keep: named('longerThan', { length: 1 }) },
      { id: 'loud', op: 'map', from: ['long'], value: named('upper') },
      { id: 'kept', op: 'process', from: ['loud'], streamEveryMs: 7, wallEveryMs: 5 },
      { id: 'counts', op: 'count', from: ['kept'] },
      ...changesTo('counts', 'counts'),
      to('kept'),
    ],
    steps: steps(`
      in a xx 1
      in a y 7
      in b yy 8
      advance 5
      in c z 30
      advance 3
      advance 2
      in a zz 29
    `),
  },
]
