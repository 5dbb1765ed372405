// The Kummerkasten of Discord: `/ticket` becomes a record, and the user is told only once it is in the log.
// Owns: the connection to the gateway, the answers to users. Does not own: what becomes of a record (the pipeline).
// Crossing: feed.append, once for each interaction, with its id as the key; a repetition of Discord's is known by it.

import { type ChatInputCommandInteraction, Client, Events, MessageFlags } from 'discord.js'
import type { Feed, Opened, SourceConnector } from '../../../topology/ports/connectors.ts'
import { type Answer, failed, submitted, waiting } from './answers.ts'
import { Cooldown } from './cooldown.ts'
import { command, messageLengthMax, registerWith } from './register.ts'
import { type DiscordAccess, discordApi, Permit, limits as restLimits, restOf, told } from './rest.ts'

/** A record of the topic: `/ticket` as Discord sent it. */
export interface DiscordMessage {
  readonly message: string
  readonly username: string
  readonly timestamp: string
  readonly interactionId: string
  readonly userId: string
  readonly guildId: string | null
  readonly channelId: string | null
  readonly locale: string | null
}

export interface DiscordSourceOptions extends DiscordAccess {
  /** The server that the command is for; all servers of the bot unless given. */
  readonly guildId?: string | undefined
  /** Whether the command is registered at start; true unless told. */
  readonly register?: boolean | undefined
  /** The id of the ticket that the pipeline makes of an interaction. */
  readonly ticketIdOf: (interactionId: string) => string
  /** The number of a ticket once it has one; where it takes over two seconds, the user sees the beginning of the id. */
  readonly numberOf?: ((ticketId: string, signal: AbortSignal) => Promise<number | undefined>) | undefined
  /** How long a user waits between two tickets; 10,000 unless told. */
  readonly cooldownMs?: number | undefined
  /** How long a message may be; 4,000 unless told, which is the most. */
  readonly lengthMax?: number | undefined
}

const limits = {
  numberMs: 2_000,
  slowMs: 10_000,
  closeMs: 5_000,
  /** Discord forgets an interaction after 15 minutes: its answer cannot be edited any more. */
  answerMs: 14 * 60_000,
  filingMax: 100,
  usersMax: 10_000,
  seenMax: 1_000,
} as const

/** Discord as a source: every `/ticket` is one record. */
export const discordSource = (options: DiscordSourceOptions): SourceConnector<string, DiscordMessage> => {
  const permit = new Permit()
  return {
    async open(feed) {
      permit.check()
      try {
        return await connected(options, permit, feed)
      } catch (error) {
        throw permit.judge(error)
      }
    },
  }
}

const connected = async (
  options: DiscordSourceOptions,
  permit: Permit,
  feed: Feed<string, DiscordMessage>,
): Promise<Opened> => {
  const { token, api = discordApi, guildId, register = true } = options
  const client = new Client({
    intents: [],
    rest: { api, timeout: restLimits.requestMs, globalRequestsPerSecond: restLimits.requestsPerSecond },
  })
  const desk = new Desk(options, feed)
  client.on(Events.InteractionCreate, interaction => {
    if (interaction.isChatInputCommand() && interaction.commandName === command.name) desk.take(interaction)
  })
  client.on(Events.Error, error => feed.note('warn', told(error).message))
  client.on(Events.ShardReconnecting, () => feed.note('warn', 'the connection to Discord is lost; it is made again'))
  client.on(Events.ShardResume, () => feed.note('info', 'the connection to Discord is back'))
  const ended = new Promise<never>((_, reject) => {
    client.on(Events.ShardDisconnect, ({ code }) =>
      reject(new Error(`Discord ended the connection for good (${code})`)),
    )
    client.on(Events.Invalidated, () => reject(new Error('Discord ended the session')))
  })
  // Whoever opened it may look at it later.
  ended.catch(() => undefined)
  try {
    if (register) await registered(options, permit, feed)
    await client.login(token)
  } catch (error) {
    await client.destroy()
    throw error
  }
  feed.note('info', `listening for /${command.name} on Discord`, { guildId: guildId ?? 'every server of the bot' })
  return {
    ended,
    async close() {
      await desk.close()
      await client.destroy()
    },
  }
}

/** A command that cannot be registered now was, most likely, before: it is told, and listening goes on. */
const registered = async (
  options: DiscordSourceOptions,
  permit: Permit,
  { note }: Feed<string, DiscordMessage>,
): Promise<void> => {
  try {
    note('info', await registerWith(restOf(options), options))
  } catch (error) {
    const judged = permit.judge(error)
    permit.check()
    note('warn', `/${command.name} could not be registered: ${judged.message}`)
  }
}

/** Takes interactions, one promise each, and answers them. */
class Desk {
  readonly #options: DiscordSourceOptions
  readonly #feed: Feed<string, DiscordMessage>
  readonly #cooldown: Cooldown
  readonly #filing = new Set<Promise<void>>()
  readonly #seen = new Set<string>()
  #closing = false

  constructor(options: DiscordSourceOptions, feed: Feed<string, DiscordMessage>) {
    this.#options = options
    this.#feed = feed
    this.#cooldown = new Cooldown(options.cooldownMs ?? 10_000, limits.usersMax)
  }

  take(interaction: ChatInputCommandInteraction): void {
    // The gateway repeats what it is not sure about after a lost connection.
    if (this.#seen.has(interaction.id)) return
    this.#seen.add(interaction.id)
    if (this.#seen.size > limits.seenMax) this.#seen.delete(this.#seen.values().next().value!)
    const work = this.#answer(interaction).catch(error =>
      this.#feed.note('warn', `a user could not be answered: ${told(error).message}`, {
        interactionId: interaction.id,
      }),
    )
    this.#filing.add(work)
    void work.then(() => this.#filing.delete(work))
  }

  async #answer(interaction: ChatInputCommandInteraction): Promise<void> {
    const message = interaction.options.getString('message', true)
    const refusal = this.#refusal(interaction.user.id, message)
    if (refusal !== undefined) {
      await interaction.reply({ ...failed(refusal), flags: MessageFlags.Ephemeral })
      return
    }
    this.#cooldown.start(interaction.user.id, Date.now())
    // Where even this fails the user sees that nothing happened, so nothing may happen, and they may try again at once.
    await interaction.deferReply({ flags: MessageFlags.Ephemeral }).catch(error => {
      this.#cooldown.forget(interaction.user.id)
      throw error
    })
    await edit(interaction, await this.#filed(interaction, message))
  }

  /** Why nothing is filed, in words for the user. */
  #refusal(user: string, message: string): string | undefined {
    const lengthMax = Math.min(this.#options.lengthMax ?? messageLengthMax, messageLengthMax)
    if (this.#closing) return 'The desk is just being restarted. Please try again in a minute.'
    if (message.trim() === '') return 'The message is empty. Please write what is wrong.'
    if (message.length > lengthMax)
      return `The message has ${message.length} characters; ${lengthMax} are taken. Please shorten it.`
    const seconds = Math.ceil(this.#cooldown.left(user, Date.now()) / 1_000)
    if (seconds > 0) return `You have just filed a ticket. Please wait ${seconds} s before the next one.`
    if (this.#filing.size > limits.filingMax) return 'Very many tickets come in just now. Please try again in a minute.'
    return undefined
  }

  async #filed(interaction: ChatInputCommandInteraction, message: string): Promise<Answer> {
    const slow = setTimeout(() => {
      edit(interaction, waiting()).catch(error => this.#feed.note('warn', told(error).message))
    }, limits.slowMs)
    try {
      await this.#feed.append([{ key: interaction.id, value: recordOf(interaction, message) }])
    } catch (error) {
      this.#cooldown.forget(interaction.user.id)
      this.#feed.note('error', `a ticket could not be filed: ${messageOf(error)}`, { interactionId: interaction.id })
      return failed('Your ticket could not be filed, nothing of it is kept. Please try again in a few minutes.')
    } finally {
      clearTimeout(slow)
    }
    return submitted(message, await this.#nameOf(this.#options.ticketIdOf(interaction.id)))
  }

  /** The number of the ticket, or the beginning of its id where that takes too long. */
  async #nameOf(ticketId: string): Promise<string> {
    const short = ticketId.slice(0, 8)
    const { numberOf } = this.#options
    if (numberOf === undefined) return short
    const patience = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>(resolve => {
      timer = setTimeout(() => resolve(undefined), limits.numberMs)
    })
    try {
      const found = await Promise.race([numberOf(ticketId, patience.signal), late])
      return found === undefined ? short : `#${found}`
    } catch (error) {
      this.#feed.note('warn', `the number of a ticket is not known: ${messageOf(error)}`, { ticketId })
      return short
    } finally {
      clearTimeout(timer)
      patience.abort()
    }
  }

  /** Waits for what is being filed, but not for ever. */
  async close(): Promise<void> {
    this.#closing = true
    let timer: NodeJS.Timeout | undefined
    const over = new Promise<void>(resolve => {
      timer = setTimeout(resolve, limits.closeMs)
    })
    await Promise.race([Promise.all(this.#filing), over])
    clearTimeout(timer)
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const edit = async (interaction: ChatInputCommandInteraction, answer: Answer): Promise<void> => {
  if (Date.now() - interaction.createdTimestamp > limits.answerMs) return
  await interaction.editReply(answer)
}

const recordOf = (interaction: ChatInputCommandInteraction, message: string): DiscordMessage => ({
  message,
  username: interaction.user.username,
  timestamp: new Date(interaction.createdTimestamp).toISOString(),
  interactionId: interaction.id,
  userId: interaction.user.id,
  guildId: interaction.guildId,
  channelId: interaction.channelId,
  locale: interaction.locale,
})
