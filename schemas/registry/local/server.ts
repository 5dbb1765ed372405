import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import type { LocalRegistry } from './local-registry.ts'
import type { Asked } from './requests.ts'
import { RestError, refusals } from './rest-error.ts'
import { type Handler, type Method, PlainText, routes } from './routes.ts'

const contentType = 'application/vnd.schemaregistry.v1+json'
const limits = {
  bodyBytesMax: 4 * 1024 * 1024,
  headerBytesMax: 16 * 1024,
  connectionsMax: 256,
  headersMs: 10_000,
  requestMs: 30_000,
  idleMs: 60_000,
  checkEveryMs: 5_000,
} as const

/**
 * Where a registry is served, and to whom.
 * @example const options: ServeOptions = { port: 8081, auth: { username: 'desk', password: 'secret' } }
 */
export interface ServeOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number
  /** 127.0.0.1 unless told. Any other address than the machine's own demands `auth`. */
  readonly host?: string
  readonly auth?: { readonly username: string; readonly password: string }
  /** Told of every error that is not the client's. */
  readonly onError?: (error: unknown) => void
}

/**
 * A registry that is being served.
 * @example const show = ({ url }: RegistryServer) => console.log(`curl ${url}/subjects`)
 */
export interface RegistryServer {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves a registry over Confluent's REST API.
 * @example const { url } = await serveRegistry(await openLocalRegistry('data/registry', { to: 'write' }))
 */
export const serveRegistry = async (registry: LocalRegistry, options: ServeOptions = {}): Promise<RegistryServer> => {
  const { port = 0, host = '127.0.0.1', auth } = options
  if (!isLoopback(host) && auth === undefined) {
    throw new Error(`A registry on ${host} is open to the network. To fix: give it a user name and a password.`)
  }
  const allowed = auth && digest(`Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
  const server = createServer({
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: limits.checkEveryMs,
  })
  server.maxConnections = limits.connectionsMax
  server.on('request', (request, response) => {
    answer(registry, request, response, { allowed, loopback: isLoopback(host) }, options.onError)
  })
  await listen(server, port, host)
  const { address, port: bound } = server.address() as AddressInfo
  const url = `http://${isIP(address) === 6 ? `[${address}]` : address}:${bound}`
  registry.announce(url)
  return {
    url,
    close: () =>
      new Promise(resolve => {
        registry.announce(undefined)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const listen = (server: Server, port: number, host: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is taken; choose another, or 0 for a free one' : error.message
      reject(new Error(`The registry cannot listen on ${host}:${port}: ${why}.`, { cause: error }))
    })
    server.listen(port, host, resolve)
  })

const loopbackHosts = ['localhost', '127.0.0.1', '::1', '[::1]']
const isLoopback = (host: string): boolean => loopbackHosts.includes(host) || /^127(?:\.\d{1,3}){3}$/.test(host)

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

interface Door {
  readonly allowed: Buffer | undefined
  readonly loopback: boolean
}

const answer = async (
  registry: LocalRegistry,
  request: IncomingMessage,
  response: ServerResponse,
  door: Door,
  onError: ServeOptions['onError'],
): Promise<void> => {
  try {
    checkDoor(request, door)
    const result = await handle(registry, request)
    send(request, response, 200, result instanceof PlainText ? result.text : JSON.stringify(result))
  } catch (thrown) {
    const known = thrown instanceof RestError
    if (!known || thrown.status >= 500) onError?.(thrown)
    const error = known ? thrown : refusals.storeFailed('The registry failed; its log says why.', thrown)
    if (error.status === 401) response.setHeader('WWW-Authenticate', 'Basic realm="schema registry"')
    // What is left of a body that was too long is not worth reading.
    if (error.status === 413) response.setHeader('Connection', 'close')
    send(request, response, error.status, JSON.stringify({ error_code: error.code, message: error.message }))
  }
}

const send = (request: IncomingMessage, response: ServerResponse, status: number, text: string): void => {
  if (response.headersSent || response.destroyed) return
  const body = Buffer.from(text)
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': body.length })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const checkDoor = (request: IncomingMessage, { allowed, loopback }: Door): void => {
  // A web page in a browser on this machine reaches loopback too: by another host name that it points here.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  if (loopback && !isLoopback(host)) throw new RestError(403, 403, 'This registry answers to loopback names only.')
  if (allowed === undefined) return
  if (timingSafeEqual(digest(request.headers.authorization ?? ''), allowed)) return
  throw new RestError(401, 401, 'A user name and a password are needed.')
}

const handle = async (registry: LocalRegistry, request: IncomingMessage): Promise<unknown> => {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const { handlers, at } = routeOf(path)
  const method = (request.method === 'HEAD' ? 'GET' : request.method) as Method
  const handler: Handler | undefined = Object.hasOwn(handlers, method) ? handlers[method] : undefined
  if (handler === undefined) throw refusals.wrongMethod(Object.keys(handlers))
  const body = method === 'POST' || method === 'PUT' ? await readBody(request) : undefined
  const asked: Asked = { at, query: new URLSearchParams(query), body }
  return handler(registry, asked)
}

const patterns = Object.entries(routes).map(([path, handlers]) => ({ parts: path.split('/'), handlers }))

/** Segments are told apart before they are decoded, so that a subject may contain any character. */
const routeOf = (path: string) => {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  const parts = trimmed.split('/')
  for (const pattern of patterns) {
    if (pattern.parts.length !== parts.length) continue
    const at: Record<string, string> = {}
    const fits = pattern.parts.every((part, index) => {
      if (!part.startsWith('{')) return part === parts[index]
      at[part.slice(1, -1)] = decoded(parts[index]!)
      return true
    })
    if (fits) return { handlers: pattern.handlers, at }
  }
  throw refusals.noSuchPath()
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RestError(400, 400, 'The path is not percent-encoded UTF-8.')
  }
}

const bodyTypes = /^application\/(?:(?:vnd\.schemaregistry(?:\.v1)?\+)?json|octet-stream)\s*(?:;|$)/i

const readBody = async (request: IncomingMessage): Promise<unknown> => {
  const type = request.headers['content-type']
  if (type !== undefined && !bodyTypes.test(type)) {
    throw new RestError(415, 415, `The body must be ${contentType} or application/json.`)
  }
  const bytes = await bytesOf(request)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw new RestError(400, 400, `The body is not JSON in UTF-8: ${(error as Error).message}`)
  }
}

/** Not by iterating: leaving such a loop early destroys the connection, and the refusal would never be read. */
const bytesOf = (request: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const tooLong = () => new RestError(413, 413, `The body is longer than ${limits.bodyBytesMax} bytes.`)
    if (Number(request.headers['content-length']) > limits.bodyBytesMax) return reject(tooLong())
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limits.bodyBytesMax) return void chunks.push(chunk)
      request.pause()
      reject(tooLong())
    })
    request.on('end', () => resolve(Buffer.concat(chunks)))
    request.on('error', () => reject(new RestError(400, 400, 'The body was cut off.')))
  })
