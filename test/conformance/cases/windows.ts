import type { CaseNode, CaseSpec, Window } from '../case-format.ts'
import {
  changesTo,
  concat,
  firstLetter,
  hopping,
  named,
  session,
  sliding,
  steps,
  stream,
  thirds,
  tumbling,
} from './write.ts'

const suppress: CaseNode = { id: 'final', op: 'suppress', from: ['windows'] }

const counted = (window: Window): CaseNode[] => [stream('in'), { id: 'windows', op: 'count', from: ['in'], window }]
const reduced = (window: Window): CaseNode[] => [
  stream('in'),
  { id: 'windows', op: 'reduce', from: ['in'], reducer: concat, window },
]
const aggregated = (window: Window, aggregator = concat): CaseNode[] => [
  stream('in'),
  { id: 'windows', op: 'aggregate', from: ['in'], aggregator, window },
]

/** Out of order, late to some windows, late to all, two keys, null keys, a jump. */
const disorder = steps(`
  in a A 12
  in b B 14
  in a C 9
  in a D 25
  in a E 12
  in b F 17
  in b G 5
  in - N 500
  in a H 24
  in b I 30
  in a J 28
  in a K 100
  in a L 70
  in b M 95
  in b O 140
`)

const suppressed = (name: string, nodes: CaseNode[]): CaseSpec => ({
  name: `${name}, final results`,
  unordered: true,
  topology: [...nodes, suppress, ...changesTo('final', 'final'), ...changesTo('windows')],
  steps: disorder,
})

const updates = (name: string, nodes: CaseNode[], given = disorder): CaseSpec => ({
  name,
  topology: [...nodes, ...changesTo('windows')],
  steps: given,
})

/** Every rule by which sliding windows come to be; times far from zero. */
const slidingRules = steps(`
  in a A 100
  in a B 110
  in a C 105
  in a D 105
  in a E 110
  in a F 121
  in b G 115
  in a H 99
  in a I 89
  in a J 88
  in a K 116
  in a L 150
  in a M 126
  in a N 127
  in a O 128
  in a P 131
`)

const slidingEarly = steps(`
  in a A 5
  in a B 3
  in a C 8
  in a D 5
  in a E 4
  in a F 0
  in a G 9
  in a H 10
  in a I 11
  in b J 0
  in b K 25
  in b L 1
  in b M 12
`)

/** Bridges, widenings, late records that only a bridge saves, closed sessions that are not found again. */
const sessions = steps(`
  in a A 9
  in a B 9
  in a C 15
  in b D 12
  in a E 30
  in a F 42
  in a G 36
  in a H 24
  in b I 45
  in b J 9
  in b K 21
  in b L 33
  in b L 27
  in a M 18
  in a N 90
  in a O 39
  in a P 72
  in a Q 78
  in a R 84
  in - S 600
  in b T 84
  in b U 72
  in b V 69
  in a W 150
`)

/** The last moment at which a window of five is open, grace three, and the first at which it is closed. */
const slidingEdge = steps(`
  in k a 9
  in k b 10
  in k c 11
  in j y 19
  in k d 11
  in j z 20
  in k e 11
`)

/** One millisecond too late for the session of the first record. */
const sessionEdge = steps('in k a 0\n in j z 6\n in k b 2')

export const windowCases: CaseSpec[] = [
  updates('tumbling count with late records', counted(tumbling(10, 5))),
  updates('tumbling reduce without grace', reduced(tumbling(10, 0))),
  updates('tumbling aggregate that deletes', aggregated(tumbling(20, 10), named('clearOn', { text: 'E' }))),
  updates('hopping count with late records', counted(hopping(10, 4, 5))),
  updates('hopping reduce, each window late by itself', reduced(hopping(12, 5, 0))),
  updates('hopping aggregate, windows from zero on', aggregated(hopping(30, 10, 8))),
  updates('sliding count', counted(sliding(10, 13)), slidingRules),
  updates('sliding reduce without grace', reduced(sliding(10, 0)), slidingRules),
  updates('sliding aggregate with little grace', aggregated(sliding(10, 7)), slidingRules),
  updates('sliding windows near time zero', aggregated(sliding(10, 23)), slidingEarly),
  updates('sliding windows with disorder', aggregated(sliding(9, 10))),
  updates('sliding windows that just close', reduced(sliding(5, 3)), slidingEdge),
  updates('a session that has just closed', reduced(session(5, 0)), sessionEdge),
  updates('session count', counted(session(6, 13)), sessions),
  updates('session reduce, a late record bridges', reduced(session(6, 13)), sessions),
  updates('session aggregate', aggregated(session(6, 13), named('listAdd')), sessions),
  updates('session aggregate that deletes', aggregated(session(6, 13), named('clearOn', { text: 'G' })), sessions),
  updates('session without grace', aggregated(session(12, 1)), sessions),
  suppressed('tumbling count', counted(tumbling(10, 5))),
  suppressed('tumbling reduce without grace', reduced(tumbling(10, 0))),
  suppressed('hopping aggregate', aggregated(hopping(10, 4, 5))),
  suppressed('tumbling aggregate that deletes', aggregated(tumbling(20, 10), named('clearOn', { text: 'E' }))),
  { ...suppressed('sliding aggregate', aggregated(sliding(9, 10))), steps: thirds(disorder) },
  { ...suppressed('session aggregate', aggregated(session(6, 13))), steps: sessions },
  {
    name: 'windows behind a changed key',
    topology: [
      stream('in'),
      { id: 'words', op: 'flatMap', from: ['in'], values: named('split') },
      { id: 'windows', op: 'count', from: ['words'], by: firstLetter, window: tumbling(10, 5) },
      ...changesTo('windows'),
    ],
    steps: steps(`
      in k apple_ant_bee 12
      in k bat 3
      in - cat_apple 17
      in k asp_bug 31
      in k axe 16
      in k bar 10
    `),
  },
  {
    name: 'final results counted on',
    unordered: true,
    topology: [
      ...counted(tumbling(10, 5)),
      suppress,
      { id: 'closed', op: 'changes', from: ['final'] },
      { id: 'counts', op: 'count', from: ['closed'] },
      ...changesTo('counts'),
    ],
    steps: disorder,
  },
]
