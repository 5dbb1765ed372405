import { expect, test } from 'vitest'
import { type Draft, type Format, json, text, topic, topology, whole } from '../../../topology/index.ts'
import { diff, diffAll } from '../../../topology/plan/diff/diff.ts'
import { diffText } from '../../../topology/plan/diff/print.ts'
import { lock } from '../../../topology/plan/lock/lock-file.ts'
import { plan } from '../../../topology/plan/parts.ts'
import type { Plan } from '../../../topology/plan/plan.ts'
import { declare } from './declare.ts'

const lines = topic('lines', { key: text, value: text })
const words = topic('words', { key: text, value: text })
const counts = topic('counts', { key: text, value: whole })
const of = (name: string, partitions: number) => topic(name, { key: text, value: text, partitions })

/** A value format whose versions read each other, as Avro's do. */
const ticket = (fingerprint: string): Format<string> => ({
  ...json<string>(),
  name: `avro Ticket ${fingerprint}`,
  family: 'avro Ticket',
})

const drawn = (draw: (draft: Draft) => void, name = 'desk') => plan(topology(name, draw).graph)
const counted = (store: string, options = {}) =>
  drawn(draft => draft.stream(lines).group().count(store, options).changes().to(counts))
const windowed = (window: string, retentionMs = 1) =>
  plan(
    declare('desk', [
      ['source', { source: { topic: 'lines' } }],
      ['count', { store: 'tally', window, retentionMs }, 0],
    ]),
  )
const rekeyed = (name: string, partitions?: number) =>
  drawn(draft =>
    draft
      .stream(lines)
      .rekey(name, line => line, { key: text, ...(partitions && { partitions }) })
      .to(words),
  )
const kept = (format: Format<string>) =>
  drawn(draft => {
    draft.table('tally', topic('rows', { key: text, value: format }))
  })
const regrouped = (format: Format<string>) =>
  drawn(draft => {
    draft
      .table('rows', topic('rows', { key: text, value: format }))
      .group('by-word', word => word, { key: text })
      .reduce('tally', { add: word => word, subtract: word => word })
  })
const called = (version: number) =>
  plan(
    declare('desk', [
      ['source', { source: { topic: 'lines' } }],
      ['enrich', { call: 'label', version, effect: true }, 0],
    ]),
  )

const changesOf = (before: Plan, after: Plan, partitions?: Record<string, number>) =>
  diff(lock(before, partitions), after, partitions)

const short = (before: Plan, after: Plan): string[] =>
  changesOf(before, after).changes.map(({ severity, kind, name, what }) => `${severity}: ${kind} ${name} ${what}`)

/** What was deployed, what the code says now, and what that is. */
const table: [what: string, before: Plan, after: Plan, changes: string[]][] = [
  ['nothing', counted('tally'), counted('tally'), []],
  ['a renamed store', counted('tally'), counted('per-line'), ['loses store: store tally renamed']],
  [
    'a removed store',
    counted('tally'),
    drawn(draft => draft.stream(lines).to(words)),
    ['loses store: store tally removed', 'safe: sink counts removed', 'safe: sink words added'],
  ],
  [
    'an added store',
    drawn(draft => draft.stream(lines).to(words)),
    drawn(draft => {
      const stream = draft.stream(lines)
      stream.to(words)
      stream.group().count('tally')
    }),
    ['new changelog: store tally added'],
  ],
  [
    'one store for another of another layout',
    counted('tally'),
    drawn(draft =>
      draft
        .stream(lines)
        .group()
        .reduce('longest', line => line)
        .changes()
        .to(words),
    ),
    [
      'loses store: store tally removed',
      'new changelog: store longest added',
      'safe: sink counts removed',
      'safe: sink words added',
    ],
  ],
  [
    'a count that became a sum of texts',
    counted('tally'),
    drawn(draft =>
      draft
        .stream(lines)
        .group()
        .reduce('tally', line => line)
        .changes()
        .to(counts as never),
    ),
    ['loses store: store tally layout'],
  ],
  [
    'a store of other values',
    kept(json<string>('Old')),
    kept(json<string>('New')),
    ['loses store: store tally value format', 'safe: source rows value format'],
  ],
  [
    'a schema of the same family',
    kept(ticket('1')),
    kept(ticket('2')),
    ['safe: store tally value format', 'safe: source rows value format'],
  ],
  [
    'a schema of the same family, of rows on their way to another key',
    regrouped(ticket('1')),
    regrouped(ticket('2')),
    [
      'safe: store rows value format',
      'safe: store tally value format',
      'safe: exchange by-word value format',
      'safe: source rows value format',
    ],
  ],
  [
    'a schema of another family',
    kept(json<string>('Ticket')),
    kept(ticket('2')),
    ['loses store: store tally value format', 'safe: source rows value format'],
  ],
  [
    'keys that are written otherwise',
    drawn(draft => {
      draft.table('tally', lines)
    }),
    drawn(draft => {
      draft.table('tally', topic('lines', { key: json<string>('Key'), value: text }))
    }),
    ['needs reset: source lines key format', 'loses store: store tally key format'],
  ],
  ['a raised version', counted('tally'), counted('tally', { version: 2 }), ['loses store: store tally version']],
  [
    'a longer window',
    windowed('tumbling 1h, grace 5m'),
    windowed('tumbling 2h, grace 5m', 2),
    ['loses store: store tally window'],
  ],
  [
    'a window of another kind',
    windowed('tumbling 1h, grace 5m'),
    windowed('hopping 1h every 5m, grace 5m'),
    ['loses store: store tally window'],
  ],
  [
    'windows where there were none',
    plan(
      declare('desk', [
        ['source', { source: { topic: 'lines' } }],
        ['count', { store: 'tally' }, 0],
      ]),
    ),
    windowed('tumbling 1h, grace 5m'),
    ['loses store: store tally window'],
  ],
  [
    'another grace',
    windowed('tumbling 1h, grace 5m'),
    windowed('tumbling 1h, grace 1d', 2),
    ['safe: store tally time'],
  ],
  [
    'another history of a table with versions',
    windowed('history 1h'),
    windowed('history 1d'),
    ['safe: store tally time'],
  ],
  [
    'another retention',
    windowed('tumbling 1h, grace 5m', 2),
    windowed('tumbling 1h, grace 5m', 1),
    ['safe: store tally retention'],
  ],
  [
    'more partitions of a source that feeds a store',
    drawn(draft => {
      draft.table('tally', of('rows', 4))
    }),
    drawn(draft => {
      draft.table('tally', of('rows', 8))
    }),
    ['needs reset: store tally partitions', 'needs reset: source rows partitions'],
  ],
  [
    'more partitions of a source that feeds nothing that is kept',
    drawn(draft => draft.stream(of('rows', 4)).to(words)),
    drawn(draft => draft.stream(of('rows', 8)).to(words)),
    ['safe: source rows partitions'],
  ],
  [
    'more partitions of an exchange',
    rekeyed('by-word', 4),
    rekeyed('by-word', 8),
    ['needs reset: exchange by-word partitions'],
  ],
  ['a renamed exchange', rekeyed('by-word'), rekeyed('by-line'), ['needs reset: exchange by-word renamed']],
  [
    'an exchange that is gone',
    rekeyed('by-word'),
    drawn(draft => draft.stream(lines).to(words)),
    ['needs reset: exchange by-word removed'],
  ],
  [
    'a new exchange',
    drawn(draft => draft.stream(lines).to(words)),
    rekeyed('by-word'),
    ['safe: exchange by-word added'],
  ],
  [
    'other values in an exchange',
    rekeyed('by-word'),
    drawn(draft =>
      draft
        .stream(lines)
        .map(line => line, { as: json<string>('Line') })
        .rekey('by-word', line => line, { key: text })
        .map(line => line)
        .to(words),
    ),
    ['needs reset: exchange by-word value format'],
  ],
  [
    'other keys in an exchange',
    rekeyed('by-word'),
    drawn(draft =>
      draft
        .stream(lines)
        .rekey('by-word', line => line.length, { key: whole })
        .to(topic('words', { key: whole, value: text })),
    ),
    ['needs reset: exchange by-word key format', 'safe: sink words key format'],
  ],
  ['a call of another version', called(1), called(2), ['safe: call label version']],
  ['a call more', drawn(draft => draft.stream(lines).discard()), called(1), ['safe: call label added']],
  ['a call less', called(1), drawn(draft => draft.stream(lines).discard()), ['safe: call label removed']],
  [
    'another source and another sink',
    drawn(draft => draft.stream(lines).to(words)),
    drawn(draft => draft.stream(words).to(lines)),
    ['safe: source lines removed', 'safe: source words added', 'safe: sink lines added', 'safe: sink words removed'],
  ],
  [
    'a sink of another format',
    drawn(draft => draft.stream(lines).to(words)),
    drawn(draft => draft.stream(lines).to(topic('words', { key: text, value: json<string>('Word') }))),
    ['safe: sink words value format'],
  ],
  [
    'a store that moved behind an exchange of as many partitions',
    drawn(draft => draft.stream(of('rows', 4)).group().count('tally').changes().to(counts)),
    drawn(draft =>
      draft
        .stream(of('rows', 4))
        .rekey('by-word', line => line, { key: text })
        .group()
        .count('tally')
        .changes()
        .to(counts),
    ),
    ['safe: store tally input', 'safe: exchange by-word added'],
  ],
  [
    'a store that moved behind an exchange of more partitions',
    drawn(draft => draft.stream(of('rows', 4)).group().count('tally').changes().to(counts)),
    drawn(draft =>
      draft
        .stream(of('rows', 4))
        .rekey('by-word', line => line, { key: text, partitions: 8 })
        .group()
        .count('tally')
        .changes()
        .to(counts),
    ),
    ['needs reset: store tally partitions', 'safe: exchange by-word added'],
  ],
  [
    'a store in a sub-topology that got a wider source',
    drawn(draft => {
      const stream = draft.stream(of('rows', 4))
      stream.group().count('tally')
      draft.stream(of('more', 8)).to(words)
      stream.to(words)
    }),
    drawn(draft => {
      const stream = draft.stream(of('rows', 4))
      stream.group().count('tally')
      draft.stream(of('more', 8)).merge(stream).to(words)
    }),
    ['new changelog: store tally partitions'],
  ],
  [
    'a store in a sub-topology that lost its widest source',
    drawn(draft => {
      const stream = draft.stream(of('rows', 4))
      stream.group().count('tally')
      draft.stream(of('more', 8)).merge(stream).to(words)
    }),
    drawn(draft => {
      const stream = draft.stream(of('rows', 4))
      stream.group().count('tally')
      draft.stream(of('more', 8)).to(words)
      stream.to(words)
    }),
    ['loses store: store tally partitions'],
  ],
  [
    'a table that became global',
    plan(declare('desk', [['table', { source: { topic: 'rows' }, store: 'tally' }]])),
    plan(declare('desk', [['global', { source: { topic: 'rows', reads: 'all' }, store: 'tally' }]])),
    ['safe: store tally home', 'safe: source rows reading'],
  ],
  [
    'a global table that is kept by tasks now',
    plan(declare('desk', [['global', { source: { topic: 'rows', reads: 'all' }, store: 'tally' }]])),
    plan(declare('desk', [['table', { source: { topic: 'rows' }, store: 'tally' }]])),
    ['new changelog: store tally home', 'safe: source rows reading'],
  ],
  [
    'a global table less',
    plan(
      declare('desk', [
        ['global', { source: { topic: 'rows', reads: 'all' }, store: 'tally' }],
        ['source', { source: { topic: 'lines' } }],
        ['sink', { sink: 'words' }, 1],
      ]),
    ),
    drawn(draft => draft.stream(lines).to(words)),
    ['safe: store tally removed', 'safe: source rows removed'],
  ],
  [
    'other connectors',
    plan(
      declare('desk', [
        ['source', { source: { topic: 'lines', connector: 'inbox' } }],
        ['sink', { sink: 'words' }, 0],
      ]),
    ),
    plan(
      declare('desk', [
        ['source', { source: { topic: 'lines', connector: 'letterbox' } }],
        ['sink', { sink: 'words' }, 0],
      ]),
    ),
    ['safe: source lines connector'],
  ],
  [
    'a connector more and one less',
    drawn(draft => draft.sink('outbox', words)),
    drawn(draft => draft.sink('mailer', lines)),
    ['safe: delivery mailer added', 'safe: delivery outbox removed'],
  ],
  [
    'a connector of another name, which would take everything outside again',
    drawn(draft => draft.sink('outbox', words)),
    drawn(draft => draft.sink('mailer', words)),
    ['loses store: delivery outbox renamed'],
  ],
  [
    'a connector that takes a topic more, and one in another format',
    drawn(draft => draft.sink('outbox', words)),
    drawn(draft => draft.sink('outbox', topic('words', { key: text, value: whole }), lines)),
    ['safe: delivery outbox topics', 'safe: delivery outbox format of words'],
  ],
]

for (const [what, before, after, changes] of table) {
  test(`diff sees ${what}`, () => {
    expect(short(before, after)).toEqual(changes)
    const breaks = changes.some(change => /^(loses store|needs reset)/.test(change))
    expect(changesOf(before, after).breaks).toBe(breaks)
  })
}

test('what a log has of an exchange is what is deployed, and never hides what the code asks for', () => {
  const inLog = { lines: 4, 'desk-by-word-repartition': 4 }
  for (const locked of [undefined, inLog]) {
    const found = (after: Plan) =>
      diff(lock(rekeyed('by-word'), locked), after, inLog).changes.map(change => `${change.severity}: ${change.name}`)
    expect(found(rekeyed('by-word'))).toEqual([])
    expect(found(rekeyed('by-word', 4))).toEqual([])
    expect(found(rekeyed('by-word', 8))).toEqual(['needs reset: by-word'])
  }
})

test('text: each change says what happens to what is running, and what to do', () => {
  const before = drawn(draft =>
    draft
      .stream(lines)
      .rekey('by-word', line => line, { key: text })
      .group()
      .count('tally'),
  )
  const after = drawn(draft => {
    const stream = draft.stream(lines)
    stream
      .rekey('by-word', line => line, { key: text, partitions: 8 })
      .group()
      .count('per-word')
    stream.to(words)
  })
  expect(
    diffText(diff(lock(before, { lines: 4 }), after, { lines: 4 })),
  ).toBe(`desk: 3 changes (needs reset: 1, loses store: 1, safe: 1)

NEEDS RESET  exchange by-word: partitions
  before: 4
  after:  8
  Keys move: equal keys come to other tasks than before, which do not have what was kept for them.
  To do: Give it its old count, \`partitions: 4\`, or reset the topology.

LOSES STORE  store tally: renamed
  before: tally: count text -> whole
  after:  per-word: count text -> whole
  It is called "per-word" now: the old content is lost unless the old name stays, and "per-word" begins empty.
  To do: Keep the name "tally"; or let it go, and delete "desk-tally-changelog" once nobody wants to go back.

SAFE  sink words: added
  after:  text -> text
  It is written to from now on.

Function bodies are not compared: where one changes what a store or an answer means, raise its version.
`)
})

test('text: nothing changed is said too, with what was not compared', () => {
  expect(diffText(changesOf(rekeyed('by-word'), rekeyed('by-word')))).toBe(`desk: as locked

Function bodies are not compared: where one changes what a store or an answer means, raise its version.
The partition counts of "lines", "by-word" are not known on both sides.
`)
})

test('JSON: before and after are texts or null, and the shape has a version', () => {
  const { changes, ...others } = changesOf(counted('tally'), counted('tally', { version: 2 }), { lines: 1 })
  expect(others).toEqual({
    diffVersion: 1,
    topology: 'desk',
    breaks: true,
    notCompared: [
      'Function bodies are not compared: where one changes what a store or an answer means, raise its version.',
    ],
  })
  expect(changes).toEqual([
    {
      severity: 'loses store',
      kind: 'store',
      name: 'tally',
      what: 'version',
      before: '1',
      after: '2',
      says: 'By its version, what it holds means something else than the code will take it for.',
      toDo: 'Delete "desk-tally-changelog" and the store before the next start, or reset the topology.',
    },
  ])
})

test('a store that is added behind topics that were read before does not know what passed', () => {
  const before = drawn(draft => draft.stream(lines).to(words))
  const says = (after: Plan) => changesOf(before, after).changes.find(({ kind }) => kind === 'store')!.says
  const behindOld = drawn(draft => draft.stream(lines).group().count('tally'))
  const behindNew = drawn(draft => draft.stream(counts).group().count('tally'))
  expect(says(behindOld)).toBe('It begins empty: what this topology has already read of "lines" is not in it.')
  expect(says(behindNew)).toBe('It begins empty and fills from the first record of "counts".')
})

test('a store that moves to an input of unknown counts says under which condition it may', () => {
  const behind = (name: string) =>
    drawn(draft =>
      draft
        .stream(lines)
        .rekey(name, line => line, { key: text })
        .group()
        .count('tally'),
    )
  const moved = changesOf(behind('by-word'), behind('by-line')).changes.find(({ what }) => what === 'input')!
  expect(moved.says).toMatch(/if the new input has another partition count, keys move/)
  const known = changesOf(behind('by-word'), behind('by-line'), { lines: 4 }).changes.find(
    ({ what }) => what === 'input',
  )!
  expect(known.says).not.toMatch(/if the new input/)
})

test('a topology that is not locked is new, and one that is locked and gone is said to be gone', () => {
  const both = lock(counted('tally'), {}, lock(drawn(draft => draft.stream(lines).to(words), 'echo')))
  const [desk, news, echo] = diffAll(both, [counted('tally'), drawn(draft => draft.stream(words).discard(), 'news')])
  expect(desk!.changes).toEqual([])
  expect(news).toMatchObject({ topology: 'news', breaks: false, changes: [{ kind: 'topology', what: 'added' }] })
  expect(echo).toMatchObject({ topology: 'echo', breaks: false, changes: [{ kind: 'topology', what: 'removed' }] })
  const [, gone] = diffAll(both, [drawn(draft => draft.stream(lines).to(words), 'echo')])
  expect(gone).toMatchObject({ topology: 'desk', breaks: true, changes: [{ severity: 'loses store' }] })
  expect(gone!.changes[0]!.says).toBe('It is not run any more, and nobody keeps tally.')
})

test('which of two stores was renamed is told by what feeds them', () => {
  const two = (first: string, second: string) =>
    drawn(draft => {
      draft.stream(lines).group().count(first)
      draft.stream(words).group().count(second)
    })
  const renamed = changesOf(two('a', 'b'), two('c', 'd')).changes
  expect(renamed.map(({ before, after }) => [before, after])).toEqual([
    ['a: count text -> whole', 'c: count text -> whole'],
    ['b: count text -> whole', 'd: count text -> whole'],
  ])
  const crossed = changesOf(two('a', 'b'), two('d', 'c')).changes
  expect(crossed.map(({ before, after }) => [before?.[0], after?.[0]])).toEqual([
    ['a', 'd'],
    ['b', 'c'],
  ])
})
