import { expect, test } from 'vitest'
import { describe, description, text, topic, topology } from '../../../topology/index.ts'
import { build } from '../../../topology/plan/describe/build.ts'
import { mermaidOf } from '../../../topology/plan/describe/mermaid.ts'
import { textOf } from '../../../topology/plan/describe/text.ts'
import { plan } from '../../../topology/plan/parts.ts'
import { declare } from './declare.ts'
import { desk } from './desk.ts'

test('text: a line for each node, store and topic, tasks where the counts are known', () => {
  expect(describe(desk, { partitions: { tickets: 4, customers: 3 } })).toBe(`topology desk
  errors: dead letters to tickets-dlq, reports to errors

sub-topology 0: 4 tasks
  source tickets: reads tickets
  branch 1 <- source tickets: fit | unfit
  deadLetter tickets-dlq <- branch 1.unfit: writes tickets-dlq; the "body" is shorter than 10 <characters>
  rekey by-customer <- branch 1.fit: writes desk-by-customer-repartition

sub-topology 1: 3 tasks
  equal keys of customers, desk-by-customer-repartition meet in join 1
  rekey by-customer: reads desk-by-customer-repartition
  table customers: reads customers; keeps customers
  join 1 <- rekey by-customer, table customers: inner
  map 1 <- join 1
  sink tickets-labelled <- map 1: writes tickets-labelled
  count tickets-per-customer <- rekey by-customer: keeps tickets-per-customer
  changes 1 <- count tickets-per-customer
  sink per-customer <- changes 1: writes per-customer

stores
  customers: table text -> json Customer; changelog desk-customers-changelog; fed by customers
  tickets-per-customer: count text -> whole; changelog desk-tickets-per-customer-changelog; fed by desk-by-customer-repartition

topics
  customers: text -> json Customer; 3 partitions
  desk-by-customer-repartition: exchange, text -> json Ticket; 3 partitions; kept until read; segments of 50 MiB
  desk-customers-changelog: changelog, text -> json Customer; 3 partitions; compacted; deletions kept 7d
  desk-tickets-per-customer-changelog: changelog, text -> whole; 3 partitions; compacted; deletions kept 7d
  errors: text -> json ErrorReport; reports
  per-customer: text -> whole
  tickets: text -> json Ticket; 4 partitions
  tickets-dlq: bytes -> bytes; dead letters
  tickets-labelled: text -> json Ticket
`)
})

test('text: what is not known is not said, and what is the default is not said either', () => {
  const lines = topic('lines', { key: text, value: text })
  expect(describe(topology('echo', draft => draft.stream(lines).to(lines)))).toBe(`topology echo
  errors: fail
  feeds itself through lines

sub-topology 0
  source lines: reads lines
  sink lines <- source lines: writes lines

topics
  lines: text -> text
`)
})

test('text: calls, connectors, global tables and windows', () => {
  const graph = declare('all', [
    ['source', { source: { topic: 'mails of 2', connector: 'inbox' } }],
    ['enrich', { call: 'label', unasked: 'unasked', holds: true }, 0],
    ['lookup', { globals: ['people'] }, 1],
    ['sink', { sink: 'answers' }, 2],
    ['global', { source: { topic: 'persons', reads: 'all' }, store: 'people' }],
    ['count', { store: 'per-hour', window: 'tumbling 1h, grace 5m', retentionMs: 3_900_000, version: 3 }, 2],
    ['delivery', { delivers: ['outbox', 'answers', 'news'] }],
  ])
  expect(textOf(build(plan(graph)))).toBe(`topology all
  errors: fail

sub-topology 0: 2 tasks
  source 1: reads mails; connector inbox
  enrich 2 <- source 1: writes unasked; calls label; holds back
  lookup 3 <- enrich 2: looks into people
  sink 4 <- lookup 3: writes answers
  count 6 <- lookup 3: keeps per-hour

sub-topology 1: whole in each instance
  global 5: reads persons; keeps people

calls
  label: version 1; 1 in flight; 1 attempt of 1s; with a fallback; dead letters to unasked

connectors
  inbox: fills mails
  outbox: takes answers, news

stores
  people: table text -> text; rebuilt from persons; fed by persons
  per-hour: table text -> text; tumbling 1h, grace 5m; kept 65m; version 3; changelog all-per-hour-changelog; fed by mails

topics
  all-per-hour-changelog: changelog, text -> text; 2 partitions; compacted; deletions kept 7d; segments of 65m
  answers: text -> text
  mails: text -> text; 2 partitions
  news: text -> text
  persons: text -> text; read whole by each instance
  unasked: text -> text; dead letters
`)
})

test('JSON: every key is there, and null says what is not', () => {
  const { stores, topics, errors, parts, ...others } = description(desk, { tickets: 4 })
  expect(others).toEqual({ descriptionVersion: 1, topology: 'desk', calls: [], connectors: [], loops: [] })
  expect(errors).toEqual({ policy: 'dead letter', deadLetters: 'tickets-dlq', reports: 'errors' })
  expect(stores.find(({ name }) => name === 'tickets-per-customer')).toEqual({
    name: 'tickets-per-customer',
    node: 'count tickets-per-customer',
    part: 1,
    layout: 'count text -> whole',
    key: 'text',
    value: 'whole',
    version: 1,
    window: null,
    retentionMs: null,
    changelog: 'desk-tickets-per-customer-changelog',
    rebuiltFrom: null,
    fedBy: ['desk-by-customer-repartition'],
    partitions: null,
  })
  expect(topics.find(({ name }) => name === 'tickets-dlq')).toEqual({
    name: 'tickets-dlq',
    purpose: 'declared',
    key: 'bytes',
    value: 'bytes',
    partitions: null,
    readBy: [],
    reads: null,
    writtenBy: [],
    deadLettersOf: ['source tickets', 'table customers', 'deadLetter tickets-dlq'],
    reports: false,
    settings: null,
  })
  expect(parts.map(({ tasks }) => tasks)).toEqual([4, null])
  expect(parts[0]!.nodes.at(-1)).toEqual({
    id: 'rekey by-customer',
    kind: 'rekey',
    role: 'writer',
    inputs: [{ from: 'branch 1', port: 'fit' }],
    reads: null,
    writes: 'desk-by-customer-repartition',
    stores: [],
    globals: [],
    call: null,
    connector: null,
    holds: false,
    note: null,
  })
  expect(JSON.parse(describe(desk, { format: 'json', partitions: new Map([['tickets', 4]]) }))).toEqual(
    description(desk, { tickets: 4 }),
  )
})

test('JSON: calls and connectors by name', () => {
  const graph = declare('all', [
    ['source', { source: { topic: 'mails', connector: 'inbox' } }],
    ['enrich', { call: 'label' }, 0],
    ['sink', { sink: 'answers' }, 1],
    ['delivery', { delivers: ['outbox', 'answers', 'news'] }],
  ])
  const { calls, connectors, topics, loops, parts } = build(plan(graph))
  const limits = { version: 1, inFlight: 1, timeoutMs: 1000, attempts: 1, fallback: true, deadLetters: null }
  expect(calls).toEqual([{ name: 'label', node: 'enrich 2', ...limits }])
  expect(connectors).toEqual([
    { name: 'inbox', direction: 'source', topic: 'mails', node: 'source 1' },
    { name: 'outbox', direction: 'sink', topic: 'answers', node: 'delivery 4' },
    { name: 'outbox', direction: 'sink', topic: 'news', node: 'delivery 4' },
  ])
  expect(topics.map(({ name, readBy, writtenBy }) => ({ name, readBy, writtenBy }))).toEqual([
    { name: 'answers', readBy: ['delivery 4'], writtenBy: ['sink 3'] },
    { name: 'mails', readBy: ['source 1'], writtenBy: ['source 1'] },
    { name: 'news', readBy: ['delivery 4'], writtenBy: [] },
  ])
  // What a connector does beside the tasks is no loop, and no part of any.
  expect(loops).toEqual([])
  expect(parts.flatMap(part => part.nodes.map(({ id }) => id))).toEqual(['source 1', 'enrich 2', 'sink 3'])
})

test('Mermaid: boxes, rounded topics, drums of stores, and nothing in a label that Mermaid could take for its own', () => {
  expect(mermaidOf(description(desk, { tickets: 4, customers: 1 }))).toBe(`flowchart LR
  topic0(["customers<br>text -#62; json Customer"])
  topic1(["desk-by-customer-repartition<br>text -#62; json Ticket"])
  topic2(["errors<br>text -#62; json ErrorReport"])
  topic3(["per-customer<br>text -#62; whole"])
  topic4(["tickets<br>text -#62; json Ticket"])
  topic5(["tickets-dlq<br>bytes -#62; bytes"])
  topic6(["tickets-labelled<br>text -#62; json Ticket"])
  subgraph part0["sub-topology 0, 4 tasks"]
    node7["source tickets"]
    node8["branch 1<br>fit | unfit"]
    node9["deadLetter tickets-dlq<br>the #34;body#34; is shorter than 10 #60;characters#62;"]
    node10["rekey by-customer"]
    node7 --> node8
    node8 -->|"unfit"| node9
    node8 -->|"fit"| node10
  end
  subgraph part1["sub-topology 1, 1 task"]
    node11["rekey by-customer"]
    node12["table customers"]
    node13["join 1<br>inner"]
    node14["map 1"]
    node15["sink tickets-labelled"]
    node16["count tickets-per-customer"]
    node17["changes 1"]
    node18["sink per-customer"]
    store19[("customers<br>table text -#62; json Customer")]
    store20[("tickets-per-customer<br>count text -#62; whole")]
    node12 --- store19
    node11 --> node13
    node12 --> node13
    node13 --> node14
    node14 --> node15
    node11 --> node16
    node16 --- store20
    node16 --> node17
    node17 --> node18
  end
  topic4 --> node7
  node9 --> topic5
  node10 --> topic1
  topic1 --> node11
  topic0 --> node12
  node15 --> topic6
  node18 --> topic3
  topic4 -. dead letters .-> topic5
  topic0 -. dead letters .-> topic5
  topic5 -. reports .-> topic2
`)
})

test('one topology described twice gives the same bytes', () => {
  for (const format of ['text', 'json', 'mermaid'] as const)
    expect(describe(desk, { format })).toBe(describe(desk, { format }))
})
