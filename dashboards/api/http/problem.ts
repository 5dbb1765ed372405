import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { limits } from '../limits.ts'
import { DatabaseAway, QueryOverTime } from '../ports.ts'
import { expectedBy } from './written.ts'

/** One field of a request, and what was expected of it. */
export interface FieldProblem {
  readonly field: string
  readonly expected: string
}

/** What a caller is told when a request is not answered: RFC 9457. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly title: string
  readonly fields: readonly FieldProblem[]
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    title: string,
    detail: string,
    more: { fields?: readonly FieldProblem[]; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail)
    this.status = status
    this.title = title
    this.fields = more.fields ?? []
    this.headers = more.headers ?? {}
  }
}

/** A field that is not as it should be. */
export const badField = (field: string, expected: string): Problem =>
  new Problem(400, 'Bad request', `${field}: ${expected}`, { fields: [{ field, expected }] })

export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'request_id'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    request_id: { type: 'string', description: 'What the server calls this request in its own log.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'expected'],
        properties: { field: { type: 'string' }, expected: { type: 'string' } },
      },
    },
  },
} as const

const away = (detail: string): Problem =>
  new Problem(503, 'Unavailable', detail, { headers: { 'retry-after': String(limits.retryAfterSeconds) } })

const asProblem = (error: unknown): Problem | undefined => {
  if (error instanceof Problem) return error
  if (error instanceof DatabaseAway) return away('The database cannot be reached. It is tried again at each request.')
  if (error instanceof QueryOverTime)
    return away(`The database took longer than ${limits.queryDeadlineMs / 1_000} seconds. Ask for less, or later.`)
  const { validation, validationContext, statusCode = 500, message } = error as FastifyError
  if (validation) {
    const context = validationContext ?? 'request'
    const either = validation.filter(found => found.schemaPath.includes('/anyOf/'))
    const plain = validation.filter(found => found.keyword !== 'anyOf' && !either.includes(found))
    const fields = [...plain.map(found => fieldProblem(found, context)), ...alternatives(either, context)]
    const detail = fields.map(({ field, expected }) => `${field}: ${expected}`).join('; ')
    return new Problem(400, 'Bad request', detail, { fields })
  }
  if (statusCode === 413)
    return new Problem(413, 'Too large', `A body may have ${limits.bodyBytesMax.toLocaleString('en')} bytes.`)
  if (statusCode === 414)
    return new Problem(414, 'Address too long', 'A part of the address is longer than any name here.')
  if (statusCode === 415) return new Problem(415, 'Unsupported media type', 'Send the body as application/json.')
  if (statusCode >= 400 && statusCode < 500) return new Problem(statusCode, 'Bad request', message)
  return undefined
}

/** Where one of several sets of fields must be there: what each of them lacks. */
const alternatives = (found: readonly Found[], field: string): FieldProblem[] => {
  const missing = found.filter(({ keyword }) => keyword === 'required')
  const sets = [...new Set(missing.map(({ schemaPath }) => schemaPath))].map(path =>
    missing.filter(({ schemaPath }) => schemaPath === path),
  )
  const lacks = sets.map(set => set.map(({ params }) => String(params.missingProperty)).join(' and '))
  return lacks.length === 0 ? [] : [{ field, expected: `must have ${lacks.join(', or ')}` }]
}

type Found = NonNullable<FastifyError['validation']>[number]

const fieldProblem = ({ instancePath, keyword, params, message }: Found, context: string): FieldProblem => {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const inside = (name: unknown) => (path === '' ? String(name) : `${path}.${name}`)
  if (keyword === 'required') return { field: inside(params.missingProperty), expected: 'must be given' }
  if (keyword === 'additionalProperties')
    return { field: inside(params.additionalProperty), expected: `is not known in the ${context}` }
  if (keyword === 'enum')
    return { field: path, expected: `must be one of ${(params.allowedValues as string[]).join(', ')}` }
  if (keyword === 'pattern') return { field: path, expected: expectedBy(String(params.pattern)) }
  return { field: path === '' ? context : path, expected: message ?? 'is not valid' }
}

/** Every error leaves as a problem; what nobody expected says no more than its number, and is told in full in the log. */
export const answerProblems = (app: FastifyInstance): void => {
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply))
}

/** For errors before any route, as of an address that is none, too. */
export const answerProblem = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
  const problem = asProblem(error)
  if (problem === undefined) request.log.error({ err: error }, 'a request failed')
  return send(
    request,
    reply,
    problem ?? new Problem(500, 'Internal error', `The server failed; its log has more under ${request.id}.`),
  )
}

export const send = (request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .headers(problem.headers)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      type: 'about:blank',
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      request_id: request.id,
      ...(problem.fields.length > 0 && { errors: problem.fields }),
    })
