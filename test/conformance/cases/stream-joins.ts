import type { CaseNode, CaseSpec } from '../case-format.ts'
import { firstLetter, steps, stream, to, within } from './write.ts'

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
