import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Feed, Incoming, SourceConnector } from '../../../topology/index.ts'
import { recordOf } from '../../records/json-record.ts'

export interface HttpSourceOptions {
  /** 0 takes a free one; `listening` tells which. */
  readonly port: number
  readonly host?: string
  readonly path?: string
  /** Without it anybody may post who can reach the port, so that other hosts than loopback need one. */
  readonly token?: string | undefined
  /** Makes records out of a posted body; else the body is one record, `{"key","value","timestamp"?,"headers"?}`, or a list of them. */
  readonly read?: (body: unknown) => readonly Incoming<unknown, unknown>[]
  /** Is told the address once it can be posted to. */
  readonly listening?: (url: string) => void
}

const limits = {
  bodyBytesMax: 1024 * 1024,
  recordsMax: 1_000,
  requestsMax: 256,
  connectionsMax: 1_000,
  /** A request that is not there whole after this is given up. */
  requestMs: 30_000,
  headersMs: 10_000,
} as const

/** Where the answer is that there is no room or no log, clients are asked to come back after so long. */
const retryAfterSeconds = 1

class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * A source that programs post to: 201 once the records are on disk, and nothing of them is kept where the answer is another one.
 * @example sources: { inbox: httpSource({ port: 8080, path: '/tickets' }) }
 */
export const httpSource = (options: HttpSourceOptions): SourceConnector<unknown, unknown> => ({
  async open(feed) {
    const { host = '127.0.0.1', token } = options
    if (token === undefined && !['127.0.0.1', '::1', 'localhost'].includes(host))
      throw new Error(`an HTTP source on ${host} needs a token: anybody could post to it`)
    const server = createServer(new Door(feed, options).receive)
    server.requestTimeout = limits.requestMs
    server.headersTimeout = limits.headersMs
    server.maxConnections = limits.connectionsMax
    await listen(server, options.port, host)
    const { port } = server.address() as AddressInfo
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${options.path ?? '/'}`
    feed.note('info', `records can be posted to ${url}`)
    options.listening?.(url)
    return {
      close: () =>
        new Promise(done => {
          // Requests under way are answered; connections that wait for another one are not waited for.
          server.close(() => done())
          server.closeIdleConnections()
        }),
    }
  },
})

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      fail(error.code === 'EADDRINUSE' ? new Error(`port ${port} of ${host} is taken by another process`) : error),
    )
    server.listen(port, host, done)
  })

/** Takes one request after another, and answers each once its records are committed. */
class Door {
  readonly #feed: Feed<unknown, unknown>
  readonly #options: HttpSourceOptions
  readonly #tokenHash: Buffer | undefined
  #underWay = 0

  constructor(feed: Feed<unknown, unknown>, options: HttpSourceOptions) {
    this.#feed = feed
    this.#options = options
    this.#tokenHash = options.token === undefined ? undefined : hashOf(options.token)
  }

  readonly receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    this.#underWay++
    try {
      this.#refuseStrangers(request)
      const records = this.#read(await bodyOf(request))
      if (records.length > 0) await this.#append(records)
      this.#answer(response, 201, { appended: records.length })
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500
      if (status === 500) this.#feed.note('error', `a posted request failed: ${(error as Error).message}`)
      this.#answer(response, status, { error: error instanceof Refusal ? error.message : 'this is a bug of ours' })
    } finally {
      this.#underWay--
    }
  }

  #answer(response: ServerResponse, status: number, body: object): void {
    // A connection that is kept for another request would hold up closing.
    if (this.#feed.signal.aborted) response.setHeader('connection', 'close')
    answer(response, status, body)
  }

  #refuseStrangers({ method, url = '/', headers }: IncomingMessage): void {
    const path = this.#options.path ?? '/'
    if (url.split('?')[0] !== path) throw new Refusal(404, `post to ${path}`)
    if (method !== 'POST') throw new Refusal(405, 'only POST is known here')
    if (this.#tokenHash !== undefined) {
      const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
      if (!timingSafeEqual(hashOf(given), this.#tokenHash))
        throw new Refusal(401, 'the header "authorization" does not carry the token')
    }
    if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
      throw new Refusal(415, 'the content type is not application/json')
    if (this.#feed.signal.aborted) throw new Refusal(503, 'this source is closing')
    if (this.#underWay > limits.requestsMax) throw new Refusal(503, 'too many requests are under way')
  }

  #read(text: string): readonly Incoming<unknown, unknown>[] {
    try {
      const body: unknown = JSON.parse(text)
      const records = this.#options.read?.(body) ?? [body].flat().map(recordOf)
      if (records.length <= limits.recordsMax) return records
      throw new Error(`${records.length} records are too many for one request: ${limits.recordsMax} are taken`)
    } catch (error) {
      throw new Refusal(400, (error as Error).message)
    }
  }

  async #append(records: readonly Incoming<unknown, unknown>[]): Promise<void> {
    try {
      await this.#feed.append(records)
    } catch (error) {
      // What a topic cannot take is the client's to correct; anything else may work later.
      const wrong = (error as { code?: string }).code === 'VALUE_WRONG'
      throw new Refusal(wrong ? 400 : 503, wrong ? (error as Error).message : 'the records could not be committed')
    }
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limits.bodyBytesMax) throw new Refusal(413, `a request has ${limits.bodyBytesMax} bytes at most`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

const answer = (response: ServerResponse, status: number, body: object): void => {
  if (response.headersSent || response.destroyed) return
  response.setHeader('content-type', 'application/json')
  if (status === 503) response.setHeader('retry-after', retryAfterSeconds)
  // What is left of a body that nobody reads must not be taken for the next request.
  if (status >= 400) response.setHeader('connection', 'close')
  response.statusCode = status
  response.end(`${JSON.stringify(body)}\n`)
}
