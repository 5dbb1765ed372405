import { describe, expect, test } from 'vitest'
import akte from '../../../pipelines/desk/akte.ts'
import { etikett } from '../../../pipelines/desk/etikett.ts'
import kennzahlen from '../../../pipelines/desk/kennzahlen.ts'
import { forReview, keywordLabel, type Label, type LabelQuestion } from '../../../pipelines/desk/label.ts'
import { profileDefault, profiles } from '../../../pipelines/desk/taxonomy/profiles.ts'
import { fieldNames, unlabelled } from '../../../pipelines/desk/taxonomy/taxonomy.ts'
import type { TicketInput } from '../../../schemas/desk/generated/desk.ts'
import {
  errors,
  ticketCounts,
  ticketEvents,
  ticketsFormatted,
  ticketsLabeled,
  ticketsLabeledDlq,
} from '../../../schemas/desk/topics.ts'
import { uuidOf } from '../../../schemas/index.ts'
import { commitSteps, type DriveOptions } from '../../../topology/testing.ts'
import { deskWorld, headersOf } from './world.ts'

const hourMs = 3_600_000
const ticketOf = (body: string, more: Partial<TicketInput> = {}): TicketInput => ({
  ...{ id: uuidOf(body), number: 1n, contact: 'ada', origin: 'Discord', date: 0, subject: '', body, updatedAt: 0 },
  ...more,
})
const byModel: Label = {
  ...forReview(''),
  ...{ category: 'BACK', priority: 'HIGH', type: 'BUG', department: 'IT Support', confidence: 0.9 },
  ...{ confidenceSource: 'Measured', labelSource: 'Model', model: 'small 1', promptVersion: 'p1', answer: '{}' },
  reviewReason: null,
}
const world = async (label: (question: LabelQuestion) => Label, more: DriveOptions = {}) => {
  const desk = await deskWorld([etikett(profileDefault), akte, kennzahlen], { calls: { label }, ...more })
  const send = async (ticket: TicketInput, timestamp = 1_000) => {
    await desk.of('etikett').send(ticketsFormatted, ticket.id, ticket, timestamp)
    await desk.settle()
  }
  return { desk, send }
}

describe('Etikett', () => {
  test('labels a ticket by what the model answers, and keeps the answer with the label', async () => {
    const asked: LabelQuestion[] = []
    const { desk, send } = await world(question => {
      asked.push(question)
      return byModel
    })
    await send(ticketOf('The export gives a 500', { subject: 'Export' }))
    expect(asked).toEqual([{ subject: 'Export', body: 'The export gives a 500' }])
    expect((await desk.all(ticketsLabeled)).map(({ value }) => value)).toMatchObject([
      { ...byModel, body: 'The export gives a 500', number: 1n, status: 'pending' },
    ])
  })

  test('a body that is too short is a dead letter, a report, and a ticket for a person', async () => {
    const { desk, send } = await world(() => byModel)
    const short = ticketOf('help!')
    await send(short)
    await send(ticketOf('[Printer]\n\nhelp!', { subject: 'Printer', origin: 'Email' }))
    const letters = await desk.all(ticketsLabeledDlq)
    expect(letters).toHaveLength(2)
    expect(headersOf(letters[0]!)['__streams.errors.message']).toContain('shorter than 10 characters')
    expect((await desk.all(errors)).map(({ value }) => [value.service, value.deadLetterTopic])).toEqual(
      Array(2).fill(['Etikett', 'tickets-labeled-dlq']),
    )
    for (const { value } of await desk.all(ticketsLabeled))
      expect(value).toMatchObject({
        ...{ category: unlabelled, priority: unlabelled, type: unlabelled, confidence: null, labelSource: 'Nobody' },
        reviewReason: 'the body is shorter than 10 characters',
      })
    expect(await desk.of('akte').look('akte', short.id)).toMatchObject({
      events: [{ event: 'dead-lettered' }, { event: 'labelled', details: { labelSource: 'Nobody' } }],
    })
  })

  test('where the model is away the keywords answer, and the ticket says so', async () => {
    const { desk, send } = await world(() => {
      throw new Error('connection refused')
    })
    await send(ticketOf('The Android app crashes at start'))
    await desk.advance(hourMs)
    expect((await desk.all(ticketsLabeled)).map(({ value }) => value)).toMatchObject([
      { category: 'MOBILE', type: 'BUG', labelSource: 'Keywords', confidenceSource: 'Keywords', model: null },
    ])
    expect((await desk.all(ticketsLabeled))[0]!.value.reviewReason).toMatch(/^the model gave no label \(.*refused/)
  })

  test('the same question is not asked again within 30 days, and crashes lose and double nothing', async () => {
    for (const step of commitSteps) {
      let seen = 0
      const faults: DriveOptions['faults'] = at => (at === step && ++seen % 3 === 1 ? 'crash' : undefined)
      const { desk, send } = await world(() => byModel, { faults })
      for (let at = 0; at < 12; at++) await send(ticketOf(`ticket ${at} is long enough`))
      const labelled = await desk.all(ticketsLabeled)
      expect([labelled.length, new Set(labelled.map(({ key }) => key)).size]).toEqual([12, 12])
      expect(await desk.all(ticketEvents)).toHaveLength(12)
    }
  })
})

describe('Kennzahlen and Akte', () => {
  test('tickets are counted by hour for each category, priority and origin', async () => {
    const { desk, send } = await world(() => byModel)
    await send(ticketOf('a first ticket here'), 1_000)
    await send(ticketOf('a second ticket here'), hourMs - 1)
    await send(ticketOf('a third ticket here'), hourMs)
    const newest = new Map((await desk.all(ticketCounts)).map(({ key, value }) => [key, value]))
    expect(newest.get('category/BACK@0')).toEqual({
      ...{ windowStart: 0, windowMs: BigInt(hourMs), dimension: 'category', value: 'BACK', count: 2n },
    })
    expect(newest.get(`origin/Discord@${hourMs}`)!.count).toBe(1n)
    expect([...newest.keys()].map(key => key.split('/')[0]).sort()).toEqual([
      'category',
      'category',
      'origin',
      'origin',
      'priority',
      'priority',
    ])
  })

  test('a ticket that was given up and sent again has all of its story in one file', async () => {
    const { desk } = await world(() => byModel)
    const ticketId = uuidOf('one')
    await desk.of('akte').send(ticketEvents, ticketId, {
      type: 'TicketCreated',
      value: { ticketId, at: 1, origin: 'Email', contact: 'ada', subject: 's', number: 7n },
    })
    for (const reference of ['c1', 'c1'])
      await desk.of('akte').send(ticketEvents, ticketId, {
        type: 'TicketExported',
        value: { ticketId, at: 2, target: 'discord', reference },
      })
    expect(await desk.of('akte').look('akte', ticketId)).toMatchObject({
      ...{ number: 7, exported: { discord: 'c1' }, forgotten: 0 },
      events: [
        { event: 'created', details: { origin: 'Email', contact: 'ada', number: 7 } },
        { event: 'exported', details: { target: 'discord', reference: 'c1' } },
        { at: 2 },
      ],
    })
  })
})

/** For each profile, what people write and what it is. */
const written: Readonly<Record<string, readonly (readonly [text: string, category: string, type: string])[]>> = {
  'issue-tracking': [
    ['The Android app crashes after the update', 'MOBILE', 'BUG'],
    ['Das Zertifikat des Servers ist abgelaufen', 'INFRA', 'BUG'],
    ['Please add a sort parameter to the API endpoint', 'BACK', 'FEATURE_REQUEST'],
  ],
  'customer-support': [
    ['My card was charged twice, the invoice is wrong', 'BILLING', 'COMPLAINT'],
    ['Wann kommt meine Lieferung, wo ist das Paket?', 'SHIPPING', 'QUESTION'],
    ['Please change the address of my account', 'ACCOUNT', 'REQUEST'],
  ],
  'service-desk': [
    ['The printer does not print, paper jam', 'HARDWARE', 'INCIDENT'],
    ['Ich brauche bitte Zugriff auf das Konto, Berechtigung beantragen', 'ACCESS', 'SERVICE_REQUEST'],
    ['VPN connection is down, no internet', 'NETWORK', 'INCIDENT'],
  ],
  'event-registration': [
    ['I cannot attend, please cancel and refund my ticket', 'TICKET', 'CANCELLATION'],
    ['Gibt es einen Parkplatz an der Halle?', 'VENUE', 'QUESTION'],
    ['I want to register a group of colleagues as attendees', 'ATTENDEE', 'REGISTRATION'],
  ],
}

describe.each(profiles.map(profile => [profile.name, profile] as const))('the profile %s', (name, profile) => {
  test.each(written[name]!)('"%s" is about %s and a %s', (body, category, type) => {
    expect(keywordLabel(profile, { subject: '', body })).toMatchObject({ category, type, labelSource: 'Keywords' })
  })

  test('what no word speaks for stays unlabelled, without a confidence, and a person is told', () => {
    expect(keywordLabel(profile, { subject: '', body: 'xyzzy' })).toMatchObject({
      ...{ category: unlabelled, confidence: null, confidenceSource: 'None', labelSource: 'Nobody' },
      reviewReason: 'no keyword speaks for its category or priority or type',
    })
  })

  test('its names are its own, its defaults are among them, and no word stands twice in a field', () => {
    for (const field of fieldNames) {
      const { values, otherwise } = profile[field]
      const names = values.map(value => value.name)
      expect(new Set(names).size).toBe(names.length)
      if (otherwise !== undefined) expect(names).toContain(otherwise)
      const words = values.flatMap(value => value.words)
      expect(words.filter((word, at) => words.indexOf(word) !== at || word !== word.toLowerCase())).toEqual([])
    }
  })
})
