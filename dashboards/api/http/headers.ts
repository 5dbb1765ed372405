import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

const fixed = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
} as const

/** What every answer carries: what a browser may do with it, and the name of the request. */
export const addHeaders = (app: FastifyInstance, origins: readonly string[]): void => {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(fixed).header('x-request-id', request.id)
    const { origin } = request.headers
    if (origin === undefined || !origins.includes(origin)) return
    reply.header('access-control-allow-origin', origin).header('vary', 'Origin')
    reply.header('cross-origin-resource-policy', 'cross-origin')
    if (request.method !== 'OPTIONS') return
    reply.header('access-control-allow-methods', 'GET, POST')
    reply.header('access-control-allow-headers', 'authorization, content-type, idempotency-key, last-event-id')
    await reply.code(204).send()
  })
}

/** An answer that has not changed since the caller saw it is not sent again. */
export const addEntityTags = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    const type = String(reply.getHeader('content-type') ?? '')
    const isAnswer = request.method === 'GET' && reply.statusCode === 200 && type.startsWith('application/json')
    if (!isAnswer || typeof payload !== 'string' || reply.hasHeader('etag')) return payload
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`
    reply.header('etag', tag)
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-cache')
    const seen = request.headers['if-none-match']?.split(',').map(text => text.trim().replace(/^W\//, ''))
    if (seen === undefined || !(seen.includes(tag) || seen.includes('*'))) return payload
    reply.code(304).removeHeader('content-length')
    return ''
  })
}
