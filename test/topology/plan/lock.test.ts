import { expect, test } from 'vitest'
import { TopologyError, text, topic, topology } from '../../../topology/index.ts'
import { diff } from '../../../topology/plan/diff/diff.ts'
import { lock } from '../../../topology/plan/lock/lock-file.ts'
import { parseLock } from '../../../topology/plan/lock/parse.ts'
import { writeLock } from '../../../topology/plan/lock/write.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { declare } from './declare.ts'
import { desk } from './desk.ts'

const written = `{
  "formatVersion": 1,
  "topologies": {
    "desk": {
      "sources": {
        "customers": { "key": "text", "value": "json Customer", "partitions": 3 },
        "tickets": { "key": "text", "value": "json Ticket", "partitions": 4 }
      },
      "exchanges": {
        "by-customer": { "topic": "desk-by-customer-repartition", "key": "text", "value": "json Ticket", "partitions": 3 }
      },
      "stores": {
        "customers": { "layout": "table text -> json Customer", "key": "text", "value": "json Customer", "version": 1, "changelog": "desk-customers-changelog", "partitions": 3, "fedBy": ["customers"] },
        "tickets-per-customer": { "layout": "count text -> whole", "key": "text", "value": "whole", "version": 1, "changelog": "desk-tickets-per-customer-changelog", "partitions": 3, "fedBy": ["desk-by-customer-repartition"] }
      },
      "calls": {},
      "sinks": {
        "errors": { "key": "text", "value": "json ErrorReport" },
        "per-customer": { "key": "text", "value": "whole" },
        "tickets-dlq": { "key": "bytes", "value": "bytes" },
        "tickets-labelled": { "key": "text", "value": "json Ticket" }
      }
    }
  }
}
`

test('a lock file is sorted and has one thing on each line', () => {
  expect(writeLock(lock(plan(desk.graph), { tickets: 4, customers: 3 }))).toBe(written)
})

test('what is written is read back as it was', () => {
  const locked = lock(plan(desk.graph), { tickets: 4, customers: 3 })
  expect(parseLock(written, 'desk.lock.json')).toEqual(locked)
  expect(writeLock(parseLock(written, 'desk.lock.json'))).toBe(written)
})

test('windows, versions, global tables, calls and connectors are locked too, unless there is nothing to say', () => {
  const graph = declare('all', [
    ['source', { source: { topic: 'mails', connector: 'inbox' } }],
    ['enrich', { call: 'label', version: 4 }, 0],
    ['sink', { sink: 'answers' }, 1],
    ['delivery', { delivers: ['outbox', 'answers', 'news'] }],
    ['global', { source: { topic: 'persons', reads: 'all' }, store: 'people' }],
    ['count', { store: 'per-hour', window: 'tumbling 1h, grace 5m', retentionMs: 3_900_000, version: 3 }, 1],
  ])
  const locked = lock(plan(graph), { mails: 2, persons: 2 })
  const { sources, stores, calls, sinks, deliveries } = locked.topologies.all!
  expect(parseLock(writeLock(locked), 'all.lock.json')).toEqual(locked)
  expect(sources).toEqual({
    mails: { key: 'text', value: 'text', partitions: 2, connector: 'inbox' },
    persons: { key: 'text', value: 'text', reads: 'all', partitions: 2 },
  })
  expect(calls).toEqual({ label: { version: 4 } })
  expect(sinks).toEqual({ answers: { key: 'text', value: 'text' } })
  expect(deliveries).toEqual({
    outbox: { topics: ['answers', 'news'], formats: ['text -> text', 'text -> text'] },
  })
  expect(stores.people).toEqual({
    layout: 'table text -> text',
    key: 'text',
    value: 'text',
    version: 1,
    rebuiltFrom: 'persons',
    fedBy: ['persons'],
  })
  expect(stores['per-hour']).toMatchObject({
    version: 3,
    window: 'tumbling 1h, grace 5m',
    retentionMs: 3_900_000,
    changelog: 'all-per-hour-changelog',
    partitions: 2,
  })
  const file = lock(plan(graph))
  expect(parseLock(writeLock(file), 'all.lock.json')).toEqual(file)
})

test('a file may hold several topologies, and each locks its own section', () => {
  const lines = topic('lines', { key: text, value: text })
  const echo = (to: string) =>
    plan(topology('echo', draft => draft.stream(lines).to(topic(to, { key: text, value: text }))).graph)
  const both = lock(plan(desk.graph), {}, lock(echo('first')))
  expect(Object.keys(both.topologies)).toEqual(['desk', 'echo'])
  const again = lock(echo('second'), {}, both)
  expect(Object.keys(again.topologies.echo!.sinks)).toEqual(['second'])
  expect(again.topologies.desk).toEqual(both.topologies.desk)
})

test('a name that every object has is a name like any other', () => {
  const graph = declare('all', [
    ['source', { source: { topic: 'constructor' } }],
    ['count', { store: 'constructor' }, 0],
  ])
  const file = lock(plan(graph))
  const { stores } = parseLock(writeLock(file), 'a').topologies.all!
  expect(Object.entries(stores)).toMatchObject([['constructor', { fedBy: ['constructor'] }]])
  const { changes } = diff(file, plan(declare('constructor', [['source', { source: { topic: 't' }, store: 's' }]])))
  expect(changes.map(({ what, kind }) => `${kind} ${what}`)).toEqual(['topology added'])
})

const line = (number: number, change: (line: string) => string): string =>
  written
    .split('\n')
    .map((text, at) => (at === number - 1 ? change(text) : text))
    .join('\n')

const fix = 'To fix: correct the line, or write the file again with `franz lock`.'

/** What is wrong with the file, the file, and where and what is said. */
const broken: [what: string, text: string, message: string][] = [
  ['nothing in it', '', `LOCK_WRONG at f:1: the end stands where a value should. ${fix}`],
  ['a list', '[]', `LOCK_WRONG at f:1: the file is not an object. ${fix}`],
  ['no version', '{\n "topologies": {} }', `LOCK_WRONG at f:1: its "formatVersion" is missing. ${fix}`],
  [
    'a newer version',
    line(2, text => text.replace('1', '2')),
    'LOCK_NEWER at f:2: its formatVersion is 2, and this version of the library knows 1. To fix: use the version of the library that wrote it, or write it again with `franz lock`.',
  ],
  ['no topologies', '{ "formatVersion": 1 }', `LOCK_WRONG at f:1: its "topologies" are missing. ${fix}`],
  [
    'a merge that stopped halfway',
    line(7, text => `<<<<<<< HEAD\n${text}`),
    `LOCK_WRONG at f:7: a merge has not been finished here. ${fix}`,
  ],
  [
    'a comma too few',
    line(6, text => text.replace(/,$/, '')),
    `LOCK_WRONG at f:7: "tickets" stands where a comma or "}" should. ${fix}`,
  ],
  [
    'a comma too many',
    line(7, text => `${text},`),
    `LOCK_WRONG at f:8: } stands where a name in quotes should. ${fix}`,
  ],
  [
    'a colon too few',
    line(16, text => text.replace(':', '')),
    `LOCK_WRONG at f:16: a colon is missing after "calls". ${fix}`,
  ],
  [
    'a word of nothing',
    line(7, text => text.replace('4', 'four')),
    `LOCK_WRONG at f:7: four stands where a value should. ${fix}`,
  ],
  ['a sign of nothing', line(7, text => text.replace('4', '%')), `LOCK_WRONG at f:7: "% }" is no JSON. ${fix}`],
  ['an open text', line(13, text => text.replace(/"].*/, '')), `LOCK_WRONG at f:13: "\\"customers" is no JSON. ${fix}`],
  ['an end too early', written.slice(0, 300), `LOCK_WRONG at f:10: the end stands where a value should. ${fix}`],
  ['something after the end', `${written}{`, `LOCK_WRONG at f:26: { follows after the end. ${fix}`],
  [
    'a name twice',
    line(7, text => text.replace('tickets', 'customers')),
    `LOCK_WRONG at f:7: "customers" stands here a second time. ${fix}`,
  ],
  [
    'a count that is none',
    line(7, text => text.replace('4', '"4"')),
    `LOCK_WRONG at f:7: the "partitions" of "tickets" is not a whole number. ${fix}`,
  ],
  [
    'a field that nobody knows',
    line(7, text => text.replace('partitions', 'partition')),
    `LOCK_WRONG at f:7: "partition" is not known in "tickets". ${fix}`,
  ],
  [
    'a field that is missing',
    line(13, text => text.replace('"layout": "table text -> json Customer", ', '')),
    `LOCK_WRONG at f:13: the "layout" of "customers" is missing. ${fix}`,
  ],
  [
    'a list that holds no names',
    line(13, text => text.replace('["customers"]', '[7]')),
    `LOCK_WRONG at f:13: an entry of the "fedBy" of "customers" is not a text. ${fix}`,
  ],
  [
    'a list that is none',
    line(13, text => text.replace('["customers"]', '"customers"')),
    `LOCK_WRONG at f:13: the "fedBy" of "customers" is not a list of names. ${fix}`,
  ],
  [
    'a section that nobody knows',
    line(16, text => text.replace('calls', 'questions')),
    `LOCK_WRONG at f:16: "questions" is not known in "desk". ${fix}`,
  ],
  ['a section that is missing', line(16, () => ''), `LOCK_WRONG at f:4: the "calls" of "desk" are missing. ${fix}`],
]

for (const [what, text, message] of broken) {
  test(`a file with ${what} is refused with its line`, () => {
    const refusal = () => parseLock(text, 'f')
    expect(refusal).toThrow(TopologyError)
    expect(refusal).toThrow(message)
  })
}

test('a file is read however it is laid out', () => {
  const { topologies } = parseLock(written, 'desk.lock.json')
  const laidOut = JSON.stringify(JSON.parse(written), null, '\t').replaceAll('\n', '\r\n')
  expect(parseLock(laidOut, 'f').topologies).toEqual(topologies)
  expect(parseLock(JSON.stringify(JSON.parse(written)), 'f').topologies).toEqual(topologies)
})
