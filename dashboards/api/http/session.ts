import type { FastifyInstance } from 'fastify'
import { answers, noQuery } from './schemas.ts'

const sessionSchema = {
  type: 'object',
  required: ['role', 'tokens'],
  properties: {
    role: { type: ['string', 'null'], enum: ['read', 'write', 'admin', null], description: 'Null: a token is needed.' },
    tokens: { type: 'boolean', description: 'False: no token is set, and everyone on this machine may do everything.' },
  },
} as const

/** What the caller may do: the page asks it first. */
export const sessionRoute = (app: FastifyInstance, isOpen: () => boolean): void => {
  app.get(
    '/api/session',
    {
      config: { needs: 'anyone' },
      schema: {
        summary: 'What the caller may do',
        tags: ['operation'],
        querystring: noQuery,
        response: answers(sessionSchema, 400),
      },
    },
    async request => ({ role: request.role ?? null, tokens: !isOpen() }),
  )
}
