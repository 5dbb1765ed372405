import { describe, expect, test } from 'vitest'
import apiAufbereitung from '../../../pipelines/desk/api-aufbereitung.ts'
import discordAufbereitung from '../../../pipelines/desk/discord-aufbereitung.ts'
import mailAufbereitung from '../../../pipelines/desk/mail-aufbereitung.ts'
import nummernausgabe from '../../../pipelines/desk/nummernausgabe.ts'
import {
  apiMessages,
  discordMessages,
  errors,
  mailMessages,
  ticketEvents,
  ticketsFormatted,
  ticketsFormattedDlq,
} from '../../../schemas/desk/topics.ts'
import { commitSteps } from '../../../topology/testing.ts'
import { api, bad, discord, json, mail, time } from './bad-input.ts'
import { deskWorld, headersOf } from './world.ts'

const services = [discordAufbereitung, mailAufbereitung, apiAufbereitung, nummernausgabe]
const world = () => deskWorld(services)

describe('what came in becomes a ticket in the one normal form', () => {
  test('from Discord: the user is the contact, the message the body', async () => {
    const desk = await world()
    await desk.of('discord-aufbereitung').send(discordMessages, '77', { ...discord, interactionId: '77' })
    await desk.settle()
    const [found] = await desk.all(ticketsFormatted)
    const { key, value } = found!
    expect(value).toMatchObject({
      ...{ id: key, number: 1n, contact: 'ada', origin: 'Discord', date: Date.parse(time), subject: '' },
      ...{ body: 'The printer is on fire', status: 'pending' },
      source: { topic: 'discordMSG', offset: 0n, key: '77' },
    })
  })

  test('from mail: the subject stands in brackets before the text', async () => {
    const desk = await world()
    await desk.of('mail-aufbereitung').send(mailMessages, 'm1', mail)
    await desk.settle()
    expect((await desk.all(ticketsFormatted))[0]!.value).toMatchObject({
      ...{ contact: 'Ada <ada@example.org>', origin: 'Email', subject: 'Printer', body: '[Printer]\n\nIt is on fire.' },
    })
  })

  test('over HTTP: with the id that the caller was given', async () => {
    const desk = await world()
    const ticketId = '3b241101-e2bb-4255-8caf-4136c566a962'
    await desk.of('api-aufbereitung').send(apiMessages, ticketId, { ...api, ticketId, userEmail: 'ada@example.org' })
    await desk.settle()
    const [found] = await desk.all(ticketsFormatted)
    expect([found!.key, found!.value]).toMatchObject([
      ticketId,
      { id: ticketId, contact: 'ada@example.org', origin: 'API', subject: 'Printer', body: 'It is on fire.' },
    ])
  })

  test('times are read in ISO 8601 and in milliseconds, as the seeds write both', async () => {
    const desk = await world()
    const raw = desk.of('discord-aufbereitung')
    for (const timestamp of [time, Date.parse(time), String(Date.parse(time))])
      raw.appendBytes('discordMSG', Buffer.from(`t${String(timestamp)}`), json({ ...discord, timestamp }))
    await desk.settle()
    const dates = (await desk.all(ticketsFormatted)).map(({ value }) => value.date)
    // A JSON number and a text of digits have the same key here, and are one ticket.
    expect(new Set(dates)).toEqual(new Set([Date.parse(time)]))
  })

  test('null bytes and halves of emoji are taken out, emoji and right-to-left text stay', async () => {
    const desk = await world()
    const message = 'he\u0000lp \u{1f525} \ud83d שלום مرحبا'
    desk.of('discord-aufbereitung').appendBytes('discordMSG', Buffer.from('1'), json({ ...discord, message }))
    await desk.settle()
    expect((await desk.all(ticketsFormatted))[0]!.value.body).toMatch(/^help \u{1f525} \ufffd+ שלום مرحبا$/u)
  })
})

describe('what is no ticket', () => {
  test.each(bad)(
    '%s becomes one dead letter with its bytes and the reason, and one report',
    async (_, topic, bytes, reason) => {
      const desk = await world()
      const [service] = [...desk.services.values()].filter(({ plan }) => JSON.stringify(plan.parts).includes(topic))
      service!.appendBytes(topic, Buffer.from('k1'), bytes)
      await desk.settle()
      const letters = await desk.all(ticketsFormattedDlq)
      expect(letters.map(({ value }) => Buffer.from(value).equals(bytes))).toEqual([true])
      expect(headersOf(letters[0]!)).toMatchObject({
        '__streams.errors.topic': topic,
        '__streams.errors.message': expect.stringMatching(reason),
      })
      const reports = await desk.all(errors)
      expect(reports.map(({ key }) => key)).toEqual([topic])
      expect(reports[0]!.value).toMatchObject({
        service: expect.stringMatching(/^(Discord|Mail|Api) Aufbereitung$/),
        deadLetterTopic: 'tickets-formatted-dlq',
        message: expect.stringMatching(reason),
      })
      expect(await desk.all(ticketsFormatted)).toEqual([])
    },
  )

  test.each(['AutoReply', 'Bounce', 'Own'] as const)(
    'a mail of kind %s makes no ticket, or two desks would answer each other for ever',
    async kind => {
      const desk = await world()
      await desk.of('mail-aufbereitung').send(mailMessages, 'm1', { ...mail, kind })
      await desk.of('mail-aufbereitung').send(mailMessages, 'm2', { ...mail, kind: 'List' })
      await desk.settle()
      expect((await desk.all(ticketsFormatted)).map(({ value }) => value.source?.key)).toEqual(['m2'])
      expect(await desk.all(ticketsFormattedDlq)).toEqual([])
    },
  )
})

test('numbers go up from 1 over all sources, and what comes again within 30 days is known', async () => {
  const desk = await world()
  for (const round of [1, 2]) {
    await desk.of('discord-aufbereitung').send(discordMessages, '77', { ...discord, interactionId: '77' }, round)
    await desk.of('mail-aufbereitung').send(mailMessages, 'm1', mail, round)
    await desk.of('api-aufbereitung').send(apiMessages, null, { ...api, idempotencyKey: 'once' }, round)
    await desk.settle()
  }
  const tickets = await desk.all(ticketsFormatted)
  expect(tickets.map(({ value }) => Number(value.number)).sort()).toEqual([1, 2, 3])
  expect((await desk.all(ticketEvents)).map(({ value }) => value.type)).toEqual(Array(3).fill('TicketCreated'))
})

test('the same Message-ID with other content is another ticket, for a stranger must not suppress a mail', async () => {
  const desk = await world()
  await desk.of('mail-aufbereitung').send(mailMessages, '<a@b> 11', { ...mail, messageId: '<a@b>' })
  await desk.of('mail-aufbereitung').send(mailMessages, '<a@b> 22', { ...mail, messageId: '<a@b>', message: 'other' })
  await desk.settle()
  expect(await desk.all(ticketsFormatted)).toHaveLength(2)
})

test('crashes at every step of a commit lose no ticket and give no number twice', async () => {
  for (const step of commitSteps) {
    let seen = 0
    const faults = (at: string) => (at === step && ++seen % 4 === 1 ? ('crash' as const) : undefined)
    const desk = await deskWorld(services, { faults, instances: 2 })
    for (let at = 0; at < 24; at++)
      await desk
        .of('discord-aufbereitung')
        .append(discordMessages, `${at % 20}`, { ...discord, interactionId: `${at % 20}` })
    await desk.settle()
    const numbers = (await desk.all(ticketsFormatted)).map(({ value }) => Number(value.number))
    expect([numbers.length, new Set(numbers).size]).toEqual([20, 20])
  }
})
