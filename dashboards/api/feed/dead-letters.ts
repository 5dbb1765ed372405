import type { FastifyInstance } from 'fastify'
import { Problem } from '../http/problem.ts'
import { answers } from '../http/schemas.ts'
import { written } from '../http/written.ts'
import { limits } from '../limits.ts'
import { type DeadLetters, Unfit } from '../ports.ts'

const text = { type: 'string' } as const
const maybe = { type: ['string', 'null'] } as const
const whole = { type: 'integer', minimum: 0 } as const
const closed = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
})

const position = { topic: text, partition: whole, offset: whole }
const deadLetterSchema = closed({
  id: text,
  ...position,
  at: { type: 'string', format: 'date-time' },
  key: maybe,
  value: { ...maybe, description: 'The original, as JSON or text where it can be shown as such.' },
  format: { type: 'string', enum: ['json', 'text', 'base64'] },
  headers: { type: 'array', items: closed({ name: text, value: text }) },
  error: closed({ message: text, exception: maybe, stack: maybe }),
  origin: { anyOf: [closed(position), { type: 'null' }] },
  attempts: whole,
  redriven_at: { type: ['string', 'null'], format: 'date-time' },
})

const letterId = {
  type: 'string',
  minLength: 3,
  maxLength: 300,
  ...written('^[\\w.-]+-\\d{1,9}-\\d{1,15}$', 'must be TOPIC-PARTITION-OFFSET'),
  description: 'TOPIC-PARTITION-OFFSET',
} as const
const idSchema = { type: 'object', required: ['id'], properties: { id: letterId } } as const

export const deadLetterRoutes = (app: FastifyInstance, letters: DeadLetters): void => {
  browsing(app, letters)
  redriving(app, letters)
}

const notThere = (id: string): Problem => new Problem(404, 'Not found', `There is no dead letter ${id}.`)

const browsing = (app: FastifyInstance, letters: DeadLetters): void => {
  app.get<{ Querystring: { topic?: string; q?: string; before?: string; limit: number } }>(
    '/api/dead-letters',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'Records that could not be processed, newest first',
        tags: ['dead letters'],
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            topic: { type: 'string', ...written('^[\\w.-]{1,249}$', 'must be the name of a topic') },
            q: { type: 'string', minLength: 1, maxLength: 200, description: 'A text in reason, key or value.' },
            before: { ...letterId, description: 'The id of the last one of the page before.' },
            limit: { type: 'integer', minimum: 1, maximum: limits.listRowsMax, default: limits.listRowsDefault },
          },
        },
        response: answers(
          closed({
            topics: { type: 'array', items: closed({ name: text, records: whole }) },
            dead_letters: { type: 'array', items: deadLetterSchema },
          }),
          400,
        ),
      },
    },
    async ({ query: { topic, q, before, limit } }) => {
      const [topics, found] = await Promise.all([
        letters.topics(),
        letters.list({
          limit,
          ...(topic !== undefined && { topic }),
          ...(q !== undefined && { text: q }),
          ...(before !== undefined && { before }),
        }),
      ])
      return { topics, dead_letters: found }
    },
  )
  app.get<{ Params: { id: string } }>(
    '/api/dead-letters/:id',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'One dead letter, whole',
        tags: ['dead letters'],
        params: idSchema,
        response: answers(deadLetterSchema, 400, 404),
      },
    },
    async ({ params: { id } }) => {
      const letter = await letters.show(id)
      if (letter === undefined) throw notThere(id)
      return letter
    },
  )
}

const redriveMany = 100

const redriving = (app: FastifyInstance, letters: DeadLetters): void => {
  app.post<{ Params: { id: string }; Body: { value?: string } }>(
    '/api/dead-letters/:id/redrive',
    {
      config: { needs: 'admin', rateLimit: { max: limits.writesPerMinuteMax } },
      schema: {
        summary: 'Sends a dead letter to where it came from, unchanged or edited',
        tags: ['dead letters'],
        params: idSchema,
        body: {
          type: 'object',
          additionalProperties: false,
          properties: { value: { type: 'string', maxLength: limits.bodyBytesMax, description: 'Instead of its own.' } },
        },
        response: answers(closed({ topic: text, partition: whole }), 400, 404, 413, 415, 422),
      },
    },
    async ({ params: { id }, body: { value } }) => {
      if ((await letters.show(id)) === undefined) throw notThere(id)
      try {
        return await letters.redrive(id, value)
      } catch (error) {
        throw asProblem(error)
      }
    },
  )
  app.post<{ Body: { ids: string[] } }>(
    '/api/dead-letters/redrive',
    {
      config: { needs: 'admin', rateLimit: { max: limits.writesPerMinuteMax } },
      schema: {
        summary: 'Sends several dead letters again',
        description: 'Each by itself: the answer says what became of each.',
        tags: ['dead letters'],
        body: {
          type: 'object',
          additionalProperties: false,
          required: ['ids'],
          properties: {
            ids: { type: 'array', minItems: 1, maxItems: redriveMany, uniqueItems: true, items: letterId },
          },
        },
        response: answers(
          closed({
            results: { type: 'array', items: closed({ id: text, redriven: { type: 'boolean' }, reason: maybe }) },
          }),
          400,
          413,
          415,
        ),
      },
    },
    async ({ body: { ids } }) => {
      const results: { id: string; redriven: boolean; reason: string | null }[] = []
      for (const id of ids) results.push(await redriveOne(letters, id))
      return { results }
    },
  )
}

const redriveOne = async (letters: DeadLetters, id: string) => {
  if ((await letters.show(id)) === undefined) return { id, redriven: false, reason: notThere(id).message }
  try {
    await letters.redrive(id)
    return { id, redriven: true, reason: null }
  } catch (error) {
    if (error instanceof Unfit) return { id, redriven: false, reason: error.message }
    throw error
  }
}

const asProblem = (error: unknown): unknown =>
  error instanceof Unfit
    ? new Problem(422, 'Not a value of that topic', error.message, {
        fields: [{ field: 'value', expected: error.message }],
      })
    : error
