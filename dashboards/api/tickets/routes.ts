import type { FastifyInstance } from 'fastify'
import { rowsOf, statements } from '../database/statements.ts'
import { badField, Problem } from '../http/problem.ts'
import { answers } from '../http/schemas.ts'
import { written } from '../http/written.ts'
import { limits } from '../limits.ts'
import type { Desk, TicketEvent } from '../ports.ts'
import { filedTicket, type NewTicket, newTicketSchema, refuseMixed, ticketDesk } from './file.ts'
import { ticketList } from './list.ts'
import { type TicketQuery, ticketQuerySchema } from './query.ts'
import { aliasesOf, listColumns, ticketOf } from './resource.ts'

const pageSchema = {
  type: 'object',
  required: ['total', 'tickets', 'next'],
  properties: {
    total: { type: 'integer', minimum: 0, description: 'Of all pages.' },
    tickets: { type: 'array', items: { $ref: 'ListedTicket#' } },
    next: { type: ['string', 'null'], description: 'The cursor of the next page; null at the end.' },
  },
} as const

const hex = (digits: number) => `[0-9a-fA-F]{${digits}}`

const idSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: {
    id: {
      type: 'string',
      ...written(`^(\\d{1,9}|${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)})$`, 'must be a uuid or a number'),
      description: 'The uuid of a ticket, or its number.',
    },
  },
} as const

export const ticketRoutes = (app: FastifyInstance, desk: Desk): void => {
  const list = ticketList(desk.database)
  app.get<{ Querystring: TicketQuery }>(
    '/api/tickets',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Tickets, newest first',
        tags: ['tickets'],
        querystring: ticketQuerySchema,
        response: answers(pageSchema, 400),
      },
    },
    request => list(request.query),
  )
  app.get<{ Params: { id: string } }>(
    '/api/tickets/:id',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One ticket with its story',
        tags: ['tickets'],
        params: idSchema,
        response: answers({ $ref: 'Ticket#' }, 400, 404),
      },
    },
    request => oneTicket(desk, request.params.id),
  )
  filing(app, desk)
}

const oneTicket = async ({ database, story, intake }: Desk, id: string) => {
  const asked = statements.selectFrom('tickets').select([...listColumns, 'answer'])
  const [row] = await rowsOf(
    database,
    /^\d+$/.test(id) ? asked.where('id', '=', Number(id)) : asked.where('ticket_id', '=', id.toLowerCase()),
  )
  if (row === undefined) return onItsWay({ story, intake }, id)
  const ticket = ticketOf(row)
  const history = await story.of(ticket.id)
  return {
    ...ticket,
    ...aliasesOf(ticket),
    answer: row.answer,
    history: history.map(told),
  }
}

/** What was filed a moment ago is answered from the log until the database has it. */
const onItsWay = async ({ story, intake }: Pick<Desk, 'story' | 'intake'>, id: string) => {
  const filed = await intake.filed(id.toLowerCase())
  if (filed === undefined) throw new Problem(404, 'Not found', `There is no ticket ${id}, or it is still on its way.`)
  const [labels, history] = await Promise.all([intake.labels(filed.ticketId, 0), story.of(filed.ticketId)])
  return { ...filedTicket(filed, labels), history: history.map(told) }
}

const told = ({ at, event, details }: TicketEvent) => ({ at, event, details })

const filing = (app: FastifyInstance, { intake }: Desk): void => {
  const file = ticketDesk(intake)
  app.post<{ Body: NewTicket; Headers: { 'idempotency-key'?: string }; Querystring: { wait_ms: number } }>(
    '/api/tickets',
    {
      config: { needs: 'write', rateLimit: { max: limits.writesPerMinuteMax } },
      preValidation: async request => refuseMixed(request.body),
      schema: {
        summary: 'Files a ticket',
        description:
          'Answers once the ticket is committed to the log. The labels are there if they came within `wait_ms`, else null. ' +
          'A repetition with the same Idempotency-Key and body has the same answer and files nothing.',
        tags: ['tickets'],
        body: newTicketSchema,
        headers: {
          type: 'object',
          properties: {
            'idempotency-key': {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              ...written('^[!-~]+$', 'must be letters, digits and signs of ASCII'),
            },
          },
        },
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            wait_ms: {
              type: 'integer',
              minimum: 0,
              maximum: limits.labelWaitMsMax,
              default: limits.labelWaitMsDefault,
            },
          },
        },
        response: answers({ $ref: 'Ticket#' }, { success: 201 }, 400, 413, 415, 422),
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key']
      if (Array.isArray(key)) throw badField('Idempotency-Key', 'must be given once')
      const { filed, isNew } = await file(request.caller, request.body, key)
      const labels = await intake.labels(filed.ticketId, request.query.wait_ms)
      return reply
        .code(201)
        .headers({ location: `/api/tickets/${filed.ticketId}`, ...(!isNew && { 'idempotent-replayed': 'true' }) })
        .send(filedTicket(filed, labels))
    },
  )
}
