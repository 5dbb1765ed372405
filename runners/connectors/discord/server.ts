// A server of Discord as the sink sees it. Owns: the list of its channels, and what is made there.
// Does not own: where a ticket belongs (places), what it looks like (ticket-view).
// A request whose end is not known leaves the list stale: it is read again before anything else is made.

import { ChannelType, DiscordAPIError, type REST, Routes } from 'discord.js'
import { type DiscordTicket, embedOf, nonceOf, ticketIdIn } from './ticket-view.ts'

export interface Channel {
  readonly id: string
  readonly type: number
  readonly name: string
  readonly topic?: string | null | undefined
  readonly parent_id?: string | null | undefined
  readonly permission_overwrites?: readonly unknown[] | undefined
}

interface Message {
  readonly id: string
  readonly embeds: readonly { readonly footer?: { readonly text: string } | undefined }[]
}

/** Discord has no room where something was to be made. */
export class NoRoom extends Error {
  readonly where: 'server' | 'category' | 'threads'

  constructor(where: NoRoom['where'], message: string) {
    super(message)
    this.where = where
  }
}

const messagesLookedAt = 100

export class Server {
  readonly #rest: REST
  readonly #guildId: string
  #channels: Channel[] = []
  #stale = true
  /** Ends what waits for Discord when whoever asked does not wait any more. */
  signal: AbortSignal | undefined

  constructor(rest: REST, guildId: string) {
    this.#rest = rest
    this.#guildId = guildId
  }

  get channels(): readonly Channel[] {
    return this.#channels
  }

  /** From now on nothing is made before the list was read again. */
  forget(): void {
    this.#stale = true
  }

  /** Reads the list where it may be wrong; says whether it did. */
  async refresh(): Promise<boolean> {
    if (!this.#stale) return false
    this.#channels = (await this.#rest.get(Routes.guildChannels(this.#guildId), this.#with())) as Channel[]
    this.#stale = false
    return true
  }

  /** The channels of a ticket: more than one where an earlier one was not seen in time. */
  channelsOf(ticketId: string): readonly Channel[] {
    return this.#channels.filter(({ topic }) => ticketIdIn(topic) === ticketId)
  }

  /** How many channels there are beyond the first of their ticket. */
  get duplicates(): number {
    const ids = this.#channels.flatMap(({ topic }) => ticketIdIn(topic) ?? [])
    return ids.length - new Set(ids).size
  }

  async createChannel(body: Partial<Channel> & { readonly name: string }): Promise<Channel> {
    const made = (await this.#make(Routes.guildChannels(this.#guildId), {
      type: ChannelType.GuildText,
      ...body,
    })) as Channel
    this.#channels = [...this.#channels, made]
    return made
  }

  /** The message that shows the ticket in a channel, if it is there. */
  async messageIn(channelId: string, ticketId: string): Promise<string | undefined> {
    const query = new URLSearchParams({ limit: String(messagesLookedAt) })
    const messages = (await this.#rest.get(Routes.channelMessages(channelId), this.#with({ query }))) as Message[]
    return messages.find(({ embeds }) => embeds.some(({ footer }) => ticketIdIn(footer?.text) === ticketId))?.id
  }

  async createMessage(channelId: string, ticket: DiscordTicket): Promise<string> {
    const { id } = (await this.#make(Routes.channelMessages(channelId), {
      ...{ embeds: [embedOf(ticket)], allowed_mentions: { parse: [] } },
      ...{ nonce: nonceOf(ticket), enforce_nonce: true },
    })) as Message
    return id
  }

  /** A thread under a message has the message's id; a second one cannot be made. */
  async createThread(channelId: string, messageId: string, name: string): Promise<void> {
    try {
      await this.#make(Routes.threads(channelId, messageId), { name, auto_archive_duration: 1_440 })
    } catch (error) {
      if (!(error instanceof DiscordAPIError && error.code === 160_004)) throw error
    }
  }

  #with(more: object = {}) {
    return { ...more, ...(this.signal !== undefined && { signal: this.signal }) }
  }

  async #make(route: `/${string}`, body: unknown): Promise<unknown> {
    try {
      return await this.#rest.post(route, this.#with({ body }))
    } catch (error) {
      const full = noRoom(error)
      // It may have been made all the same, or the list is not what it was.
      this.#stale = true
      throw full ?? error
    }
  }
}

const noRoom = (error: unknown): NoRoom | undefined => {
  if (!(error instanceof DiscordAPIError)) return undefined
  if (error.code === 30_013) return new NoRoom('server', error.message)
  if (error.code === 160_006) return new NoRoom('threads', error.message)
  return error.code === 50_035 && /CHANNEL_PARENT_(MAX_CHANNELS|INVALID)/.test(JSON.stringify(error.rawError))
    ? new NoRoom('category', error.message)
    : undefined
}
