// Where a ticket belongs on a server: the category of its type, the next one where that is full, and threads beyond.

import { ChannelType } from 'discord.js'
import type { Note } from '../../../topology/ports/connectors.ts'
import type { Channel, Server } from './server.ts'
import type { DiscordTicket } from './ticket-view.ts'

/** Categories by the types of tickets: ids of those that people made, else they are found or made by these names. */
export interface DiscordCategories {
  readonly bug?: string | undefined
  readonly featureRequest?: string | undefined
  /** For every other type. */
  readonly other?: string | undefined
}

export const placeLimits = {
  /** Discord's own. */
  channelsInCategoryMax: 50,
  /** Of Discord's 500, some are left to people. */
  channelsMax: 450,
  overflowMax: 20,
} as const

type Kind = keyof DiscordCategories

const names: Readonly<Record<Kind, string>> = { bug: 'Bugs', featureRequest: 'Feature requests', other: 'Tickets' }

/** Types are compared without regard to letters and signs: FEATURE_REQUEST, Feature Request. */
const kindOf = ({ type }: DiscordTicket): Kind => {
  const plain = type.toLowerCase().replaceAll(/[^a-z]/g, '')
  return plain === 'bug' ? 'bug' : plain === 'featurerequest' || plain === 'feature' ? 'featureRequest' : 'other'
}

export class Places {
  readonly #server: Server
  readonly #categories: DiscordCategories
  readonly #channelsMax: number
  readonly #note: Note
  readonly #missing = new Set<string>()

  constructor(server: Server, categories: DiscordCategories, channelsMax: number, note: Note) {
    this.#server = server
    this.#categories = categories
    this.#channelsMax = channelsMax
    this.#note = note
  }

  /** The category with room for the channel of a ticket; undefined where it is to be a thread. */
  async categoryFor(ticket: DiscordTicket): Promise<Channel | undefined> {
    if (this.#full(1)) return undefined
    const kind = kindOf(ticket)
    const base = await this.#base(kind)
    if (base === undefined) return undefined
    if (this.#hasRoom(base)) return base
    for (let count = 2; count <= placeLimits.overflowMax; count++) {
      const name = `${base.name} ${count}`
      const next = this.#named(name) ?? (this.#full(2) ? undefined : await this.#category(name, base))
      if (next === undefined || this.#hasRoom(next)) return next
    }
    return undefined
  }

  /** The channel under whose messages threads are made; the category's rights are its own, wherever it stands. */
  async threadsFor(ticket: DiscordTicket): Promise<Channel> {
    const kind = kindOf(ticket)
    const name = `${names[kind].toLowerCase().replaceAll(' ', '-')}-threads`
    const known = this.#server.channels.find(channel => channel.type === ChannelType.GuildText && channel.name === name)
    if (known !== undefined) return known
    const base = this.#existing(kind)
    this.#note('warn', `the server is full: tickets become threads under #${name}`)
    return this.#server.createChannel({
      ...{ name, topic: 'Tickets for which the server had no room as channels of their own' },
      ...(base !== undefined && { permission_overwrites: base.permission_overwrites ?? [] }),
      ...(base !== undefined && this.#hasRoom(base) && { parent_id: base.id }),
    })
  }

  /** Whether so many more channels would be too many. */
  #full(more: number): boolean {
    return this.#server.channels.length + more > this.#channelsMax
  }

  #hasRoom({ id }: Channel): boolean {
    const held = this.#server.channels.filter(({ parent_id }) => parent_id === id)
    return held.length < placeLimits.channelsInCategoryMax
  }

  #named(name: string): Channel | undefined {
    return this.#server.channels.find(channel => channel.type === ChannelType.GuildCategory && channel.name === name)
  }

  #existing(kind: Kind): Channel | undefined {
    const id = this.#categories[kind]
    const chosen = this.#server.channels.find(
      channel => channel.id === id && channel.type === ChannelType.GuildCategory,
    )
    if (id !== undefined && chosen === undefined && !this.#missing.has(id)) {
      this.#missing.add(id)
      this.#note('error', `the category ${id} is not on the server: "${names[kind]}" is used in its place`)
    }
    return chosen ?? this.#named(names[kind])
  }

  async #base(kind: Kind): Promise<Channel | undefined> {
    return this.#existing(kind) ?? (this.#full(2) ? undefined : await this.#category(names[kind], undefined))
  }

  #category(name: string, like: Channel | undefined): Promise<Channel> {
    if (like !== undefined) this.#note('info', `the category "${like.name}" is full: going on in "${name}"`)
    const { permission_overwrites = [] } = like ?? {}
    return this.#server.createChannel({ name, type: ChannelType.GuildCategory, permission_overwrites })
  }
}
