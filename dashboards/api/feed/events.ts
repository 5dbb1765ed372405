import type { FastifyInstance, FastifyReply } from 'fastify'
import { badField, Problem } from '../http/problem.ts'
import { answers } from '../http/schemas.ts'
import { limits } from '../limits.ts'
import { type LoggedEvent, type Story, UnknownPosition } from '../ports.ts'

const asMessage = ({ after, ...event }: LoggedEvent): string =>
  `id: ${after}\nevent: ticket\ndata: ${JSON.stringify({ ticket_id: event.ticketId, at: event.at, event: event.event, details: event.details })}\n\n`

/** What has happened to tickets, as it happens. The id of each message is a position in the log: a reader goes on from any. */
export const eventRoutes = (app: FastifyInstance, story: Story): void => {
  let open = 0
  const ending = new AbortController()
  app.addHook('preClose', async () => ending.abort())
  app.get<{ Querystring: { from?: string }; Headers: { 'last-event-id'?: string } }>(
    '/api/events',
    {
      config: { needs: 'read' },
      schema: {
        summary: 'What happens to tickets, as server-sent events',
        description:
          'Each message has a position of the log as its id; `Last-Event-ID` or `from` goes on after it. ' +
          '`from=start` begins with the oldest event kept; without either only new ones come.',
        tags: ['events'],
        headers: { type: 'object', properties: { 'last-event-id': { type: 'string', maxLength: 4_000 } } },
        querystring: {
          type: 'object',
          additionalProperties: false,
          properties: {
            from: { type: 'string', minLength: 1, maxLength: 4_000, description: 'A position, or start.' },
          },
        },
        response: answers({ type: 'string' }, { type: 'text/event-stream' }, 400),
      },
    },
    async (request, reply) => {
      if (open >= limits.eventStreamsMax)
        throw new Problem(503, 'Unavailable', `${open} pages are listening already.`, {
          headers: { 'retry-after': String(limits.retryAfterSeconds) },
        })
      const given = request.headers['last-event-id'] ?? request.query.from
      const from = given === undefined ? await story.end() : given === 'start' ? await story.start() : given
      const leaving = new AbortController()
      const signal = AbortSignal.any([ending.signal, leaving.signal])
      const batches = story.follow(from, signal)[Symbol.asyncIterator]()
      const first = batches.next()
      await refuseUnknown(first, from)
      reply.hijack()
      reply.raw.on('close', () => leaving.abort())
      open++
      try {
        await tell(reply, from, { first, batches, signal })
      } catch (error) {
        if (!signal.aborted) request.log.error({ err: error }, 'a stream of events ended')
      } finally {
        open--
        reply.raw.end()
      }
    },
  )
}

interface Telling {
  readonly first: Promise<IteratorResult<readonly LoggedEvent[]>>
  readonly batches: AsyncIterator<readonly LoggedEvent[]>
  readonly signal: AbortSignal
}

const tell = async (reply: FastifyReply, from: string, { first, batches, signal }: Telling): Promise<void> => {
  const { raw } = reply
  raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write(`retry: 2000\nid: ${from}\nevent: hello\ndata: {}\n\n`)
  const beat = setInterval(() => raw.write(': still here\n\n'), limits.heartbeatMs)
  try {
    for (let batch = await first; !batch.done && !signal.aborted; batch = await batches.next()) {
      const isTaken = raw.write(batch.value.map(asMessage).join(''))
      // A reader that is slower than the desk is read for no further than it can follow.
      if (!isTaken) await drained(raw, signal)
    }
  } finally {
    clearInterval(beat)
  }
}

/** A position of another log is refused before the stream begins; whether it is one shows at the first step. */
const refuseUnknown = async (first: Promise<unknown>, from: string): Promise<void> => {
  try {
    await Promise.race([first, new Promise(done => setImmediate(done))])
  } catch (error) {
    if (error instanceof UnknownPosition)
      throw badField('from', `must be a position of this log; ${JSON.stringify(from.slice(0, 80))} is none`)
    throw error
  }
}

const drained = (raw: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> =>
  new Promise(done => {
    const settle = () => {
      raw.removeListener('drain', settle)
      signal.removeEventListener('abort', settle)
      done()
    }
    raw.once('drain', settle)
    signal.addEventListener('abort', settle, { once: true })
  })
