import type { CaseSpec } from '../case-format.ts'
import {
  changesTo,
  concat,
  firstLetter,
  hopping,
  join,
  named,
  session,
  sliding,
  steps,
  stream,
  table,
  tumbling,
} from './write.ts'

const texts = steps(`
  in a x 10
  in b y 11
  in a z 5
  in - w 12
  in a - 20
  in a stop 6
  in a x 4
  in b stop 30
  in b stop 2
  in b yy 1
`)

const twoInputs = steps(`
  in a x 10
  more a y 12
  more b yy 30
  in - n 31
  in b - 32
  in a z 9
  more a w 21
  in b q 44
  more b r 43
  in a late 1
  more c s 90
  in a t 91
`)

/** Late for both inputs at once; for one alone, see the deviations. */
const windowInputs = steps(`
  in a x 9
  more a y 12
  in a r 9
  more b yy 30
  in - n 33
  in a z 27
  more a w 27
  in b q 45
  more b r 42
  more b u 45
  in a late 1
  more c s 93
  in a t 93
  more a late 2
`)

export const aggregateCases: CaseSpec[] = [
  {
    name: 'count by key',
    topology: [stream('in'), { id: 'counts', op: 'count', from: ['in'] }, ...changesTo('counts')],
    steps: texts,
  },
  {
    name: 'reduce by key, the later timestamp wins',
    topology: [stream('in'), { id: 'texts', op: 'reduce', from: ['in'], reducer: concat }, ...changesTo('texts')],
    steps: texts,
  },
  {
    name: 'aggregate by key',
    topology: [stream('in'), { id: 'texts', op: 'aggregate', from: ['in'], aggregator: concat }, ...changesTo('texts')],
    steps: texts,
  },
  {
    name: 'an aggregator that returns null deletes',
    topology: [
      stream('in'),
      { id: 'texts', op: 'aggregate', from: ['in'], aggregator: named('clearOn', { text: 'stop' }) },
      ...changesTo('texts'),
    ],
    steps: texts,
  },
  {
    name: 'an unchanged result is emitted again',
    topology: [stream('in'), { id: 'most', op: 'reduce', from: ['in'], reducer: named('max') }, ...changesTo('most')],
    steps: texts,
  },
  {
    name: 'grouped by another key, null ones are dropped',
    topology: [
      stream('in'),
      { id: 'texts', op: 'reduce', from: ['in'], by: firstLetter, reducer: concat },
      ...changesTo('texts'),
    ],
    steps: texts,
  },
  {
    name: 'two aggregates of one rekeyed stream',
    topology: [
      stream('in'),
      { id: 'byLetter', op: 'rekey', from: ['in'], key: firstLetter },
      { id: 'counts', op: 'count', from: ['byLetter'] },
      { id: 'lengths', op: 'aggregate', from: ['byLetter'], aggregator: named('addLength') },
      ...changesTo('counts', 'counts'),
      ...changesTo('lengths', 'lengths'),
    ],
    steps: texts,
  },
  {
    name: 'the changes of a count, counted by their value',
    topology: [
      stream('in'),
      { id: 'counts', op: 'count', from: ['in'] },
      { id: 'changed', op: 'changes', from: ['counts'] },
      { id: 'again', op: 'count', from: ['changed'], by: named('value') },
      ...changesTo('again'),
    ],
    steps: texts,
  },
  {
    name: 'two counts joined as tables',
    topology: [
      stream('in'),
      stream('more'),
      { id: 'left', op: 'count', from: ['in'] },
      { id: 'right', op: 'reduce', from: ['more'], reducer: concat },
      join('left', 'right', 'outer'),
      ...changesTo('joined'),
    ],
    steps: twoInputs,
  },
  {
    name: 'a stream joined with its own count',
    topology: [
      stream('in'),
      { id: 'counts', op: 'count', from: ['in'] },
      join('in', 'counts', 'left'),
      { id: 'to out', op: 'to', from: ['joined'], topic: 'out' },
    ],
    steps: texts,
  },
  {
    name: 'a table counted after a filter of a count',
    topology: [
      stream('in'),
      { id: 'texts', op: 'reduce', from: ['in'], reducer: concat },
      { id: 'long', op: 'filter', from: ['texts'], keep: named('longerThan', { length: 2 }) },
      { id: 'counts', op: 'count', from: ['long'], by: firstLetter },
      ...changesTo('counts'),
    ],
    steps: texts,
  },
  {
    name: 'an aggregate with history',
    topology: [
      stream('in'),
      table('facts'),
      { id: 'texts', op: 'aggregate', from: ['in'], aggregator: concat, historyMs: 100 },
      { id: 'asked', op: 'changes', from: ['facts'] },
      join('asked', 'texts', 'left'),
      { id: 'to out', op: 'to', from: ['joined'], topic: 'out' },
      ...changesTo('texts', 'texts'),
    ],
    steps: steps(`
      in a x 10
      in a y 20
      facts a q 15
      in a z 12
      facts a q 15
      facts a q 12
      facts a q 25
      facts b q 25
    `),
  },
]

export const cogroupCases: CaseSpec[] = [
  {
    name: 'cogroup of two streams',
    topology: [
      stream('in'),
      stream('more'),
      { id: 'texts', op: 'cogroup', from: ['in', 'more'], aggregators: [concat, named('concatUpper')] },
      ...changesTo('texts'),
    ],
    steps: twoInputs,
  },
  {
    name: 'cogroup of three streams, one of them rekeyed',
    topology: [
      stream('in'),
      stream('more'),
      stream('most'),
      { id: 'byLetter', op: 'rekey', from: ['most'], key: firstLetter },
      {
        id: 'texts',
        op: 'cogroup',
        from: ['in', 'more', 'byLetter'],
        aggregators: [concat, named('concatUpper'), named('clearOn', { text: 'all' })],
      },
      ...changesTo('texts'),
    ],
    steps: [...twoInputs, ...steps('most q all 3\n most q axe 2\n most q - 4\n most q all 5')],
  },
  {
    name: 'cogroup in tumbling windows',
    topology: [
      stream('in'),
      stream('more'),
      {
        id: 'texts',
        op: 'cogroup',
        from: ['in', 'more'],
        aggregators: [concat, named('concatUpper')],
        window: tumbling(10, 5),
      },
      ...changesTo('texts'),
    ],
    steps: windowInputs,
  },
  {
    name: 'cogroup in hopping windows',
    topology: [
      stream('in'),
      stream('more'),
      {
        id: 'texts',
        op: 'cogroup',
        from: ['in', 'more'],
        aggregators: [concat, named('concatUpper')],
        window: hopping(10, 5, 5),
      },
      ...changesTo('texts'),
    ],
    steps: windowInputs,
  },
  {
    name: 'cogroup in sliding windows',
    topology: [
      stream('in'),
      stream('more'),
      {
        id: 'texts',
        op: 'cogroup',
        from: ['in', 'more'],
        aggregators: [concat, named('concatUpper')],
        window: sliding(10, 13),
      },
      ...changesTo('texts'),
    ],
    steps: windowInputs,
  },
  {
    name: 'cogroup in sessions',
    topology: [
      stream('in'),
      stream('more'),
      {
        id: 'texts',
        op: 'cogroup',
        from: ['in', 'more'],
        aggregators: [concat, named('concatUpper')],
        window: session(9, 13),
      },
      ...changesTo('texts'),
    ],
    steps: windowInputs,
  },
]
