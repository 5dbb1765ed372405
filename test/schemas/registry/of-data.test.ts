import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { run } from '../../../runners/host/run.ts'
import { apiMessage, ticket, ticketEvents } from '../../../schemas/desk/generated/desk.ts'
import { dataRegistry, memoryRegistry, openLocalRegistry, orJson, type Uuid } from '../../../schemas/index.ts'
import { type Registry, text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'franz-data-'))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))

const filed = topic('apiMSG', { key: text, value: orJson(apiMessage), partitions: 2 })
const formatted = topic('tickets-formatted', { key: text, value: ticket, partitions: 2 })
const events = topic('ticket-events', { key: text, value: ticketEvents, partitions: 2 })

/** A small desk: unframed JSON or Avro comes in, Avro goes on, through an exchange and a store that keep Avro too. */
const intake = topology('intake', draft => {
  const tickets = draft
    .stream(filed)
    .map(
      (message, key) => ({
        id: key as Uuid,
        contact: message.userName,
        origin: message.origin,
        date: Date.parse(message.timestamp),
        subject: message.title,
        body: message.description,
        updatedAt: 0,
      }),
      { as: ticket },
    )
    .rekey('by-contact', ({ contact }) => contact, { key: text })
  tickets.to(formatted)
  tickets
    .group()
    .reduce('newest', (_, next) => next)
    .changes()
    .filter(change => change !== null)
    .map(change => ({ type: 'TicketCreated', value: { ...change!, ticketId: change!.id, at: 5 } }), {
      as: ticketEvents,
    })
    .to(events)
})

const id = '3b241101-e2bb-4255-8caf-4136c566a962'
const asJson = JSON.stringify({
  title: 'Fire',
  description: 'It burns.',
  userName: 'Ada',
  timestamp: '2026-03-01T00:00:00Z',
})

test('typed topics of the desk run in drive(): values, unions, stores and exchanges, and old bytes by their ids', async () => {
  const world = await drive(intake, { registry: memoryRegistry() })
  world.appendBytes('apiMSG', Buffer.from(id), Buffer.from(asJson))
  const message = { title: 'Smoke', description: 'More.', userName: 'Ada', timestamp: '2026-03-01T00:00:00Z' }
  await world.send(filed, id as Uuid, message)
  const read = await world.read(formatted)
  expect(read.map(({ key, value }) => [key, value.subject, value.status, value.number])).toEqual([
    ['Ada', 'Fire', 'pending', null],
    ['Ada', 'Smoke', 'pending', null],
  ])
  expect((await world.read(events)).map(({ value }) => value.type)).toEqual(['TicketCreated', 'TicketCreated'])
  expect(await world.look('newest', 'Ada')).toMatchObject({ subject: 'Smoke' })
})

/** Runs until the events are there, and gives what stands in a topic. */
const ranOn = async (registry: Registry, name: string): Promise<Buffer[]> => {
  const log = EmbeddedLog.open(data)
  const all = (topic: string) =>
    [0, 1].flatMap(partition =>
      log.topics.read({ topic, partition }, 0, 100).records.map(({ value }) => Buffer.from(value!)),
    )
  try {
    await log.create([{ name: 'apiMSG', partitions: 2, cleanup: 'delete' }])
    const before = log.topics.get('ticket-events') ? all('ticket-events').length : 0
    log.append([
      {
        to: { topic: 'apiMSG', partition: 0 },
        records: [{ key: Buffer.from(id), value: Buffer.from(asJson), timestamp: 1, headers: [] }],
      },
    ])
    let seen = () => {}
    const there = new Promise<void>(resolve => {
      seen = resolve
    })
    const observer = { committed: () => all('ticket-events').length > before && seen() }
    const running = await run(intake, { log, registry, observer })
    await Promise.race([there, running.ended])
    await running.stop()
    return all(name)
  } finally {
    await log.close()
  }
}

test('a data folder keeps the schemas of what runs in it, and any client of a Confluent registry reads its records', async () => {
  const first = await dataRegistry(data)
  const [bytes] = await ranOn(first.registry, 'tickets-formatted')
  const client = new SchemaRegistry({ host: first.url! })
  expect(await client.decode(bytes!)).toMatchObject({ id, contact: 'Ada', subject: 'Fire', origin: 'API' })
  const subjects = (await (await fetch(`${first.url}/subjects`)).json()) as string[]
  expect(subjects).toEqual(
    ['apiMSG', 'intake-by-contact-repartition', 'intake-newest-changelog', 'ticket-events', 'tickets-formatted'].map(
      name => `${name}-value`,
    ),
  )
  await first.close()

  const second = await dataRegistry(data)
  expect(await ranOn(second.registry, 'tickets-formatted')).toHaveLength(2)
  expect(await second.registry.subjects()).toEqual(subjects)
  expect(await second.registry.versions('tickets-formatted-value')).toHaveLength(1)
  await second.close()
})

test('a second process of the folder registers through the one that serves it, and alone when that one has left', async () => {
  const first = await dataRegistry(data)
  const second = await dataRegistry(data)
  expect(second.url).toBe(first.url)
  expect(await second.registry.idOf('a-value', '"string"')).toBe(1)
  expect(await first.registry.schemaOf(1)).toBe('"string"')
  await first.close()
  expect(await second.registry.idOf('b-value', '"int"')).toBe(2)
  await second.close()
})

test('whoever only registers something is waited for, and does not keep it from serving', async () => {
  const brief = await openLocalRegistry(join(data, 'registry'), { to: 'write' })
  const opening = dataRegistry(data)
  await brief.close()
  const opened = await opening
  expect((await fetch(`${opened.url}/subjects`)).status).toBe(200)
  expect(opened.registry.name).toBe(join(data, 'registry'))
  await opened.close()
})

test('told not to register, it refuses what it does not have, and a port that is taken leaves the folder free', async () => {
  const first = await dataRegistry(data, { register: false })
  await expect(first.registry.idOf('a-value', '"string"')).rejects.toMatchObject({ reason: 'unregistered' })
  const other = mkdtempSync(join(tmpdir(), 'franz-data-'))
  const port = Number(new URL(first.url!).port)
  await expect(dataRegistry(other, { port })).rejects.toThrow('the port is taken')
  await (await dataRegistry(other)).close()
  rmSync(other, { recursive: true })
  await first.close()
})
