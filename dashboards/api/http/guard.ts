import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from './problem.ts'
import { allows, ownerOf, type Role, type Token } from './tokens.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call it; `anyone` needs no token. A route that says nothing is for admins. */
    readonly needs?: Role | 'anyone'
  }
  interface FastifyRequest {
    caller: string
    role: Role | undefined
  }
}

export interface GuardOptions {
  /** Asked at every request, so that a token can be given and taken back while the server runs. */
  readonly tokens: () => readonly Token[]
  /** Only this machine reaches the server: while there is no token, everyone who does is an admin. */
  readonly isLocal: boolean
  /** Names beside those of loopback under which the server may be called. */
  readonly hosts: readonly string[]
  /** Other origins that pages may call from. */
  readonly origins: readonly string[]
}

const loopback = ['localhost', '127.0.0.1', '[::1]']
const hostOf = (authority: string): string => authority.toLowerCase().replace(/:\d+$/, '')

/** Lets in who may come in: by name of the host, by origin of the page, by token and role. */
export const guard = (app: FastifyInstance, { tokens, isLocal, hosts, origins }: GuardOptions): void => {
  app.decorateRequest('caller', '')
  app.decorateRequest('role', undefined)
  const known = new Set([...loopback, ...hosts.map(host => host.toLowerCase())])
  app.addHook('onRequest', async (request, reply) => {
    const kept = tokens()
    const isOpen = isLocal && kept.length === 0
    // A page elsewhere that points its own name at this machine is stopped by the name.
    const host = request.headers.host
    if (isOpen && host !== undefined && !known.has(hostOf(host)))
      throw new Problem(421, 'Misdirected request', 'This server does not answer under that name.')
    checkOrigin(request, origins)
    const needed = request.routeOptions.config.needs ?? 'admin'
    const owner = ownerFor(request, kept)
    request.caller = owner?.name ?? `address ${request.ip}`
    request.role = isOpen ? 'admin' : owner?.role
    if (needed === 'anyone' || request.is404) return
    if (request.role === undefined) {
      reply.header('www-authenticate', 'Bearer realm="franz"')
      throw new Problem(401, 'Unauthorized', 'Send a valid token: Authorization: Bearer TOKEN.')
    }
    if (!allows(request.role, needed))
      throw new Problem(403, 'Forbidden', `This needs the role ${needed}; the token has ${request.role}.`)
  })
}

const ownerFor = ({ headers }: FastifyRequest, kept: readonly Token[]): Token | undefined => {
  const token = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return token === undefined ? undefined : ownerOf(token, kept)
}

/** Pages of other origins may neither write nor read, whatever the browser would allow. */
const checkOrigin = ({ headers }: FastifyRequest, origins: readonly string[]): void => {
  const { origin, host } = headers
  if (origin === undefined || origins.includes(origin)) return
  if (origin.replace(/^https?:\/\//, '') === host) return
  throw new Problem(403, 'Forbidden', 'Pages of another origin may not call this server.')
}
