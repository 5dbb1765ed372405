import type { FastifyInstance } from 'fastify'
import { answers, noQuery } from '../http/schemas.ts'
import { limits } from '../limits.ts'
import type { Desk } from '../ports.ts'

const text = { type: 'string' } as const
const healthSchema = {
  type: 'object',
  required: ['status', 'services'],
  properties: {
    status: { type: 'string', enum: ['healthy', 'degraded'] },
    services: { type: 'object', additionalProperties: text },
  },
} as const

const askedWithinMs = 2_000

/** How the desk is, as a whole and by its parts: 503 while one of them is not well. */
export const healthRoutes = (app: FastifyInstance, { database, health, metrics }: Desk): void => {
  const ask = async () => {
    const [isThere, services] = await Promise.all([answersInTime(database.read('select 1', [])), health.services()])
    const all = { database: isThere ? 'healthy' : 'unreachable', ...services }
    const isWell = Object.values(all).every(state => state === 'healthy')
    return { status: isWell ? 'healthy' : 'degraded', services: all }
  }
  for (const url of ['/api/health', '/health'])
    app.get(
      url,
      {
        config: { needs: 'anyone' },
        schema: {
          summary: 'How the desk and its parts are',
          tags: ['operation'],
          querystring: noQuery,
          response: {
            ...answers(healthSchema, 400),
            503: { description: 'A part is not well', content: { 'application/json': { schema: healthSchema } } },
          },
        },
      },
      async (_request, reply) => {
        const found = await ask()
        if (found.status === 'healthy') return found
        return reply.code(503).header('retry-after', String(limits.retryAfterSeconds)).send(found)
      },
    )
  app.get(
    '/metrics',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Figures for Prometheus',
        tags: ['operation'],
        querystring: noQuery,
        response: answers(text, { type: 'text/plain' }, 400),
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics()),
  )
}

const answersInTime = async (asked: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(done => {
    timer = setTimeout(() => done(false), askedWithinMs)
  })
  const answered = asked.then(
    () => true,
    () => false,
  )
  return Promise.race([answered, late]).finally(() => clearTimeout(timer))
}
