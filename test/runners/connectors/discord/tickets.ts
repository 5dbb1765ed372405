import { randomUUID } from 'node:crypto'
import {
  type DiscordChannel,
  type DiscordSinkOptions,
  type DiscordTicket,
  discordSink,
} from '../../../../runners/connectors/discord/index.ts'
import { canceller } from '../../../../topology/abort.ts'
import { text, topic } from '../../../../topology/index.ts'
import type { OpenSink, Outgoing } from '../../../../topology/ports/connectors.ts'
import type { DiscordDouble } from '../../../doubles/discord/index.ts'
import type { Told } from '../feed.ts'

const json = { ...text, name: 'json' } as never
export const channels = topic<string, DiscordChannel, string, DiscordChannel>('discord-channels', {
  key: text,
  value: json,
})

let numbers = 0
export const ticket = (more: Partial<DiscordTicket> = {}): DiscordTicket => ({
  ...{ id: randomUUID(), number: BigInt(++numbers), contact: 'Ada Example <ada@example.org>', origin: 'Email' },
  ...{ date: Date.UTC(2025, 9, 14), subject: 'Printer', body: 'The printer is on fire.' },
  ...{ category: 'INFRA', priority: 'HIGH', type: 'BUG' },
  ...more,
})

export const record = (value: DiscordTicket | null, offset = 0): Outgoing<string, DiscordTicket> => ({
  ...{ topic: 'tickets-labeled', partition: 0, offset, timestamp: 0, headers: [], key: value?.id ?? 'gone', value },
})

/** A sink with the channel map of the log, as the host keeps it: what a delivery appends is there at the next opening. */
export class Export {
  readonly map = new Map<string, DiscordChannel>()
  readonly told: Told[] = []
  readonly #options: DiscordSinkOptions
  readonly #connector
  #open: OpenSink<string, DiscordTicket> | undefined

  constructor(discord: DiscordDouble, more: Partial<DiscordSinkOptions> = {}) {
    this.#options = { token: discord.token, api: discord.api, guildId: discord.guildId, channels, ...more }
    this.#connector = discordSink(this.#options)
  }

  async open(): Promise<OpenSink<string, DiscordTicket>> {
    const entries = [...this.map]
    this.#open = await this.#connector.open({
      ...{ topology: 'discord-exportdienst', name: 'discord', logId: 'log', signal: canceller().signal },
      note: (level, message) => this.told.push({ level, message }),
      async *read() {
        for (const [key, value] of entries) yield { ...record(null), key, value } as never
      },
    })
    return this.#open
  }

  /** Delivers, and commits what the sink appends unless the process dies before. */
  async deliver(tickets: readonly (DiscordTicket | null)[], end: 'committed' | 'killed' = 'committed') {
    this.#open ??= await this.open()
    const delivery = await this.#open.deliver(tickets.map((each, offset) => record(each, offset)))
    if (end === 'killed') this.#open = undefined
    else for (const { key, value } of delivery?.appends ?? []) this.map.set(key as string, value as DiscordChannel)
    return delivery
  }

  /** The process dies: the next delivery is that of another one. */
  kill(): void {
    this.#open = undefined
  }
}
