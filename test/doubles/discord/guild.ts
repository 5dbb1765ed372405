// What the double's one server holds: channels, messages, commands, webhooks. Limits are Discord's own.

/** Discord's limits, which tests may lower. */
export interface GuildLimits {
  readonly channelsMax: number
  readonly channelsInCategoryMax: number
  readonly activeThreadsMax: number
}

export const usualLimits: GuildLimits = { channelsMax: 500, channelsInCategoryMax: 50, activeThreadsMax: 1_000 }

export interface Channel {
  readonly id: string
  /** 0 is text, 4 a category, 11 a public thread. */
  readonly type: number
  readonly name: string
  readonly topic: string | null
  readonly parent_id: string | null
  readonly permission_overwrites: readonly unknown[]
  readonly thread_metadata?: { readonly archived: boolean } | undefined
}

export interface Message {
  readonly id: string
  readonly channel_id: string
  readonly content: string
  readonly embeds: readonly Embed[]
  readonly nonce?: string | undefined
  readonly allowed_mentions?: { readonly parse?: readonly string[] } | undefined
  readonly author: { readonly id: string; readonly username: string; readonly bot: boolean }
  readonly webhook_id?: string | undefined
}

export interface Embed {
  readonly title?: string
  readonly description?: string
  readonly color?: number
  readonly fields?: readonly { readonly name: string; readonly value: string }[]
  readonly footer?: { readonly text: string }
  readonly timestamp?: string
}

export interface Command {
  readonly id: string
  readonly name: string
  readonly guildId: string | undefined
  readonly options: readonly { readonly name: string; readonly required?: boolean; readonly type: number }[]
}

/** An answer of Discord that is an error: its status, its own code, and its words. */
export class DiscordRefusal extends Error {
  readonly status: number
  readonly code: number
  readonly errors: unknown

  constructor(status: number, code: number, message: string, errors?: unknown) {
    super(message)
    this.status = status
    this.code = code
    this.errors = errors
  }
}

const epochMs = 1_420_070_400_000n
let lastSnowflake = 0n

/** An id as Discord makes them: the time, then a counter. */
export const snowflake = (): string => {
  const now = (BigInt(Date.now()) - epochMs) << 22n
  lastSnowflake = now > lastSnowflake ? now : lastSnowflake + 1n
  return String(lastSnowflake)
}

/** When an id was made. */
export const madeMs = (id: string): number => Number((BigInt(id) >> 22n) + epochMs)

const field = (name: string, code: string, message: string): unknown => ({ [name]: { _errors: [{ code, message }] } })

export class Guild {
  readonly channels = new Map<string, Channel>()
  readonly messages: Message[] = []
  readonly commands = new Map<string, Command>()
  readonly webhooks = new Map<string, string>()
  readonly #nonces = new Map<string, Message>()

  readonly id: string
  readonly limits: GuildLimits
  readonly bot: Message['author']

  constructor(id: string, limits: GuildLimits, bot: Message['author']) {
    this.id = id
    this.limits = limits
    this.bot = bot
  }

  /** What a person made by hand before the bot came. */
  addCategory(name: string): string {
    return this.createChannel({ name, type: 4 }).id
  }

  #countIn = (parent: string): number => this.listed().filter(({ parent_id }) => parent_id === parent).length

  /** Threads are no channels of the list. */
  listed(): Channel[] {
    return [...this.channels.values()].filter(({ type }) => type !== 11)
  }

  createChannel(asked: Partial<Channel> & { readonly name: string }): Channel {
    const { name, type = 0, topic = null, parent_id = null, permission_overwrites = [] } = asked
    if (name.length < 1 || name.length > 100)
      throw new DiscordRefusal(
        400,
        50_035,
        'Invalid Form Body',
        field('name', 'BASE_TYPE_BAD_LENGTH', 'Must be 1-100.'),
      )
    if ((topic?.length ?? 0) > 1_024)
      throw new DiscordRefusal(
        400,
        50_035,
        'Invalid Form Body',
        field('topic', 'BASE_TYPE_BAD_LENGTH', 'Must be <= 1024.'),
      )
    if (this.listed().length >= this.limits.channelsMax)
      throw new DiscordRefusal(400, 30_013, `Maximum number of guild channels reached (${this.limits.channelsMax})`)
    if (parent_id !== null && this.channels.get(parent_id)?.type !== 4) {
      const errors = field('parent_id', 'CHANNEL_PARENT_INVALID', 'Category does not exist')
      throw new DiscordRefusal(400, 50_035, 'Invalid Form Body', errors)
    }
    if (parent_id !== null && this.#countIn(parent_id) >= this.limits.channelsInCategoryMax) {
      const message = `Maximum number of channels in category reached (${this.limits.channelsInCategoryMax})`
      const errors = field('parent_id', 'CHANNEL_PARENT_MAX_CHANNELS', message)
      throw new DiscordRefusal(400, 50_035, 'Invalid Form Body', errors)
    }
    const made = { id: snowflake(), type, name, topic, parent_id, permission_overwrites }
    this.channels.set(made.id, made)
    return made
  }

  createThread(parent: string, messageId: string, name: string): Channel {
    if (this.channels.has(messageId))
      throw new DiscordRefusal(400, 160_004, 'A thread has already been created for this message')
    const active = [...this.channels.values()].filter(({ thread_metadata }) => thread_metadata?.archived === false)
    if (active.length >= this.limits.activeThreadsMax)
      throw new DiscordRefusal(400, 160_006, 'Maximum number of active threads reached')
    const made: Channel = {
      ...{ id: messageId, type: 11, name, topic: null, parent_id: parent, permission_overwrites: [] },
      thread_metadata: { archived: false },
    }
    this.channels.set(made.id, made)
    return made
  }

  createMessage(channelId: string, asked: Partial<Message> & { readonly enforce_nonce?: boolean }): Message {
    if (!this.channels.has(channelId)) throw new DiscordRefusal(404, 10_003, 'Unknown Channel')
    checkMessage(asked)
    const nonce = asked.nonce === undefined ? undefined : `${channelId}/${asked.nonce}`
    const sent = nonce === undefined || !asked.enforce_nonce ? undefined : this.#nonces.get(nonce)
    if (sent !== undefined) return sent
    const made = this.#message(channelId, asked)
    if (nonce !== undefined) this.#nonces.set(nonce, made)
    return made
  }

  #message(channelId: string, asked: Partial<Message>): Message {
    const { content = '', embeds = [], nonce, allowed_mentions } = asked
    const made = { id: snowflake(), channel_id: channelId, content, embeds, nonce, allowed_mentions, author: this.bot }
    this.messages.push(made)
    return made
  }

  /** Forgets nonces, as Discord does after some minutes. */
  forgetNonces(): void {
    this.#nonces.clear()
  }

  execute(webhookId: string, token: string, asked: Partial<Message>): Message {
    if (this.webhooks.get(webhookId) !== token) throw new DiscordRefusal(404, 10_015, 'Unknown Webhook')
    checkMessage(asked)
    const made: Message = { ...this.#message(`webhook ${webhookId}`, asked), webhook_id: webhookId }
    this.messages[this.messages.length - 1] = made
    return made
  }
}

const bad = (where: string, what: string): DiscordRefusal =>
  new DiscordRefusal(400, 50_035, 'Invalid Form Body', field(where, 'BASE_TYPE_BAD_LENGTH', what))

/** Refuses what Discord refuses: nothing at all, and what is too long. */
const checkMessage = ({ content = '', embeds = [], nonce }: Partial<Message>): void => {
  if (content === '' && embeds.length === 0) throw new DiscordRefusal(400, 50_006, 'Cannot send an empty message')
  if (content.length > 2_000) throw bad('content', 'Must be 2000 or fewer in length.')
  if (nonce !== undefined && String(nonce).length > 25) throw bad('nonce', 'Must be 25 or fewer in length.')
  if (embeds.length > 10) throw bad('embeds', 'Must be 10 or fewer.')
  let whole = 0
  for (const { title = '', description = '', fields = [], footer } of embeds) {
    if (title.length > 256) throw bad('embeds.title', 'Must be 256 or fewer in length.')
    if (description.length > 4_096) throw bad('embeds.description', 'Must be 4096 or fewer in length.')
    if (fields.length > 25) throw bad('embeds.fields', 'Must be 25 or fewer in length.')
    if ((footer?.text.length ?? 0) > 2_048) throw bad('embeds.footer', 'Must be 2048 or fewer in length.')
    whole += title.length + description.length + (footer?.text.length ?? 0)
    for (const { name, value } of fields) {
      if (name.length < 1 || name.length > 256) throw bad('embeds.fields.name', 'Must be between 1 and 256 in length.')
      if (value.length < 1 || value.length > 1_024) throw bad('embeds.fields.value', 'Must be between 1 and 1024.')
      whole += name.length + value.length
    }
  }
  if (whole > 6_000) throw bad('embeds', 'Embed size exceeds maximum size of 6000')
}
