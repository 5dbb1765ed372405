import type { DeadLetter } from '../../dashboards/api/index.ts'
import services from '../../pipelines/desk/desk.ts'
import { description } from '../../topology/index.ts'
import { TestDesk } from '../dashboards/desk.ts'
import { uuidOf } from '../dashboards/tables.ts'

// A desk as it looks after a day of work, always the same one.

const subjects = [
  [
    'Login fails with error 500',
    'Since this morning nobody in our team can sign in. The page answers with error 500.',
    'BACK',
    'BUG',
  ],
  [
    'Dark mode for the app',
    'It would be lovely to have a dark mode on the phone, the white hurts at night.',
    'MOBILE',
    'FEATURE_REQUEST',
  ],
  ['Invoice export is empty', 'The CSV of last month has its headers and not one line.', 'BACK', 'BUG'],
  [
    'VPN drops every hour',
    'The connection is lost exactly every sixty minutes, then I have to sign in again.',
    'INFRA',
    'BUG',
  ],
  ['Button "Save" is hidden', 'On a narrow window the button lies beneath the footer.', 'FRONT', 'BUG'],
  ['Keyboard shortcuts', 'Please let me jump between tickets with the arrow keys.', 'FRONT', 'FEATURE_REQUEST'],
  ['Certificate expires on Friday', 'The certificate of the mail server is valid until Friday 18:00.', 'INFRA', 'BUG'],
] as const
const contacts = ['ada@example.com', 'grace_h', 'linus@example.org', 'Margaret', 'barbara#2041', 'alan@example.net']
const origins = ['Email', 'Discord', 'Email', 'API', 'Discord', 'Email', 'Demo'] as const
const priorities = ['MEDIUM', 'LOW', 'HIGH', 'LOW', 'MEDIUM', 'HIGH', 'LOW', 'NULL'] as const
const departments = ['IT Support', 'Facilities', 'Finance', 'IT Support', 'HR', null] as const

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length]!

/** Spread over the last day, more in the working hours. */
const timeOf = (id: number, tickets: number, nowMs: number): Date =>
  new Date(nowMs - (tickets - id) * (84_000_000 / tickets) - 400_000 - Math.sin(id) * 300_000)

export const openScene = async ({ tickets = 240, nowMs = Date.now() } = {}): Promise<TestDesk> => {
  const desk = await TestDesk.open()
  for (let id = 1; id <= tickets; id++) {
    const [subject, body, category, type] = pick(subjects, id * 5 + (id >> 3))
    const date = timeOf(id, tickets, nowMs).toISOString()
    const isByModel = id % 4 !== 0
    const contact = pick(contacts, id * 7)
    const origin = pick(origins, id * 3 + (id >> 2))
    const labelSource = id % 9 === 0 ? 'Nobody' : isByModel ? 'Model' : 'Keywords'
    await desk.database.insert({
      ...{ id, subject, body, category, type, date, contact, origin },
      priority: pick(priorities, id * 11 + (id >> 1)),
      department: pick(departments, id),
      confidence: id % 9 === 0 ? null : 0.55 + (id % 40) / 100,
      confidence_source: id % 9 === 0 ? 'None' : isByModel ? 'Measured' : 'Keywords',
      label_source: labelSource,
      model: isByModel ? 'llama3.1:8b' : null,
      prompt_version: isByModel ? 'service-desk-3' : null,
      answer: isByModel ? JSON.stringify({ category, priority: 'HIGH', type }) : null,
      review_reason: id % 9 === 0 ? 'no label was sure enough' : null,
      status: id % 5 === 0 ? 'resolved' : id % 3 === 0 ? 'in_progress' : 'pending',
    })
    tellStory(desk, id, date, { origin, contact, category, labelSource })
  }
  desk.topologies = services.map(topology => description(topology))
  desk.flowing = flowing(desk)
  addLetters(desk, nowMs)
  return desk
}

interface Told {
  readonly origin: string
  readonly contact: string
  readonly category: string
  readonly labelSource: string
}

const tellStory = (desk: TestDesk, id: number, date: string, told: Told): void => {
  const { origin, contact, category, labelSource } = told
  const at = (ms: number) => new Date(Date.parse(date) + ms).toISOString()
  const ticketId = uuidOf(id)
  desk.tell({ ticketId, at: at(0), event: 'created', details: { origin, contact } })
  desk.tell({ ticketId, at: at(840), event: 'labelled', details: { category, labelSource } })
  desk.tell({ ticketId, at: at(1_120), event: 'exported', details: { target: 'postgres', reference: String(id) } })
}

const flowing = (desk: TestDesk) => {
  const topics = [...new Set(desk.topologies.flatMap(one => one.topics.map(({ name }) => name)))]
  return {
    topics: topics.map((name, at) => ({ name, records: 4_000 - at * 97, per_second: at % 3 === 0 ? 2.4 : at % 3 })),
    readers: desk.topologies.flatMap((one, at) =>
      one.topics
        .filter(({ readBy, purpose }) => readBy.length > 0 && purpose === 'declared')
        .map(({ name }) => ({ group: one.topology, topic: name, lag: at === 4 ? 37 : 0, per_second: 1.2 + at / 4 })),
    ),
    stores: desk.topologies.flatMap(one =>
      one.stores.map(({ name }, at) => ({ topology: one.topology, name, keys: 1_200 + at * 31, bytes: 48_000 + at })),
    ),
    calls: desk.topologies.flatMap(one => one.calls.map(({ name }) => ({ topology: one.topology, name, pending: 4 }))),
  }
}

const addLetters = (desk: TestDesk, nowMs: number): void => {
  const letter = (offset: number, more: Partial<DeadLetter>) =>
    desk.deadLetter(offset, { at: new Date(nowMs - (40 - offset) * 600_000).toISOString(), ...more })
  letter(11, { value: '{"id":"9b","contact":"ada@example.com","body":"help!"}' })
  letter(12, {
    topic: 'tickets-formatted-dlq',
    id: 'tickets-formatted-dlq-0-12',
    value: '{"message":"It is broken',
    format: 'text',
    error: {
      message: 'the value is neither Avro nor JSON of discordMSG: it ends within a text',
      exception: 'DecodeError',
      stack: 'DecodeError: it ends within a text\n    at decode (codec.ts:12:3)',
    },
    origin: { topic: 'discordMSG', partition: 1, offset: 88 },
  })
  letter(13, { value: '{"id":"9c","contact":"grace_h","body":"?"}' })
}
