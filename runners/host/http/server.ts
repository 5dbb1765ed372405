import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { portTaken } from './port-owner.ts'

/** What a route answers: JSON unless it says otherwise. */
export interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body: string | Buffer | object
}

/** Answers requests whose path it knows; undefined: it is another's. */
export type Route = (
  path: string,
  query: URLSearchParams,
  request: IncomingMessage,
) => Promise<Answer | undefined> | Answer | undefined

export interface ServeOptions {
  readonly port: number
  readonly host?: string | undefined
  readonly routes: readonly Route[]
  /** The flag that chooses the port, for the word on one that is taken. */
  readonly flag?: string | undefined
  /** Is told what went wrong in a request. */
  readonly wrong?: (message: string) => void
}

export interface Served {
  readonly url: string
  close(): Promise<void>
}

/** A port that cannot be listened on. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken'
}

const hostDefault = '127.0.0.1'
const loopback = ['127.0.0.1', '::1', 'localhost']
const limits = { requestMs: 10_000, headersMs: 5_000, connectionsMax: 500 } as const
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:"

/** Serves routes to read, on loopback unless it is told otherwise. */
export const serve = async ({
  port,
  host = hostDefault,
  routes,
  flag = '--port',
  wrong,
}: ServeOptions): Promise<Served> => {
  const isLoopback = loopback.includes(host)
  const server = createServer(async (request, response) => {
    try {
      send(response, isLoopback && !fromHere(request) ? strange : await answerOf(request, routes))
    } catch (error) {
      wrong?.(`a request for ${request.url} failed: ${(error as Error).message}`)
      send(response, { status: 500, body: { error: 'this is a bug of ours' } })
    }
  })
  server.requestTimeout = limits.requestMs
  server.headersTimeout = limits.headersMs
  server.maxConnections = limits.connectionsMax
  await new Promise<void>((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? new PortTaken(portTaken(port, flag)) : error),
    )
    server.listen(port, host, done)
  })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(done => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

/** A page elsewhere can make a browser ask us under a name of its own: whoever is here says so. */
const fromHere = ({ headers }: IncomingMessage): boolean => {
  const name = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  return loopback.includes(name)
}

const strange: Answer = { status: 403, body: { error: 'this is for programs on this machine, by its own name' } }

const answerOf = async (request: IncomingMessage, routes: readonly Route[]): Promise<Answer> => {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, body: { error: 'only GET is known here' } }
  const url = new URL(request.url ?? '/', 'http://here')
  for (const route of routes) {
    const answer = await route(url.pathname, url.searchParams, request)
    if (answer !== undefined) return answer
  }
  return { status: 404, body: { error: `there is nothing at ${url.pathname}` } }
}

const send = (response: ServerResponse, { status = 200, type, body }: Answer): void => {
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  response.writeHead(status, {
    'content-type': type ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'),
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(isText ? body : `${JSON.stringify(body, plain)}\n`)
}

/** What JSON lacks: whole numbers beyond its own, and bytes. */
function plain(this: Readonly<Record<string, unknown>>, name: string, value: unknown): unknown {
  const itself = this[name]
  if (itself instanceof Uint8Array) return Buffer.from(itself).toString('base64')
  return typeof value === 'bigint' ? String(value) : value
}
