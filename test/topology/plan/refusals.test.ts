import { expect, test } from 'vitest'
import {
  type Draft,
  json,
  rest,
  TopologyError,
  text,
  topic,
  topology,
  whole,
  windowed,
} from '../../../topology/index.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { refuseTogether } from '../../../topology/plan/refusals/topics.ts'
import { declare } from './declare.ts'

const lines = topic('lines', { key: text, value: text })
const more = topic('more', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })
const dlq = topic('dlq', { key: text, value: text })

const drawn = (draw: (draft: Draft) => void, name = 'bad') => plan(topology(name, draw).graph)
const join = (left: string, right: string, kind = 'join') =>
  plan(
    declare('bad', [
      ['source', { source: { topic: left } }],
      ['source', { source: { topic: right } }],
      [kind, { together: true, effect: true }, 0, 1],
    ]),
  )

/** What is wrong with a topology, how it is drawn, and all that is said of it. */
const refusals: [what: string, bad: () => unknown, message: string][] = [
  [
    'a topology of a wrong name',
    () => drawn(draft => draft.stream(lines).to(more), 'Bad Name'),
    'NAME_WRONG at Bad Name: the topology is called "Bad Name". To fix: use lower-case letters, digits and single dashes, 64 characters at most.',
  ],
  [
    'a store of a wrong name',
    () => drawn(draft => draft.stream(lines).group().count('per_line')),
    'NAME_WRONG at bad: a store is called "per_line". To fix: use lower-case letters, digits and single dashes, 64 characters at most.',
  ],
  [
    'a name that is too long',
    () => drawn(draft => draft.stream(lines).group().count('a'.repeat(65))),
    `NAME_WRONG at bad: a store is called "${'a'.repeat(65)}". To fix: use lower-case letters, digits and single dashes, 64 characters at most.`,
  ],
  [
    'two stores of one name',
    () =>
      drawn(draft => {
        const group = draft.stream(lines).group()
        group.count('tally')
        group.reduce('tally', line => line)
      }),
    'NAME_TAKEN at bad: two of its stores are called "tally". To fix: give one of the two another name.',
  ],
  [
    'two exchanges of one name',
    () =>
      drawn(draft => {
        const stream = draft.stream(lines)
        for (const by of [0, 1]) stream.rekey('by-letter', line => line[by]!, { key: text }).to(more)
      }),
    'NAME_TAKEN at bad: two of its exchanges are called "by-letter". To fix: give one of the two another name.',
  ],
  [
    'two calls of one name',
    () =>
      plan(
        declare('bad', [
          ['source', { source: { topic: 'lines' } }],
          ['enrich', { call: 'label', effect: true }, 0],
          ['enrich', { call: 'label', effect: true }, 0],
        ]),
      ),
    'NAME_TAKEN at bad: two of its calls are called "label". To fix: give one of the two another name.',
  ],
  [
    'a version that is none',
    () => drawn(draft => draft.stream(lines).group().count('tally', { version: 0 })),
    'OPTION_WRONG at bad, tally: its version is 0, not 1 or more. To fix: correct the option.',
  ],
  [
    'a topology that reads nothing',
    () => drawn(() => {}),
    'EMPTY at bad: it reads no topic. To fix: begin with `draft.stream(topic)`, `draft.table(name, topic)` or `draft.source(name, topic)`.',
  ],
  [
    'a topic that Kafka would refuse',
    () => drawn(draft => draft.stream(lines).to(topic('many words', { key: text, value: text }))),
    'TOPIC_NAME_WRONG at bad: a topic is called "many words". To fix: use letters, digits, dots, underscores and dashes, 249 characters at most.',
  ],
  [
    'a topic whose name is too long',
    () => drawn(draft => draft.stream(lines).to(topic('t'.repeat(250), { key: text, value: text }))),
    `TOPIC_NAME_WRONG at bad: a topic is called "${'t'.repeat(250)}". To fix: use letters, digits, dots, underscores and dashes, 249 characters at most.`,
  ],
  [
    'a topic without partitions',
    () => drawn(draft => draft.stream(topic('none', { key: text, value: text, partitions: 0 })).to(more)),
    'OPTION_WRONG at bad, none: it has 0 partitions, not 1 or more. To fix: correct the option.',
  ],
  [
    'an exchange with half a partition',
    () =>
      drawn(draft =>
        draft
          .stream(lines)
          .rekey('half', line => line, { key: text, partitions: 0.5 })
          .to(more),
      ),
    'OPTION_WRONG at bad, half: it has 0.5 partitions, not 1 or more. To fix: correct the option.',
  ],
  [
    'a topic read twice',
    () =>
      drawn(draft => {
        draft.stream(lines).to(more)
        draft.table('kept', lines)
      }),
    'TOPIC_TWICE at bad: the topic "lines" is read twice. To fix: read the topic once and use its handle twice.',
  ],
  [
    'a source and a sink of one name',
    () =>
      drawn(draft => {
        draft.source('mailbox', lines).to(more)
        draft.sink('mailbox', more)
      }),
    'NAME_TAKEN at bad: two of its connectors are called "mailbox". To fix: give one of the two another name.',
  ],
  [
    'a connector of a wrong name',
    () => drawn(draft => draft.sink('Mail Box', lines)),
    'NAME_WRONG at bad: a connector is called "Mail Box". To fix: use lower-case letters, digits and single dashes, 64 characters at most.',
  ],
  [
    'a sink that is given a topic twice',
    () => drawn(draft => draft.sink('mailbox', lines, more, lines)),
    'TOPIC_TWICE at bad, delivery mailbox: it takes "lines" twice. To fix: read the topic once and use its handle twice.',
  ],
  [
    'a source whose records nobody takes',
    () => drawn(draft => void draft.source('mailbox', lines)),
    'DEAD_END at bad, source lines: the topic "lines" is read, and nothing takes its records. To fix: end it with `to`, `sink`, `deadLetter`, `discard` or a table, or delete it.',
  ],
  [
    'two sinks of different formats',
    () =>
      drawn(draft => {
        draft.stream(lines).to(topic('out', { key: text, value: text }))
        draft.stream(more).to(topic('out', { key: text, value: json<string>('Line') }))
      }),
    'FORMATS_DIFFER at bad: "out" is both text -> text and text -> json Line. To fix: declare the topic once and share it.',
  ],
  [
    'a source and a sink of different formats',
    () => drawn(draft => draft.stream(lines).to(topic('lines', { key: text, value: json<string>('Line') }))),
    'FORMATS_DIFFER at bad: "lines" is both text -> text and text -> json Line. To fix: declare the topic once and share it.',
  ],
  [
    'a declared topic called like an exchange',
    () =>
      drawn(draft => {
        draft
          .stream(lines)
          .rekey('by-word', line => line, { key: text })
          .to(more)
        draft.stream(topic('bad-by-word-repartition', { key: text, value: text })).to(dlq)
      }),
    'NAME_TAKEN at bad: the topic "bad-by-word-repartition" is declared, and one of its exchanges is called the same. To fix: give one of the two another name.',
  ],
  [
    'a declared topic called like a changelog',
    () =>
      drawn(draft =>
        draft
          .stream(lines)
          .group()
          .count('n')
          .changes()
          .to(topic('bad-n-changelog', { key: text, value: whole })),
      ),
    'NAME_TAKEN at bad: the topic "bad-n-changelog" is declared, and one of its changelogs is called the same. To fix: give one of the two another name.',
  ],
  [
    'a source that nobody consumes',
    () =>
      drawn(draft => {
        draft.stream(lines).to(more)
        draft.stream(dlq)
      }),
    'DEAD_END at bad, source dlq: the topic "dlq" is read, and nothing takes its records. To fix: end it with `to`, `sink`, `deadLetter`, `discard` or a table, or delete it.',
  ],
  [
    'a step that nobody consumes',
    () =>
      drawn(draft => {
        draft.stream(lines).map(line => line.length)
      }),
    'DEAD_END at bad, map 1: nothing takes what comes out of it. To fix: end it with `to`, `sink`, `deadLetter`, `discard` or a table, or delete it.',
  ],
  [
    'an answer that nobody consumes, though failures have a topic of dead letters',
    () =>
      plan(
        declare('bad', [
          ['source', { source: { topic: 'lines' } }],
          ['enrich', { call: 'label', unasked: 'dlq' }, 0],
        ]),
      ),
    'DEAD_END at bad, enrich 2: nothing takes what comes out of it. To fix: end it with `to`, `sink`, `deadLetter`, `discard` or a table, or delete it.',
  ],
  [
    'an arm that nobody consumes',
    () =>
      drawn(draft => {
        const { long } = draft.stream(lines).branch({ long: line => line.length > 80, short: rest })
        long.to(more)
      }),
    'ARM_LOST at bad, branch 1: nothing takes what comes out of its arm "short". To fix: give each arm a consumer, or end it with `discard()` where its records are not wanted.',
  ],
  [
    'a branch that nobody consumes',
    () =>
      drawn(draft => {
        draft.stream(lines).branch({ long: line => line.length > 80, short: rest })
      }),
    'ARM_LOST at bad, branch 1: nothing takes what comes out of its arms "long" and "short". To fix: give each arm a consumer, or end it with `discard()` where its records are not wanted.',
  ],
  [
    'dead letters that the same source reads',
    () => plan(topology('bad', { deadLetters: lines }, draft => draft.stream(lines).to(more)).graph),
    'DEAD_LETTER_LOOP at bad, source lines: its dead letters go to "lines", the topic that it reads. To fix: read dead letters in a topology of their own, or give the source another `onError`.',
  ],
  [
    'a store behind own code that may change the key',
    () =>
      plan(
        declare('bad', [
          ['source', { source: { topic: 'lines' } }],
          ['process', { key: 'lost' }, 0],
          ['count', { store: 'tally' }, 1],
        ]),
      ),
    'KEY_LOST at bad, count 3: process 2 may have changed the key, so equal keys need not meet in one task. To fix: put a rekey before it.',
  ],
  [
    'a join of topics that declare different counts',
    () => join('lines of 4', 'rows of 6'),
    'PARTITIONS_DIFFER at bad, join 3: equal keys must meet in it, but "lines" has 4 partitions, "rows" has 6 partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  ],
  [
    'a cogroup of topics that declare different counts',
    () => join('lines of 4', 'rows of 6', 'cogroup'),
    'PARTITIONS_DIFFER at bad, cogroup 3: equal keys must meet in it, but "lines" has 4 partitions, "rows" has 6 partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  ],
  [
    'an exchange whose count is not that of the table it meets',
    () =>
      drawn(draft => {
        const rows = draft.table('rows', topic('rows', { key: text, value: text, partitions: 4 }))
        const words = draft.stream(lines).rekey('by-word', line => line, { key: text, partitions: 8 })
        words.join(rows, (line, row) => line + row).peek(() => {})
      }),
    'PARTITIONS_DIFFER at bad, join 1: equal keys must meet in it, but "bad-by-word-repartition" has 8 partitions, "rows" has 4 partitions. To fix: give the topics one partition count, or put a rekey before the join.',
  ],
  [
    'a join of keys that are written differently',
    () =>
      drawn(draft => {
        const rows = draft.table('rows', topic('rows', { key: json<string>('Word'), value: text }))
        draft
          .stream(lines)
          .join(rows, (line, row) => line + row)
          .peek(() => {})
      }),
    'KEYS_DIFFER at bad, join 1: equal keys must meet in it, but keys of "lines" are written as text, those of "rows" are written as json Word. To fix: write their keys in one format, or put a rekey before it.',
  ],
  [
    'work behind a global table',
    () =>
      plan(
        declare('bad', [
          ['global', { source: { topic: 'rows', reads: 'all' }, store: 'rows' }],
          ['sink', { sink: 'out' }, 0],
        ]),
      ),
    'GLOBAL_MISUSED at bad, sink 2: it stands behind the global table of "rows", so each instance would do its work again. To fix: look into a global table with `lookup`, and read the topic as a stream or table to work on.',
  ],
  [
    'a join with a global table as if it were partitioned',
    () =>
      plan(
        declare('bad', [
          ['global', { source: { topic: 'rows', reads: 'all' }, store: 'rows' }],
          ['source', { source: { topic: 'lines' } }],
          ['join', { together: true, effect: true }, 1, 0],
        ]),
      ),
    'GLOBAL_MISUSED at bad, source 2: it stands behind the global table of "rows", so each instance would do its work again. To fix: look into a global table with `lookup`, and read the topic as a stream or table to work on.',
  ],
  [
    'a look into a global table that there is not',
    () =>
      plan(
        declare('bad', [
          ['source', { source: { topic: 'lines' } }],
          ['lookup', { globals: ['rows'], effect: true }, 0],
        ]),
      ),
    'GLOBAL_MISUSED at bad, lookup 2: there is no global table "rows" to look into. To fix: look into a global table with `lookup`, and read the topic as a stream or table to work on.',
  ],
  [
    'two topologies of one name on one log',
    () => refuseTogether([drawn(draft => draft.stream(lines).to(more)), drawn(draft => draft.stream(more).to(dlq))]),
    'NAME_TAKEN at bad: two topologies are called so. To fix: give one of the two another name.',
  ],
  [
    'topologies whose changelogs are called the same',
    () =>
      refuseTogether([
        drawn(draft => draft.stream(lines).group().count('b-c'), 'a'),
        drawn(draft => draft.stream(lines).group().count('c'), 'a-b'),
      ]),
    'NAME_TAKEN at a-b: "a-b-c-changelog" is the changelog of "a" too. To fix: give one of the two another name.',
  ],
  [
    'a topology that reads what belongs to another',
    () =>
      refuseTogether([
        drawn(draft => draft.stream(lines).group().count('n'), 'first'),
        drawn(draft => draft.stream(topic('first-n-changelog', { key: text, value: whole })).to(counts), 'second'),
      ]),
    'NAME_TAKEN at second: "first-n-changelog" belongs to the topology "first". To fix: give one of the two another name.',
  ],
  [
    'topologies that disagree about a topic',
    () =>
      refuseTogether([
        drawn(draft => draft.stream(lines).to(more), 'writes'),
        drawn(draft => draft.stream(topic('more', { key: text, value: json<string>('Line') })).discard(), 'reads'),
      ]),
    'FORMATS_DIFFER at reads: "more" is text -> json Line here, and text -> text in "writes". To fix: declare the topic once and share it.',
  ],
]

const said = (bad: () => unknown): string => {
  try {
    bad()
  } catch (error) {
    return error instanceof TopologyError ? error.message : `no refusal of ours: ${error}`
  }
  return 'nothing'
}

for (const [what, bad, message] of refusals) test(`refuses ${what}`, () => expect(said(bad)).toBe(message))

/** What looks odd and is meant: each must be planned. */
const allowed: [what: string, good: () => unknown][] = [
  [
    'an arm that is discarded aloud',
    () =>
      drawn(draft => {
        const { long, short } = draft.stream(lines).branch({ long: line => line.length > 80, short: rest })
        long.to(more)
        short.discard()
      }),
  ],
  ['a topology that feeds itself through a topic', () => drawn(draft => draft.stream(lines).to(lines))],
  [
    'a table joined with itself, as in Kafka Streams',
    () =>
      drawn(draft => {
        const rows = draft.table('rows', lines)
        rows
          .join(rows, (one, other) => one + other, { as: text })
          .changes()
          .to(more)
      }),
  ],
  [
    'windows of a key joined with windows that were counted elsewhere, for both go where their key goes',
    () =>
      drawn(draft => {
        const here = draft.stream(lines).group().tumbling({ size: '1h', grace: 0 }).count('here')
        const elsewhere = draft.table('elsewhere', topic('hours', { key: windowed(text, '1h'), value: whole }))
        here
          .join(elsewhere, (one, other) => one + other, { as: whole })
          .changes()
          .discard()
      }),
  ],
  ['a join of topics of which one says no count', () => join('lines of 4', 'rows')],
  [
    'dead letters of one source read by another',
    () =>
      drawn(draft => {
        draft.stream(lines, { onError: { deadLetter: dlq } }).to(more)
        draft.stream(dlq, { onError: 'skip' }).discard()
      }),
  ],
]

for (const [what, good] of allowed) test(`plans ${what}`, () => expect(good).not.toThrow())
