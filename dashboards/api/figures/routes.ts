import type { FastifyInstance } from 'fastify'
import { memo } from '../http/memo.ts'
import { answers, noQuery } from '../http/schemas.ts'
import { limits } from '../limits.ts'
import type { Database } from '../ports.ts'
import { confidenceByDepartment, countsBy, type Share, ticketsByDay, totals } from './counts.ts'

const whole = { type: 'integer', minimum: 0 } as const
const share = { type: ['number', 'null'], minimum: 0, maximum: 100 } as const
const shares = {
  type: 'array',
  items: { type: 'object', required: ['name', 'value'], properties: { name: { type: 'string' }, value: whole } },
} as const
const byName = (values: object) => ({ type: 'object', additionalProperties: values })

const closed = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const mapped = (list: readonly Share[]): Record<string, number> =>
  Object.fromEntries(list.map(({ name, value }) => [name, value]))

const percentages = (list: readonly Share[]): Record<string, number> => {
  const sum = list.reduce((total, { value }) => total + value, 0)
  return Object.fromEntries(list.map(({ name, value }) => [name, Math.round((value / sum) * 1_000) / 10]))
}

/** Figures over all tickets: each is counted once a second at most, however many people look at it. */
export const figureRoutes = (app: FastifyInstance, database: Database): void => {
  const kept = memo<unknown>(limits.figuresKeptMs)
  const route = (
    url: string,
    summary: string,
    properties: Readonly<Record<string, object>>,
    ask: () => Promise<unknown>,
  ) =>
    app.get(
      url,
      {
        config: { needs: 'read' },
        schema: {
          summary,
          tags: ['figures'],
          querystring: noQuery,
          response: answers(closed(properties), 400),
        },
      },
      () => kept(url, ask),
    )

  const kpis = { total_tickets: whole, by_origin: shares, by_category: shares, by_priority: shares, by_type: shares }
  route('/api/kpis', 'Counts by origin, category, priority and type', kpis, async () => {
    const by = await countsBy(database, ['origin', 'category', 'priority', 'type'])
    return {
      total_tickets: by.origin.reduce((sum, { value }) => sum + value, 0),
      by_origin: by.origin,
      by_category: by.category,
      by_priority: by.priority,
      by_type: by.type,
    }
  })

  const summary = {
    total_tickets: whole,
    by_department: byName(whole),
    by_status: byName(whole),
    average_confidence: share,
    recent_tickets_24h: whole,
  }
  route('/api/dashboard/summary', 'The desk in five figures', summary, async () => {
    const [by, { total, confidence, recent }] = await Promise.all([
      countsBy(database, ['department', 'status']),
      totals(database),
    ])
    return {
      total_tickets: total,
      by_department: mapped(by.department),
      by_status: mapped(by.status),
      average_confidence: confidence,
      recent_tickets_24h: recent,
    }
  })
  routing(route, database)
  trends(app, database)
}

type Route = (
  url: string,
  summary: string,
  properties: Readonly<Record<string, object>>,
  ask: () => Promise<unknown>,
) => unknown

const routing = (route: Route, database: Database): void => {
  const routed = {
    department_distribution: byName(whole),
    department_percentages: byName(share),
    average_confidence_by_department: byName(share),
  }
  route('/api/dashboard/routing', 'Which departments tickets go to, and how surely', routed, async () => {
    const [{ department }, confidence] = await Promise.all([
      countsBy(database, ['department']),
      confidenceByDepartment(database),
    ])
    return {
      department_distribution: mapped(department),
      department_percentages: percentages(department),
      average_confidence_by_department: Object.fromEntries(confidence.map(({ name, value }) => [name, value])),
    }
  })

  const performance = {
    total_tickets: whole,
    resolved_tickets: whole,
    resolution_rate: share,
    average_categorization_confidence: share,
  }
  route('/api/analytics/performance', 'How many tickets are resolved', performance, async () => {
    const { total, resolved, confidence } = await totals(database)
    return {
      total_tickets: total,
      resolved_tickets: resolved,
      resolution_rate: total === 0 ? 0 : Math.round((resolved / total) * 1_000) / 10,
      average_categorization_confidence: confidence,
    }
  })
}

const daysMax = 366

const trends = (app: FastifyInstance, database: Database): void => {
  const kept = memo<unknown>(limits.figuresKeptMs)
  const day = closed({ date: { type: 'string', format: 'date' }, count: whole })
  app.get<{ Querystring: { days: number } }>(
    '/api/analytics/trends',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Tickets by day, in UTC',
        tags: ['figures'],
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: { days: { type: 'integer', minimum: 1, maximum: daysMax, default: 30 } },
        },
        response: answers(closed({ days: whole, daily_ticket_creation: { type: 'array', items: day } }), 400),
      },
    },
    ({ query: { days } }) =>
      kept(String(days), async () => ({ days, daily_ticket_creation: await ticketsByDay(database, days) })),
  )
}
