/** Where Kafka Streams 4.1 is wrong: what it emits is recorded, what is right stands here. */
import type { CaseNode, CaseSpec } from '../case-format.ts'
import {
  changesTo,
  concat,
  firstLetter,
  join,
  named,
  outputs,
  plus,
  session,
  sliding,
  steps,
  stream,
  table,
  to,
  tumbling,
  versionedTable,
  within,
} from './write.ts'

const sides = [stream('left'), stream('right')]

const late =
  'A record later than the grace is joined with what the other store holds; it should be dropped (KAFKA-16123).'
const early = 'An out-of-order record of an outer side gets its null although its window is open (KAFKA-19536).'
const held =
  'After an expiry the time of the last record looked at passes for the earliest: the next one comes too late.'
const asymmetric =
  'Whether an unmatched record expires is judged by the reach of the side that the new record came from.'
const silent = 'A record with a null key or value moves the stream time of a join, but what it expires is not emitted.'
const edge = 'At the edge of the grace a record is accepted, but its partner has just left the store.'
const nulls =
  'Tumbling, hopping and session windows aggregate null values, though their documentation says that they are ignored.'
const initial = 'The first update of an aggregate or a count names the initial value as the old one; there was none.'
const closing =
  'At stream time = end + grace, suppress emits a window whose end is inclusive while it is still open to updates.'
const forgotten = 'At stream time = end + gap + grace the session store has forgotten a session that is still open.'
const separate =
  'The inputs of a windowed cogroup each have a stream time of their own: one fills windows that the other has closed.'
const crash = 'A left as-of join with grace crashes on a null key; without grace it emits the record with null.'
const empty =
  'Between the two sides of a foreign-key join a value without bytes, as an empty text, is taken for no value.'
const hasty =
  'An answer is dropped if the row has another value by now, told by a hash of it: one that refers to the same key, too.'

const windowed = (op: CaseNode): CaseNode[] => [stream('in'), op, ...changesTo(op.id)]

const joinDeviations: CaseSpec[] = [
  {
    name: 'left join, early null',
    reason: early,
    topology: [...sides, within('left', 10, 10, 20), to('joined')],
    steps: steps('right k a 50\n left k A 30\n right k b 25\n left m B 35\n right z z 100'),
    ours: outputs('.\n .\n k=A+b@30\n .\n m=B+null@35'),
  },
  {
    name: 'outer join, early null on the right side',
    reason: early,
    topology: [...sides, within('outer', 10, 10, 20), to('joined')],
    steps: steps('left k A 50\n right k a 30\n left k B 25\n left z C 100'),
    ours: outputs('.\n .\n k=B+a@30\n k=A+null@50'),
  },
  {
    name: 'inner join, late records',
    reason: late,
    topology: [...sides, within('inner', 10, 10, 0), to('joined')],
    steps: steps('right k a 80\n right k b 85\n right k c 100\n left k A 84\n left k B 90\n left k C 79\n left k D 70'),
    ours: outputs('.\n .\n .\n .\n k=B+a@90 k=B+b@90 k=B+c@100\n .\n .'),
  },
  {
    name: 'left join, late records',
    reason: late,
    topology: [...sides, within('left', 10, 10, 5), to('joined')],
    steps: steps('right k a 100\n left k A 84\n left k B 60\n right k b 96\n left z C 200'),
    ours: outputs('.\n .\n .\n .\n .'),
  },
  {
    name: 'left join, expiry held back',
    reason: held,
    topology: [...sides, within('left', 10, 10, 0), to('joined')],
    steps: steps('left a A 10\n left b B 15\n left c C 16\n left d D 21\n left e E 26\n left f F 27'),
    ours: outputs('.\n .\n .\n a=A+null@10\n b=B+null@15\n c=C+null@16'),
  },
  {
    name: 'left join, expiry by the window of the other side',
    reason: asymmetric,
    topology: [...sides, within('left', 20, 5, 0), to('joined')],
    steps: steps('left a A 10\n right z a 20\n right z b 30\n right z c 31'),
    ours: outputs('.\n a=A+null@10\n .\n .'),
  },
  {
    name: 'outer join, a null value expires nothing',
    reason: silent,
    topology: [...sides, within('outer', 10, 10, 0), to('joined')],
    steps: steps('left a A 10\n right b - 30\n left c C 30'),
    ours: outputs('.\n a=A+null@10\n .'),
  },
  {
    name: 'inner join, the edge of the grace',
    reason: edge,
    topology: [...sides, within('inner', 10, 10, 5), to('joined')],
    steps: steps('right a a 75\n right a b 76\n right a c 100\n left a A 85'),
    ours: outputs('.\n .\n .\n a=A+a@85 a=A+b@85'),
  },
  {
    name: 'as-of join with grace, null key',
    reason: crash,
    topology: [stream('left'), versionedTable('right', 100), join('left', 'right', 'left', 10), to('joined')],
    steps: steps('right k a 10\n left - A 12'),
    ours: outputs('.\n -=A+null@12'),
  },
  {
    name: 'lookup by foreign key, empty text',
    reason: empty,
    topology: [
      table('left'),
      table('right'),
      { id: 'found', op: 'lookup', from: ['left', 'right'], kind: 'left', key: firstLetter, joiner: plus },
      ...changesTo('found'),
    ],
    steps: steps("left k a 1\n right a '' 2\n left j a 3\n right a - 4"),
    ours: outputs('k=a+null@1\n k=a+@2\n j=a+@3\n j=a+null@4 k=a+null@4'),
    unordered: true,
  },
  {
    name: 'lookup by foreign key, a row that changes twice and refers to the same key',
    reason: hasty,
    topology: [
      stream('left'),
      table('right'),
      { id: 'words', op: 'flatMap', from: ['left'], values: named('split') },
      { id: 'latest', op: 'toTable', from: ['words'] },
      { id: 'found', op: 'lookup', from: ['latest', 'right'], kind: 'inner', key: firstLetter, joiner: plus },
      ...changesTo('found'),
    ],
    steps: steps('right a A 1\n left k ax_ay 2\n left k az_az 3'),
    ours: outputs('.\n k=ay+A@2 k=ay+A@2\n k=az+A@3 k=az+A@3'),
    unordered: true,
  },
]

const aggregateDeviations: CaseSpec[] = [
  {
    name: 'tumbling count of null values',
    reason: nulls,
    topology: windowed({ id: 'counts', op: 'count', from: ['in'], window: tumbling(10, 0) }),
    steps: steps('in k a 1\n in k - 2\n in j - 3\n in k - 30\n in k b 9'),
    ours: outputs('k@0-10=1@1\n .\n .\n .\n k@0-10=2@9'),
  },
  {
    name: 'session count of null values',
    reason: nulls,
    topology: windowed({ id: 'counts', op: 'count', from: ['in'], window: session(5, 10) }),
    steps: steps('in k a 1\n in k - 2\n in j - 3\n in k b 7'),
    ours: outputs('k@1-1=1@1\n .\n .\n k@7-7=1@7'),
  },
  {
    name: 'cogroup in windows, late for the other input',
    reason: separate,
    topology: [
      ...sides,
      { id: 'texts', op: 'cogroup', from: ['left', 'right'], aggregators: [concat, concat], window: tumbling(10, 5) },
      ...changesTo('texts'),
    ],
    steps: steps('left k a 5\n right k b 40\n left k c 6\n left k d 36\n right k e 6'),
    ours: outputs('k@0-10=a@5\n k@40-50=b@40\n .\n k@30-40=d@36\n .'),
  },
  {
    name: 'counts counted by their value',
    reason: initial,
    topology: [
      stream('in'),
      { id: 'counts', op: 'count', from: ['in'] },
      { id: 'again', op: 'count', from: ['counts'], by: named('value') },
      ...changesTo('again'),
    ],
    steps: steps('in k a 1\n in j a 2\n in j a 3\n in m a 4'),
    ours: outputs('1=1@1\n 1=2@2\n 1=1@3 2=1@3\n 1=2@4'),
  },
  {
    name: 'a filter that the initial value would pass',
    reason: initial,
    topology: [
      stream('in'),
      { id: 'texts', op: 'aggregate', from: ['in'], aggregator: concat },
      { id: 'kept', op: 'filter', from: ['texts'], keep: named('not', { of: named('contains', { text: 'b' }) }) },
      ...changesTo('kept'),
    ],
    steps: steps('in k b 1\n in j a 2\n in j b 3\n in j b 4'),
    ours: outputs('.\n j=a@2\n j=-@3\n .'),
  },
  {
    name: 'sliding windows, final results twice',
    reason: closing,
    unordered: true,
    topology: [
      stream('in'),
      { id: 'windows', op: 'reduce', from: ['in'], reducer: concat, window: sliding(5, 0) },
      { id: 'final', op: 'suppress', from: ['windows'] },
      ...changesTo('final'),
    ],
    steps: steps('in k a 10\n in j x 15\n in k b 15\n in k c 15\n in j z 30'),
    ours: outputs('.\n k@5-10=a@10\n .\n .\n j@10-15=x@15 k@10-15=abc@15 k@11-16=bc@15'),
  },
  {
    name: 'sessions, the moment of closing',
    reason: forgotten,
    unordered: true,
    topology: [
      stream('in'),
      { id: 'windows', op: 'reduce', from: ['in'], reducer: concat, window: session(5, 0) },
      { id: 'final', op: 'suppress', from: ['windows'] },
      ...changesTo('final', 'final'),
      ...changesTo('windows'),
    ],
    steps: steps('in k a 0\n in j x 5\n in k b 5\n in j z 30'),
    ours: [
      outputs('k@0-0=a@0')[0]!,
      outputs('j@5-5=x@5')[0]!,
      outputs('k@0-0=-@0 k@0-5=ab@5')[0]!,
      [
        ['final', 'j@5-5', 'x', 5],
        ['final', 'k@0-5', 'ab', 5],
        ['out', 'j@30-30', 'z', 30],
      ],
    ],
  },
]

export const deviationCases: CaseSpec[] = [...joinDeviations, ...aggregateDeviations]
