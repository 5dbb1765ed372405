import type { Insertable } from 'kysely'
import type { Outgoing } from '../../../topology/index.ts'
import type { TicketCountTable, TicketEventTable, TicketTable } from './schema.ts'

// Records as rows. What Postgres would refuse is refused here, with words, or made acceptable.

/** A ticket as it is written to `tickets`. */
export interface LabeledTicket {
  readonly id: string
  readonly number: bigint | null
  readonly contact: string
  readonly origin: string
  readonly date: number
  readonly subject: string
  readonly body: string
  readonly status: string
  readonly updatedAt: number
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly department: string | null
  readonly confidence: number | null
  readonly confidenceSource: string
  readonly labelSource: string
  readonly model: string | null
  readonly promptVersion: string | null
  readonly answer: string | null
  readonly reviewReason: string | null
}

/** What happened to a ticket, as it is written to `ticket_events`. */
export interface TicketEvent {
  readonly type: string
  readonly value: { readonly ticketId: string; readonly at: number }
}

/** A count of one window, as it is written to `ticket_counts`. */
export interface TicketCount {
  readonly windowStart: number
  readonly windowMs: bigint
  readonly dimension: string
  readonly value: string
  readonly count: bigint
}

/** Why a record can never be a row. */
export class Refused extends Error {}

const idMax = 2 ** 31 - 1

/** Postgres knows no null byte in a text, and no half of a pair. */
const textOf = (text: string): string =>
  text
    .replaceAll('\u0000', '\ufffd')
    .replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')

const optional = (text: string | null): string | null => (text === null ? null : textOf(text))

const timeOf = (ms: number, field: string): Date => {
  const time = new Date(ms)
  if (Number.isFinite(time.getTime()) && time.getUTCFullYear() <= 9999) return time
  throw new Refused(`its ${field} is ${ms}, which is no time that Postgres takes`)
}

const originOf = (logId: string, { topic, partition, offset }: Outgoing<unknown, unknown>) => ({
  log_id: logId,
  ...{ topic, partition, offset },
})

export const ticketRow = (logId: string, record: Outgoing<unknown, LabeledTicket>): Insertable<TicketTable> => {
  const ticket = record.value!
  const number = Number(ticket.number ?? 0)
  if (!(number > 0 && number <= idMax))
    throw new Refused(ticket.number === null ? 'it has no number' : `its number ${number} is no id of the table`)
  return {
    ...{ id: number, ticket_id: ticket.id, date: timeOf(ticket.date, 'date') },
    ...{
      contact: textOf(ticket.contact),
      origin: ticket.origin,
      subject: textOf(ticket.subject),
      body: textOf(ticket.body),
    },
    ...{ category: textOf(ticket.category), priority: textOf(ticket.priority), type: textOf(ticket.type) },
    ...{ department: optional(ticket.department), confidence: ticket.confidence },
    ...{ confidence_source: ticket.confidenceSource, label_source: ticket.labelSource },
    ...{ model: optional(ticket.model), prompt_version: optional(ticket.promptVersion) },
    ...{ answer: optional(ticket.answer), review_reason: optional(ticket.reviewReason), status: ticket.status },
    ...{ created_at: timeOf(ticket.updatedAt, 'time'), updated_at: timeOf(ticket.updatedAt, 'time') },
    ...originOf(logId, record),
  }
}

/** `TicketDeadLettered` is dead-lettered: what happened, as people say it. */
export const eventNamed = (type: string): string =>
  textOf(type)
    .replace(/^Ticket/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase()

export const eventRow = (logId: string, record: Outgoing<unknown, TicketEvent>): Insertable<TicketEventTable> => {
  const { type, value } = record.value!
  const { ticketId, at, ...details } = value
  return {
    ...{ ticket_id: ticketId, at: timeOf(at, 'time'), event: eventNamed(type) },
    details: JSON.stringify(details, (_, content) =>
      typeof content === 'string' ? textOf(content) : typeof content === 'bigint' ? Number(content) : content,
    ),
    ...{ log_id: logId, topic: record.topic, partition: record.partition, offset: record.offset },
  }
}

export const countRow = ({ value }: Outgoing<unknown, TicketCount>): Insertable<TicketCountTable> => {
  const count = value!
  return {
    ...{ window_start: timeOf(count.windowStart, 'window'), window_ms: Number(count.windowMs) },
    ...{ dimension: textOf(count.dimension), value: textOf(count.value), count: Number(count.count) },
  }
}
