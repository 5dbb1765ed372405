import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { type BucketLimit, type Fault, Faults, Limiter } from './faults.ts'
import { Gateway } from './gateway.ts'
import { DiscordRefusal, Guild, type GuildLimits, snowflake, usualLimits } from './guild.ts'
import { Interactions, type Reply, type Typed } from './interactions.ts'
import { routes } from './routes.ts'

export { type Channel, type Embed, type Message, madeMs, snowflake } from './guild.ts'
export type { Fault, Reply, Typed }

export interface DiscordOptions {
  readonly guild?: Partial<GuildLimits>
  readonly bucket?: BucketLimit
  readonly globalRequestsPerSecond?: number
}

/** One request as it came. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly at: number
}

/** Discord on loopback: its REST and its gateway, one server and one bot, for the real client to talk to. */
export interface DiscordDouble {
  /** For `rest.api` of discord.js. */
  readonly api: string
  readonly token: string
  readonly applicationId: string
  readonly guildId: string
  readonly guild: Guild
  readonly gateway: Gateway
  readonly faults: Faults
  readonly limiter: Limiter
  readonly asked: readonly Asked[]
  /** A user types the command, and again where there was no answer in time; resolves with the answer that says how it ended. */
  ticket(typed: Typed): Promise<Reply>
  /** A user types the command and looks at every answer: those so far, and a wait for one by its title. */
  type(typed: Typed): {
    readonly id: string
    readonly replies: readonly Reply[]
    shown(...titles: string[]): Promise<Reply>
    /** Whether there was a first answer in time. */
    heard(): Promise<boolean>
  }
  /** A webhook's address. */
  webhook(): string
  /** Resolves once this holds; it is looked at after each request. */
  until(holds: () => boolean): Promise<void>
  stop(): Promise<void>
}

const final = ['Ticket Submitted', 'Submission Failed'] as const

export const startDiscord = async (options: DiscordOptions = {}): Promise<DiscordDouble> => {
  const token = `secret-token-${snowflake()}`
  const applicationId = snowflake()
  const bot = { id: snowflake(), username: 'franz', bot: true }
  const guild = new Guild(snowflake(), { ...usualLimits, ...options.guild }, bot)
  const interactions = new Interactions(applicationId, guild.id)
  const faults = new Faults()
  const bucket = options.bucket ?? { requestsMax: 1_000, windowMs: 1_000 }
  const limiter = new Limiter(bucket, options.globalRequestsPerSecond ?? 1_000)
  const asked: Asked[] = []
  const watchers = new Set<() => void>()
  const wake = () => {
    for (const watcher of watchers) watcher()
  }
  const server = createServer()
  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`
  const ready = () => ({
    user: { ...bot, discriminator: '0000', avatar: null },
    guilds: [],
    application: { id: applicationId, flags: 0 },
  })
  const gateway = new Gateway(server, token, ready, () => `ws://${address()}/gateway`)
  const serve = routes({ guild, interactions, applicationId, token, gatewayUrl: () => `ws://${address()}/gateway` })
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const body = await bodyOf(request)
    const status = answer(request, response, body, { faults, limiter, serve })
    asked.push({ method: request.method!, path: request.url!, status, at: Date.now() })
    wake()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const type = (typed: Typed) => {
    const { payload, pending } = interactions.typed(typed)
    if (!gateway.dispatch('INTERACTION_CREATE', payload)) throw new Error('No client has come to the gateway.')
    return {
      id: pending.id,
      replies: pending.replies,
      shown: (...titles: string[]) => interactions.shown(pending, titles),
      heard: () => interactions.heard(pending),
    }
  }
  return {
    ...{
      api: `http://${address()}/api`,
      token,
      applicationId,
      guildId: guild.id,
      guild,
      gateway,
      faults,
      limiter,
      asked,
    },
    type,
    async ticket(typed) {
      for (;;) {
        const { shown, heard } = type(typed)
        if ((await heard()) || typed.id !== undefined) return shown(...final)
      }
    },
    webhook() {
      const [id, secret] = [snowflake(), `hook-${snowflake()}`]
      guild.webhooks.set(id, secret)
      return `http://${address()}/api/webhooks/${id}/${secret}`
    },
    async until(holds) {
      while (!holds()) {
        await new Promise<void>(resolve => {
          const once = () => {
            watchers.delete(once)
            resolve()
          }
          watchers.add(once)
          // Some of what tests wait for happens without a request.
          setTimeout(once, 20)
        })
      }
    },
    stop: () =>
      new Promise(resolve => {
        gateway.close()
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  return text === '' ? {} : JSON.parse(text)
}

type Serve = ReturnType<typeof routes>

/** Serves one request, and says with which status. */
const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  { faults, limiter, serve }: { faults: Faults; limiter: Limiter; serve: Serve },
): number => {
  const fault = faults.take(request)
  if (fault?.answer === 'cut') return cut(response)
  if (typeof fault?.answer === 'number') return fail(response, fault)
  // The callback of an interaction counts against no limit of Discord's.
  const limited = /\/interactions\//.test(request.url!)
    ? undefined
    : limiter.admit(`${request.method} ${majorOf(request.url!)}`, response)
  if (limited !== undefined) return tooMany(response, limited.waitMs, limited.global)
  try {
    const made = serve(request, body)
    if (fault?.answer === 'served') return cut(response)
    if (made === undefined) response.writeHead(204).end()
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(made))
    return response.statusCode
  } catch (error) {
    if (!(error instanceof DiscordRefusal)) throw error
    const { status, code, message, errors } = error
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ code, message, errors }))
    return status
  }
}

/** The route that a bucket is kept for: ids but the first are left out. */
const majorOf = (url: string): string => {
  const [root = '', major = '', ...rest] = url
    .split('?')[0]!
    .replace(/^\/api(\/v\d+)?\//, '')
    .split('/')
  return [root, major, ...rest.map(part => (/^\d{15,}$/.test(part) ? ':id' : part))].join('/')
}

const cut = (response: ServerResponse): number => {
  response.socket?.destroy()
  return 0
}

const tooMany = (response: ServerResponse, waitMs: number, global: boolean): number => {
  const seconds = Math.max(0.001, waitMs / 1_000)
  if (global) response.setHeader('x-ratelimit-global', 'true')
  response.setHeader('x-ratelimit-scope', global ? 'global' : 'user')
  response.setHeader('retry-after', String(Math.ceil(seconds)))
  response.writeHead(429, { 'content-type': 'application/json', via: '1.1 double' })
  response.end(JSON.stringify({ message: 'You are being rate limited.', retry_after: seconds, global }))
  return 429
}

const fail = (response: ServerResponse, { answer: status, retryAfterMs = 100, global = false }: Fault): number => {
  if (status === 429) return tooMany(response, retryAfterMs, global)
  response.writeHead(Number(status), { 'content-type': 'application/json' })
  const code = status === 403 ? 50_013 : 0
  response.end(JSON.stringify({ code, message: status === 403 ? 'Missing Permissions' : `${status}: as told` }))
  return Number(status)
}
