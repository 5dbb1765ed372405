import type { Selectable } from 'kysely'
import type { TicketsTable } from '../database/tables.ts'

/** The columns of a ticket that a list shows; the model's whole answer is shown with the one ticket only. */
export const listColumns = [
  'id',
  'ticket_id',
  'date',
  'contact',
  'origin',
  'subject',
  'body',
  'category',
  'priority',
  'type',
  'department',
  'confidence',
  'confidence_source',
  'label_source',
  'model',
  'prompt_version',
  'review_reason',
  'status',
  'created_at',
  'updated_at',
] as const

type Row = Pick<Selectable<TicketsTable>, (typeof listColumns)[number]>

const iso = (time: Date | string): string => new Date(time).toISOString()

/** From 0 to 100, as people read it; null means not scored. */
const scoreOf = (confidence: number | null): number | null =>
  confidence === null ? null : Math.round(Number(confidence) * 1_000) / 10

/** A ticket as the API shows it: `id` is for programs and never changes, `number` is for people. */
export const ticketOf = (row: Row) => ({
  id: row.ticket_id ?? String(row.id),
  number: row.id,
  date: iso(row.date),
  contact: row.contact,
  origin: row.origin,
  subject: row.subject,
  body: row.body,
  category: row.category,
  priority: row.priority,
  type: row.type,
  department: row.department,
  confidence_score: scoreOf(row.confidence),
  confidence_source: row.confidence_source,
  label_source: row.label_source,
  model: row.model,
  prompt_version: row.prompt_version,
  review_reason: row.review_reason,
  status: row.status,
  created_at: iso(row.created_at),
  updated_at: iso(row.updated_at),
})

export type TicketResource = ReturnType<typeof ticketOf>

const text = { type: 'string' } as const
const time = { type: 'string', format: 'date-time' } as const
const maybeText = { type: ['string', 'null'] } as const

/** What both a list and one ticket have. */
export const ticketProperties = {
  id: {
    type: 'string',
    description: 'A uuid, for programs; never changes. The number, where a row is older than this desk.',
  },
  number: { type: ['integer', 'null'], description: 'For people; null until the log has counted it.' },
  date: { ...time, description: 'When it was written, as its channel says.' },
  contact: { ...text, description: 'Who wrote it.' },
  origin: { ...text, description: 'The channel: Discord, Email, API or Demo.' },
  subject: text,
  body: text,
  category: maybeText,
  priority: maybeText,
  type: maybeText,
  department: maybeText,
  confidence_score: { type: ['number', 'null'], minimum: 0, maximum: 100, description: 'Null: not scored.' },
  confidence_source: { ...maybeText, description: 'What the score rests on.' },
  label_source: { ...maybeText, description: 'Who chose the labels.' },
  model: maybeText,
  prompt_version: maybeText,
  review_reason: { ...maybeText, description: 'Why a person should look; null where nobody need.' },
  status: text,
  created_at: time,
  updated_at: time,
} as const

export type FieldName = keyof typeof ticketProperties

/** No property is required: a caller may ask for some of them only. */
export const listedTicketSchema = { $id: 'ListedTicket', type: 'object', properties: ticketProperties } as const

const eventSchema = {
  type: 'object',
  required: ['at', 'event', 'details'],
  properties: {
    at: time,
    event: { type: 'string', description: 'created, labelled, exported, dead-lettered' },
    details: { type: 'object', additionalProperties: true },
  },
} as const

/** One ticket with its story. `title`, `description`, `user_name` and `user_email` are other names for the same. */
export const ticketSchema = {
  $id: 'Ticket',
  type: 'object',
  required: [...Object.keys(ticketProperties), 'title', 'description', 'user_name', 'user_email', 'answer', 'history'],
  properties: {
    ...ticketProperties,
    title: text,
    description: text,
    user_name: text,
    user_email: maybeText,
    answer: { ...maybeText, description: 'What the model answered, as it came.' },
    history: { type: 'array', items: eventSchema, description: 'What happened to it, from the log, oldest first.' },
  },
} as const

/** The names that another system has for the same. */
export const aliasesOf = ({ subject, body, contact }: Pick<TicketResource, 'subject' | 'body' | 'contact'>) => ({
  title: subject,
  description: body,
  user_name: contact,
  user_email: contact.includes('@') ? contact : null,
})
