import type { LabeledTicket } from '../../../../runners/connectors/postgres/rows.ts'
import { uuidOf } from '../../../../schemas/index.ts'
import type { Outgoing, SinkContext } from '../../../../topology/index.ts'

export const topics = { tickets: 'tickets-labeled', events: 'ticket-events', counts: 'ticket-counts' } as const

const at = (topic: string, offset: number, value: unknown, partition = 0): Outgoing<unknown, unknown> => ({
  ...{ topic, partition, offset, timestamp: 5_000, headers: [], key: `k${offset}`, value },
})

export const ticketAt = (offset: number, more: Partial<LabeledTicket> = {}, partition = 0) =>
  at(
    topics.tickets,
    offset,
    {
      ...{
        id: uuidOf(`${partition}/${offset}`),
        number: BigInt(offset + 1),
        contact: 'ada',
        origin: 'Discord',
        date: 1_000,
      },
      ...{ subject: 's', body: 'the body', status: 'pending', updatedAt: 5_000, category: 'BACK', priority: 'HIGH' },
      ...{ type: 'BUG', department: null, confidence: 0.5, confidenceSource: 'Keywords', labelSource: 'Keywords' },
      ...{ model: null, promptVersion: null, answer: null, reviewReason: null },
      ...more,
    },
    partition,
  )

export const eventAt = (offset: number, contact = 'ada') =>
  at(topics.events, offset, {
    type: 'TicketCreated',
    value: { ticketId: uuidOf('0/0'), at: 1_000, contact, number: 7n },
  })

export const countAt = (offset: number, count: number) =>
  at(topics.counts, offset, {
    windowStart: 0,
    windowMs: 3_600_000n,
    dimension: 'category',
    value: 'BACK',
    count: BigInt(count),
  })

export const partitionsOf = (count = 1) =>
  Object.values(topics).flatMap(topic => Array.from({ length: count }, (_, partition) => ({ topic, partition })))

export const contextOf = (logId = 'log-1', told: string[] = []): SinkContext => ({
  ...{ topology: 'postgres-exportdienst', name: 'postgres', logId },
  signal: { aborted: false } as SinkContext['signal'],
  note: (level, message) => void told.push(`${level}: ${message}`),
  async *read() {},
})
