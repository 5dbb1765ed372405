import { expect, test } from 'vitest'
import { generateCommand } from '../../../schemas/commands/generate.ts'
import type { Ticket, TicketEventsInput, TicketInput } from '../../../schemas/desk/generated/desk.ts'
import * as topics from '../../../schemas/desk/topics.ts'
import { text, topic, topology } from '../../../topology/index.ts'
import { drive } from '../../../topology/testing/drive.ts'
import { StubRegistry } from '../codec/ticket.ts'
import { ran } from '../commands/ran.ts'

const lines = topic('lines', { key: text, value: text })
const command = ['schemas/desk', '--out', 'schemas/desk/generated', '--door', '../../index.ts']

test('the types that are checked in are those of the schemas', async () => {
  const { code, err } = await ran(generateCommand, [...command, '--check'])
  expect([code, err]).toEqual([0, ''])
})

const ticket: TicketInput = {
  id: '3b241101-e2bb-4255-8caf-4136c566a962',
  contact: 'ada@example.org',
  origin: 'Email',
  date: 1_760_000_000_000,
  body: 'The printer is on fire.',
  updatedAt: 1_760_000_000_001,
}
const created = ({ id, updatedAt, origin, contact, subject }: Ticket): TicketEventsInput => ({
  type: 'TicketCreated',
  value: { ticketId: id, at: updatedAt, origin, contact, subject },
})

test('types flow from the schema of one topic to that of the next', async () => {
  const told = topology('told', draft => {
    draft.stream(topics.ticketsFormatted).map(created, { as: topics.ticketEvents.value }).to(topics.ticketEvents)
  })
  const world = await drive(told, { registry: new StubRegistry() })
  await world.send(topics.ticketsFormatted, ticket.id, ticket)
  const [event] = await world.read(topics.ticketEvents)
  const { id: ticketId, updatedAt: at, contact, origin } = ticket
  expect(event?.key).toBe(ticketId)
  expect(event?.value).toEqual({
    type: 'TicketCreated',
    value: { ticketId, at, contact, origin, subject: '', number: null },
  })
})

test('raw topics also take the JSON of programs that know no registry', async () => {
  const copied = topology('copied', draft => {
    draft
      .stream(topics.discordMessages)
      .map(({ username, message }) => `${username}: ${message}`, { as: text })
      .to(lines)
  })
  const world = await drive(copied, { registry: new StubRegistry() })
  const json = { message: 'help!', username: 'ada', timestamp: '2026-01-01T00:00:00Z' }
  world.appendBytes('discordMSG', Buffer.from('1'), Buffer.from(JSON.stringify(json)))
  await world.settle()
  expect((await world.read(lines)).map(({ value }) => value)).toEqual(['ada: help!'])
})
