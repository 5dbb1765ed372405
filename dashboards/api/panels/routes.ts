import type { FastifyInstance } from 'fastify'
import { answers, noQuery } from '../http/schemas.ts'
import { withoutZero, written } from '../http/written.ts'
import type { Database } from '../ports.ts'
import { Board, type PanelQuery } from './board.ts'

const uid = {
  type: 'string',
  ...written('^[\\w-]{1,40}$', 'must be letters, digits, - and _, 40 at most'),
} as const
const name = { type: 'string', ...written('^\\w{1,40}$', 'must be letters, digits and _, 40 at most') } as const
const text = { type: 'string' } as const

const params = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const anything = { type: 'object', additionalProperties: true } as const

const panelSchema = {
  type: 'object',
  required: ['columns', 'rows', 'cut', 'from', 'to', 'interval_ms', 'fill'],
  properties: {
    columns: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'type'],
        properties: { name: text, type: { type: 'string', enum: ['number', 'time', 'boolean', 'text'] } },
      },
    },
    rows: { type: 'array', items: { type: 'array', items: { type: ['string', 'number', 'boolean', 'null'] } } },
    from: { type: 'string', format: 'date-time' },
    to: { type: 'string', format: 'date-time' },
    interval_ms: { type: 'integer', description: 'How wide a point of a time series is.' },
    fill: { type: ['number', 'null'], description: 'What a point without rows is; null: there is none.' },
    cut: { type: 'boolean', description: 'There were more rows than are sent.' },
  },
} as const

const time = (what: string, instead: string) => ({
  type: 'string',
  minLength: 3,
  maxLength: 40,
  default: instead,
  description: `${what}: now, now-24h, or ISO 8601.`,
})

const panelQuerySchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: time('Begin', 'now-24h'),
    to: time('End', 'now'),
    interval_ms: { type: 'integer', minimum: 1_000, maximum: 31_536_000_000, description: 'How wide a point is.' },
  },
  patternProperties: { '^var-\\w{1,40}$': { type: 'string', maxLength: 4_000, ...withoutZero } },
} as const

/** The checked-in dashboards of Grafana, and the answers of their panels. */
export const panelRoutes = (app: FastifyInstance, folder: string, database: Database): void => {
  const board = new Board(folder, database)
  app.get(
    '/api/dashboards',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'The dashboards that there are',
        tags: ['dashboards'],
        querystring: noQuery,
        response: answers({ type: 'array', items: params({ uid: text, title: text }) }, 400),
      },
    },
    async () => (await board.dashboards()).map(({ uid, title }) => ({ uid, title })),
  )
  app.get<{ Params: { uid: string } }>(
    '/api/dashboards/:uid',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'A dashboard as Grafana reads it',
        tags: ['dashboards'],
        params: params({ uid }),
        response: answers(anything, 400, 404),
      },
    },
    request => board.dashboard(request.params.uid),
  )
  app.get<{ Params: { uid: string; name: string } }>(
    '/api/dashboards/:uid/variables/:name',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What a variable can be set to',
        tags: ['dashboards'],
        params: params({ uid, name }),
        response: answers({ type: 'array', items: text }, 400, 404),
      },
    },
    ({ params: asked }) => board.options(asked.uid, asked.name),
  )
  app.get<{ Params: { uid: string; id: number }; Querystring: PanelQuery }>(
    '/api/dashboards/:uid/panels/:id',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What a panel shows',
        description: 'The SQL is that of the dashboard; a request only says when, how finely and of what (`var-NAME`).',
        tags: ['dashboards'],
        params: params({ uid, id: { type: 'integer', minimum: 0, maximum: 1_000_000 } }),
        querystring: panelQuerySchema,
        response: answers(panelSchema, 400, 404),
      },
    },
    ({ params: asked, query }) => board.panel(asked.uid, asked.id, query),
  )
}
