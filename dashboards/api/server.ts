import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import rateLimit from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { deadLetterRoutes } from './feed/dead-letters.ts'
import { eventRoutes } from './feed/events.ts'
import { healthRoutes } from './feed/health.ts'
import { pipelineRoutes } from './feed/pipeline.ts'
import { figureRoutes } from './figures/routes.ts'
import { guard } from './http/guard.ts'
import { addEntityTags, addHeaders } from './http/headers.ts'
import { answerUnknown } from './http/methods.ts'
import { answerProblem, answerProblems, Problem, problemSchema } from './http/problem.ts'
import { sessionRoute } from './http/session.ts'
import type { Token } from './http/tokens.ts'
import { validate } from './http/validation.ts'
import { limits } from './limits.ts'
import { servePage } from './page.ts'
import { panelRoutes } from './panels/routes.ts'
import type { Desk } from './ports.ts'
import { listedTicketSchema, ticketSchema } from './tickets/resource.ts'
import { ticketRoutes } from './tickets/routes.ts'

export interface ServeOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Loopback unless it is said; anything else needs tokens. */
  readonly host?: string | undefined
  readonly tokens?: (() => readonly Token[]) | undefined
  /** Names under which the server may be called beside those of loopback, where there are no tokens. */
  readonly hosts?: readonly string[] | undefined
  /** Origins of other pages that may call: none unless it is said. */
  readonly origins?: readonly string[] | undefined
  readonly logger?: FastifyBaseLogger | undefined
  /** The dashboards in Grafana's JSON. */
  readonly dashboards?: string | undefined
  /** The built page. */
  readonly page?: string | undefined
  readonly readsPerMinuteMax?: number | undefined
}

/** The Armaturenbrett at work. */
export interface Served {
  readonly url: string
  close(): Promise<void>
}

const own = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const hostDefault = '127.0.0.1'
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host)

/** Serves the API and the page of a desk. */
export const serve = async (desk: Desk, options: ServeOptions): Promise<Served> => {
  const { host = hostDefault, port, tokens = () => [] } = options
  if (!isLoopback(host) && tokens().length === 0)
    throw new Error(
      `The dashboard is open to everyone who reaches it while no token is set, so it serves loopback only, not ${host}. ` +
        'Make a token first: franz token create NAME --role admin.',
    )
  const app = await assemble(desk, { ...options, tokens })
  await app.listen({ host, port })
  const address = app.server.address()
  const served = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${served}`,
    async close() {
      app.server.closeIdleConnections()
      await app.close()
    },
  }
}

type Assembled = ServeOptions & { readonly tokens: () => readonly Token[] }

const assemble = async (desk: Desk, options: Assembled): Promise<FastifyInstance> => {
  const { tokens, hosts = [], origins = [], logger } = options
  const app = fastify({
    ...(logger !== undefined && { loggerInstance: logger }),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestDeadlineMs,
    routerOptions: { maxParamLength: limits.lineLengthMax },
    frameworkErrors: answerProblem,
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
  })
  validate(app)
  answerProblems(app)
  addHeaders(app, origins)
  const isLocal = isLoopback(options.host ?? hostDefault)
  guard(app, { tokens, isLocal, hosts, origins })
  answerUnknown(app)
  addEntityTags(app)
  await app.register(rateLimit, {
    max: options.readsPerMinuteMax ?? limits.readsPerMinuteMax,
    timeWindow: '1 minute',
    hook: 'preHandler',
    enableDraftSpec: true,
    keyGenerator: request => request.caller,
    errorResponseBuilder: (_request, { after }) =>
      new Problem(429, 'Too many requests', `Go on in ${after}.`) as unknown as object,
  })
  await describeApi(app)
  for (const schema of [problemSchema, listedTicketSchema, ticketSchema]) app.addSchema(schema)
  await app.register(async routes => {
    ticketRoutes(routes, desk)
    figureRoutes(routes, desk.database)
    eventRoutes(routes, desk.story)
    pipelineRoutes(routes, desk.pipeline)
    deadLetterRoutes(routes, desk.deadLetters)
    panelRoutes(routes, options.dashboards ?? own('../grafana/generated'), desk.database)
    healthRoutes(routes, desk)
    sessionRoute(routes, () => isLocal && tokens().length === 0)
    await servePage(routes, options.page ?? own('../ui/built'))
  })
  return app
}

/** Reading what the API is needs no token. */
const docs = '/docs'

const describeApi = async (app: FastifyInstance): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Franz Armaturenbrett',
        version: '1',
        description:
          'Tickets, their figures and the pipeline behind them. Errors are application/problem+json (RFC 9457). ' +
          'Reads carry an ETag; RateLimit headers say how much may be asked.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }, {}],
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`) },
  })
  app.addHook('onRoute', route => {
    if (route.url.startsWith(docs)) route.config = { ...route.config, needs: 'anyone' }
  })
  await app.register(swaggerUi, {
    routePrefix: docs,
    staticCSP: false,
    uiConfig: { tryItOutEnabled: true },
    // There is one description here, and none to look for elsewhere.
    theme: {
      title: 'Franz: the API',
      css: [{ filename: 'own.css', content: '.swagger-ui .topbar { display: none }' }],
    },
  })
}
