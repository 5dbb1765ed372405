import type { IncomingMessage } from 'node:http'
import { type Channel, type Command, DiscordRefusal, type Guild, type Message, snowflake } from './guild.ts'
import type { Interactions } from './interactions.ts'

export interface Served {
  readonly guild: Guild
  readonly interactions: Interactions
  readonly applicationId: string
  readonly token: string
  readonly gatewayUrl: () => string
}

type Handler = (served: Served, ids: readonly string[], body: never, query: URLSearchParams) => unknown

/** Fields that the real client reads of every message and channel. */
const messageOf = (message: Message) => ({
  ...{ type: 0, tts: false, pinned: false, mention_everyone: false, flags: 0, edited_timestamp: null },
  ...{ mentions: [], mention_roles: [], attachments: [], components: [], timestamp: new Date().toISOString() },
  ...message,
})
const channelOf = (guild: Guild, channel: Channel) => ({ guild_id: guild.id, position: 0, nsfw: false, ...channel })

const register = ({ guild }: Served, guildId: string | undefined, body: Omit<Command, 'id' | 'guildId'>) => {
  const key = `${guildId ?? 'global'}/${body.name}`
  const command = { ...body, id: guild.commands.get(key)?.id ?? snowflake(), guildId }
  guild.commands.set(key, command)
  return command
}

const oneOf = <V>(found: V | undefined, code: number, message: string): V => {
  if (found === undefined) throw new DiscordRefusal(404, code, message)
  return found
}

const table: readonly (readonly [string, Handler])[] = [
  [
    'GET /gateway/bot',
    ({ gatewayUrl }) => ({
      url: gatewayUrl(),
      shards: 1,
      session_start_limit: { total: 1_000, remaining: 999, reset_after: 0, max_concurrency: 1 },
    }),
  ],
  ['GET /applications/@me', ({ applicationId }) => ({ id: applicationId, name: 'franz' })],
  ['GET /users/@me', ({ guild }) => guild.bot],
  ['POST /applications/:/commands', (served, _ids, body) => register(served, undefined, body)],
  ['POST /applications/:/guilds/:/commands', (served, [, guildId], body) => register(served, guildId, body)],
  ['GET /guilds/:/channels', ({ guild }) => guild.listed().map(channel => channelOf(guild, channel))],
  [
    'GET /guilds/:/threads/active',
    ({ guild }) => ({
      threads: [...guild.channels.values()].filter(({ type }) => type === 11).map(channel => channelOf(guild, channel)),
      members: [],
    }),
  ],
  ['POST /guilds/:/channels', ({ guild }, _ids, body) => channelOf(guild, guild.createChannel(body))],
  ['GET /channels/:', ({ guild }, [id]) => channelOf(guild, oneOf(guild.channels.get(id!), 10_003, 'Unknown Channel'))],
  ['POST /channels/:/messages', ({ guild }, [id], body) => messageOf(guild.createMessage(id!, body))],
  [
    'GET /channels/:/messages',
    ({ guild }, [id], _body, query) => {
      oneOf(guild.channels.get(id!), 10_003, 'Unknown Channel')
      const before = query.get('before')
      return guild.messages
        .filter(({ channel_id, id: own }) => channel_id === id && (before === null || BigInt(own) < BigInt(before)))
        .slice(-Number(query.get('limit') ?? 50))
        .reverse()
        .map(messageOf)
    },
  ],
  [
    'PATCH /channels/:/messages/:',
    ({ guild }, [, id], body) => {
      const at = guild.messages.findIndex(message => message.id === id)
      if (at < 0) throw new DiscordRefusal(404, 10_008, 'Unknown Message')
      guild.messages[at] = { ...guild.messages[at]!, ...(body as Partial<Message>) }
      return messageOf(guild.messages[at])
    },
  ],
  [
    'POST /channels/:/messages/:/threads',
    ({ guild }, [channel, message], body: { readonly name: string }) =>
      channelOf(guild, guild.createThread(channel!, message!, body.name)),
  ],
  [
    'POST /interactions/:/:/callback',
    ({ interactions }, [id, token], body) => interactions.callback(id!, token!, body),
  ],
  [
    'PATCH /webhooks/:/:/messages/@original',
    ({ guild, interactions }, [, token], body) => {
      interactions.edit(token!, body)
      return messageOf({ id: snowflake(), channel_id: '300', content: '', embeds: [], author: guild.bot })
    },
  ],
  [
    'POST /webhooks/:/:',
    ({ guild }, [id, token], body, query) => {
      const message = guild.execute(id!, token!, body)
      return query.get('wait') === 'true' ? messageOf(message) : undefined
    },
  ],
]

const compiled = table.map(([route, handler]) => {
  const [method, path] = route.split(' ') as [string, string]
  return { method, pattern: new RegExp(`^${path.replaceAll(':', '([^/]+)')}$`), handler }
})

/** What needs no token of the bot: its secret is in the address. */
const open = /^\/(interactions|webhooks)\//

/** Answers a request as Discord would: with a body, with nothing, or with a refusal thrown. */
export const routes =
  (served: Served) =>
  ({ method, url = '', headers }: IncomingMessage, body: unknown): unknown => {
    const { pathname, searchParams } = new URL(url, 'http://double')
    const path = decodeURIComponent(pathname.replace(/^\/api(\/v\d+)?/, ''))
    if (!open.test(path) && headers.authorization !== `Bot ${served.token}`)
      throw new DiscordRefusal(401, 0, '401: Unauthorized')
    for (const { method: other, pattern, handler } of compiled) {
      const found = other === method ? pattern.exec(path) : null
      if (found !== null) return handler(served, found.slice(1), body as never, searchParams)
    }
    throw new DiscordRefusal(404, 0, '404: Not Found')
  }
