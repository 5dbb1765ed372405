// The Exportdienst of Discord: a channel for each ticket, with one message that shows it.
// Owns: what is made on the server for a ticket. Does not own: positions (the log), which are committed with the channel map.
// E1  a ticket in the channel map, or named in the topic of a channel, gets no second channel.
// E2  what a crash left half made is found and finished: a channel without its message, a message without its thread.
// E3  a full server, a lost right or a refused ticket holds up no other one for ever.

import { setMaxListeners } from 'node:events'
import { DiscordAPIError, type REST } from 'discord.js'
import type {
  Delivery,
  OpenSink,
  Outgoing,
  SinkConnector,
  SinkContext,
  TopicOf,
} from '../../../topology/ports/connectors.ts'
import { type DiscordCategories, Places, placeLimits } from './places.ts'
import { type DiscordAccess, Permit, restOf } from './rest.ts'
import { type Channel, NoRoom, Server } from './server.ts'
import { channelName, channelTopic, type DiscordTicket } from './ticket-view.ts'

/** A record of the channel map: what was made for a ticket. */
export interface DiscordChannel {
  readonly ticketId: string
  readonly guildId: string
  readonly channelId: string
  readonly messageId: string
  readonly thread: boolean
  /** In milliseconds since 1970. */
  readonly at: number
}

export interface DiscordSinkOptions extends DiscordAccess {
  /** The server. */
  readonly guildId: string
  readonly categories?: DiscordCategories | undefined
  /** The compacted topic of the channel map, by ticket id. */
  readonly channels: TopicOf<string, DiscordChannel>
  /** Beyond so many channels tickets become threads; 450 unless told. */
  readonly channelsMax?: number | undefined
  /** Tickets that are not for Discord; made-up ones (of origin Demo) unless told. */
  readonly leavesOut?: ((ticket: DiscordTicket) => boolean) | undefined
}

const limits = {
  /** What one delivery takes at most: what it has made until then is kept, and the others follow. */
  deliverMs: 90_000,
  /** How often another place is looked for where one turned out to be full. */
  placesMax: 5,
} as const

/** A server of Discord as a sink. */
export const discordSink = (options: DiscordSinkOptions): SinkConnector<string, DiscordTicket> => {
  const permit = new Permit()
  // What Discord said about its limits outlives one opening.
  const rest = restOf(options)
  let watched = false
  return {
    async open(context) {
      if (!watched) permit.watch(rest, context.note)
      watched = true
      permit.check()
      const known = new Set<string>()
      for await (const { key, value } of context.read(options.channels)) {
        if (key !== null && value !== null) known.add(key)
        else if (key !== null) known.delete(key)
      }
      return new Exporter(options, permit, rest, context, known)
    },
  }
}

type Record = Outgoing<string, DiscordTicket>

class Exporter implements OpenSink<string, DiscordTicket> {
  readonly #options: DiscordSinkOptions
  readonly #permit: Permit
  readonly #context: SinkContext
  readonly #server: Server
  readonly #places: Places
  /** Tickets of the channel map. */
  readonly #known: Set<string>
  /** Made for the batch at hand: the map does not have them yet. */
  readonly #made = new Map<string, DiscordChannel>()
  #duplicates = 0

  constructor(options: DiscordSinkOptions, permit: Permit, rest: REST, context: SinkContext, known: Set<string>) {
    this.#options = options
    this.#permit = permit
    this.#context = context
    this.#known = known
    this.#server = new Server(rest, options.guildId)
    const { categories = {}, channelsMax = placeLimits.channelsMax } = options
    this.#places = new Places(this.#server, categories, channelsMax, context.note)
  }

  async assigned(): Promise<readonly []> {
    this.#server.forget()
    return []
  }

  async deliver(records: readonly Record[]): Promise<Delivery> {
    const over = new AbortController()
    // One for each request, for as long as the delivery goes on.
    setMaxListeners(0, over.signal)
    const timer = setTimeout(() => over.abort(), limits.deliverMs)
    const stop = () => over.abort()
    this.#context.signal.addEventListener('abort', stop, { once: true })
    if (this.#context.signal.aborted) stop()
    this.#server.signal = over.signal
    try {
      return await this.#all(records, over.signal)
    } finally {
      clearTimeout(timer)
      this.#context.signal.removeEventListener('abort', stop)
    }
  }

  async #all(records: readonly Record[], signal: AbortSignal): Promise<Delivery> {
    const { channels, leavesOut = isMadeUp } = this.#options
    const appends: { topic: typeof channels; key: string; value: DiscordChannel }[] = []
    const refused: { record: Record; reason: string }[] = []
    let done = 0
    this.#settle(records)
    for (const record of records) {
      const ticket = record.value
      if (ticket !== null && !leavesOut(ticket) && !this.#known.has(ticket.id)) {
        if (signal.aborted) throw new Error(`${done} of ${records.length} tickets are on Discord, the others follow`)
        try {
          const value = this.#made.get(ticket.id) ?? (await this.#exported(ticket))
          this.#made.set(ticket.id, value)
          appends.push({ topic: channels, key: ticket.id, value })
        } catch (error) {
          if (signal.aborted) throw new Error(`${done} of ${records.length} tickets are on Discord, the others follow`)
          refused.push({ record, reason: this.#refusal(error) })
        }
      }
      done++
    }
    return { appends, refused }
  }

  /** Another batch comes only once the last one is committed: what was made for it is in the map by now. */
  #settle(records: readonly Record[]): void {
    const again = new Set(records.map(({ value }) => value?.id))
    for (const id of this.#made.keys()) {
      if (again.has(id)) continue
      this.#known.add(id)
      this.#made.delete(id)
    }
  }

  /** Why Discord will never take this ticket; throws for everything that may be otherwise later. */
  #refusal(error: unknown): string {
    if (error instanceof NoRoom) return `the server has no room for it: ${error.message}`
    const judged = this.#permit.judge(error)
    // The list of channels may be what was wrong with it.
    if (error instanceof DiscordAPIError && error.status === 400) return judged.message
    throw judged
  }

  async #exported(ticket: DiscordTicket): Promise<DiscordChannel> {
    this.#permit.check()
    await this.#refreshed()
    const [found] = this.#server.channelsOf(ticket.id)
    const place = found ?? (await this.#channelFor(ticket))
    if (place === undefined) return this.#thread(ticket)
    const there = found === undefined ? undefined : await this.#server.messageIn(found.id, ticket.id)
    const messageId = there ?? (await this.#server.createMessage(place.id, ticket))
    return this.#entry(ticket, place.id, messageId, false)
  }

  async #refreshed(): Promise<void> {
    if (!(await this.#server.refresh())) return
    const { duplicates } = this.#server
    if (duplicates > this.#duplicates)
      this.#context.note('warn', `${duplicates} tickets have a second channel on Discord`, { duplicates })
    this.#duplicates = duplicates
  }

  /** A channel of its own; undefined where there is no room for one. */
  async #channelFor(ticket: DiscordTicket): Promise<Channel | undefined> {
    for (let tried = 0; tried < limits.placesMax; tried++) {
      try {
        const category = await this.#places.categoryFor(ticket)
        if (category === undefined) return undefined
        return await this.#server.createChannel({
          ...{ name: channelName(ticket), topic: channelTopic(ticket), parent_id: category.id },
        })
      } catch (error) {
        if (!(error instanceof NoRoom)) throw error
        if (error.where !== 'category') return undefined
        // Somebody else has filled it: what the list says now counts.
        await this.#server.refresh()
      }
    }
    return undefined
  }

  async #thread(ticket: DiscordTicket): Promise<DiscordChannel> {
    await this.#server.refresh()
    const home = await this.#places.threadsFor(ticket)
    const there = await this.#server.messageIn(home.id, ticket.id)
    const messageId = there ?? (await this.#server.createMessage(home.id, ticket))
    try {
      await this.#server.createThread(home.id, messageId, channelName(ticket))
    } catch (error) {
      if (!(error instanceof NoRoom)) throw error
      this.#context.note('warn', `no thread could be made for a ticket, its message stands alone: ${error.message}`)
      return this.#entry(ticket, home.id, messageId, false)
    }
    return this.#entry(ticket, messageId, messageId, true)
  }

  #entry({ id: ticketId }: DiscordTicket, channelId: string, messageId: string, thread: boolean): DiscordChannel {
    return { ticketId, guildId: this.#options.guildId, channelId, messageId, thread, at: Date.now() }
  }

  async close(): Promise<void> {
    this.#server.forget()
  }
}

const isMadeUp = ({ origin }: DiscordTicket): boolean => origin === 'Demo'
