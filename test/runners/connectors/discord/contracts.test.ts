import { createHash } from 'node:crypto'
import { test } from 'vitest'
import {
  type DiscordMessage,
  type DiscordTicket,
  discordSink,
  discordSource,
} from '../../../../runners/connectors/discord/index.ts'
import { sinkContract, sourceContract } from '../../../../topology/testing.ts'
import { startDiscord } from '../../../doubles/discord/index.ts'
import { channels, ticket } from './tickets.ts'

for (const { name, run } of sourceContract({
  async open() {
    const discord = await startDiscord()
    return {
      connector: discordSource({
        ...{ token: discord.token, api: discord.api, register: false, cooldownMs: 0, ticketIdOf: id => id },
      }),
      async bring(name) {
        if (!discord.gateway.connected) throw new Error('nobody listens')
        const { embeds } = await discord.ticket({ message: name, user: name })
        if (embeds[0]!.title !== 'Ticket Submitted') throw new Error(embeds[0]!.description)
      },
      nameOf: ({ value }) => (value as DiscordMessage).message,
      close: () => discord.stop(),
    }
  },
  keeps: false,
  underWayMax: 100,
  breathe: () => new Promise(resolve => setTimeout(resolve, 5)),
}))
  test(`Discord ${name}`, run)

/** The same id for the same name, as a second delivery of the same ticket has. */
const idOf = (name: string): string => {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`
}

for (const { name, run } of sinkContract({
  async open() {
    const discord = await startDiscord()
    const { token, api, guildId } = discord
    return {
      connector: discordSink({ token, api, guildId, channels }),
      content: name => ({ key: idOf(name), value: ticket({ id: idOf(name), body: name }) satisfies DiscordTicket }),
      written: async () => discord.guild.messages.map(({ embeds }) => embeds[0]!.fields!.at(-1)!.value),
      close: () => discord.stop(),
    }
  },
  topic: 'tickets-labeled',
  twice: 'once',
  keepsPositions: false,
}))
  test(`Discord ${name}`, run)
