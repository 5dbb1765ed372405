import { expect, test } from 'vitest'
import { avro } from '../../../schemas/index.ts'
import { unregistered } from '../../../schemas/registry/registry-error.ts'
import { text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing/drive.ts'
import { aTicket, StubRegistry, type Ticket, ticketSchema } from './ticket.ts'

interface OldTicket {
  readonly id: string
  readonly subject: string
}

const oldSchema = {
  type: 'record',
  name: 'Ticket',
  fields: JSON.parse(ticketSchema).fields.filter(({ name }: { name: string }) => name === 'id' || name === 'subject'),
}
const today = {
  ...oldSchema,
  namespace: 'desk',
  fields: [...oldSchema.fields, { name: 'state', type: 'string', default: 'open' }],
}

/** A registry that can be unplugged. */
class Plug extends StubRegistry {
  isAway = false

  override async schemaOf(id: number): Promise<string | undefined> {
    if (this.isAway) throw new Error('the registry does not answer')
    return super.schemaOf(id)
  }
}

const incoming = topic('tickets', {
  key: text,
  value: avro<OldTicket & { readonly state: string }>(today),
  partitions: 2,
})
const older = topic('tickets', { key: text, value: avro<OldTicket>(oldSchema), partitions: 2 })
const subjects = topic('subjects', { key: text, value: text })
const read = topology('read', draft => {
  draft
    .stream(incoming)
    .map(ticket => `${ticket.subject}, ${ticket.state}`, { as: text })
    .to(subjects)
})

test('while the registry is away, records of known schemas go on, others wait with a message, and none is lost', async () => {
  const registry = new Plug()
  const notes: string[] = []
  const world = await drive(read, { registry, observer: { note: (_, message) => notes.push(message) } })
  const written = async () => (await world.read(subjects)).map(({ value }) => value)
  const ticket = { id: aTicket.id, subject: 'one', state: 'closed' }
  registry.isAway = true
  await world.send(incoming, 'a', ticket)
  expect(await written()).toEqual(['one, closed'])

  await world.send(older, 'a', { id: aTicket.id, subject: 'two' })
  await world.send(incoming, 'a', { ...ticket, subject: 'three' })
  expect(await written()).toEqual([])
  expect(notes.at(-1)).toMatch(/waits for a schema: the registry does not answer/)

  registry.isAway = false
  await world.advance('2s')
  expect(await written()).toEqual(['two, open', 'three, closed'])
})

test('an id that the registry does not know follows the error policy', async () => {
  const registry = new Plug()
  const lost = topology('lost', draft => {
    draft
      .stream(incoming, { onError: 'skip' })
      .map(ticket => ticket.subject, { as: text })
      .to(subjects)
  })
  const failed: string[] = []
  const world = await drive(lost, { registry, observer: { failed: (_, __, error) => failed.push(error.message) } })
  world.appendBytes('tickets', Buffer.from('a'), Buffer.from('00000003e8024f', 'hex'))
  await world.settle()
  await world.send(incoming, 'a', { id: aTicket.id, subject: 'next', state: 'open' })
  expect((await world.read(subjects)).map(({ value }) => value)).toEqual(['next'])
  expect(failed).toHaveLength(1)
  expect(failed[0]).toMatch(/value of tickets, schema 1000: the registry knows no schema of the id 1000/)
})

test('whoever only reads needs no schema of its own in the registry, whoever writes does', async () => {
  const registry = new Plug()
  await registry.idOf('tickets-value', JSON.stringify({ ...oldSchema, namespace: 'desk' }))
  const strict = {
    schemaOf: (id: number) => registry.schemaOf(id),
    idOf: async (subject: string): Promise<number> => {
      throw unregistered('desk', subject, '--data data')
    },
  }
  const world = await drive(read, { registry: strict })
  const codec = await older.value.open({ topic: 'tickets', part: 'value' }, registry)
  world.appendBytes('tickets', Buffer.from('a'), codec.encode({ id: aTicket.id, subject: 'one' }))
  await world.settle()
  expect((await world.read(subjects)).map(({ value }) => value)).toEqual(['one, open'])
  const writes = topology('writes', draft =>
    draft
      .stream(subjects)
      .map(() => ({ id: aTicket.id, subject: '', state: '' }), { as: incoming.value })
      .to(incoming),
  )
  await expect(drive(writes, { registry: strict })).rejects.toThrow(
    /does not have this schema in subject "tickets-value"/,
  )
})

test('what is read and written is typed by its schema', () => {
  const typed: Ticket = aTicket
  expect(avro<Ticket>(ticketSchema).types).toBe(undefined)
  expect(typed.priority).toBe(2)
})
