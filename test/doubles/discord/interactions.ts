import { DiscordRefusal, type Embed, snowflake } from './guild.ts'

/** What a user of the double sees of the answer to a command. */
export interface Reply {
  readonly embeds: readonly Embed[]
  readonly content: string
  readonly ephemeral: boolean
  /** How long after the command it came. */
  readonly afterMs: number
}

export interface Typed {
  readonly message: string
  readonly user?: string | undefined
  /** The same id again is the same interaction, dispatched twice. */
  readonly id?: string | undefined
  readonly command?: string | undefined
  readonly locale?: string | undefined
}

interface Pending {
  readonly id: string
  readonly token: string
  readonly at: number
  ephemeral: boolean
  answered: boolean
  readonly replies: Reply[]
  readonly waiting: (() => void)[]
}

const firstAnswerMs = 3_000

/** Interactions under way: who asked, what was answered, and Discord's three seconds. */
export class Interactions {
  readonly #byToken = new Map<string, Pending>()

  readonly applicationId: string
  readonly guildId: string

  constructor(applicationId: string, guildId: string) {
    this.applicationId = applicationId
    this.guildId = guildId
  }

  /** The payload of a command and the handle on what will be answered. */
  typed({ message, user = 'ada', id = snowflake(), command = 'ticket', locale = 'en-GB' }: Typed) {
    const token = `interaction-${snowflake()}`
    const pending: Pending = { id, token, at: Date.now(), ephemeral: false, answered: false, replies: [], waiting: [] }
    this.#byToken.set(token, pending)
    const userId = String(
      [...user].reduce((sum, letter) => sum * 31n + BigInt(letter.codePointAt(0)!), 7n) % 10n ** 18n,
    )
    const member = {
      user: { id: userId, username: user, discriminator: '0', avatar: null, global_name: null },
      ...{ roles: [], permissions: '0', joined_at: new Date().toISOString(), deaf: false, mute: false, flags: 0 },
    }
    const payload = {
      ...{ id, token, version: 1, type: 2, application_id: this.applicationId, guild_id: this.guildId, member, locale },
      ...{
        channel_id: '300',
        channel: { id: '300', type: 0, permissions: '0' },
        app_permissions: '0',
        entitlements: [],
      },
      ...{ guild_locale: 'en-US', authorizing_integration_owners: {}, context: 0, attachment_size_limit: 1_000_000 },
      data: { id: '200', name: command, type: 1, options: [{ name: 'message', type: 3, value: message }] },
    }
    return { payload, pending }
  }

  /** `POST /interactions/ID/TOKEN/callback`. */
  callback(
    id: string,
    token: string,
    body: { type: number; data?: { flags?: number; embeds?: Embed[]; content?: string } },
  ) {
    const pending = this.#byToken.get(token)
    if (pending === undefined || pending.id !== id || Date.now() - pending.at > firstAnswerMs)
      throw new DiscordRefusal(404, 10_062, 'Unknown interaction')
    if (pending.answered) throw new DiscordRefusal(400, 40_060, 'Interaction has already been acknowledged.')
    pending.answered = true
    pending.ephemeral = ((body.data?.flags ?? 0) & 64) !== 0
    if (body.type === 4) this.#show(pending, body.data ?? {})
  }

  /** `PATCH /webhooks/APPLICATION/TOKEN/messages/@original`. */
  edit(token: string, body: { embeds?: Embed[]; content?: string }): void {
    const pending = this.#byToken.get(token)
    if (pending?.answered !== true) throw new DiscordRefusal(404, 10_015, 'Unknown Webhook')
    this.#show(pending, body)
  }

  /** Whether the command got its first answer in time; else its user reads that the application did not respond. */
  async heard(pending: Pending): Promise<boolean> {
    while (!pending.answered && Date.now() - pending.at <= firstAnswerMs)
      await new Promise(resolve => setTimeout(resolve, 20))
    return pending.answered
  }

  #show(pending: Pending, { embeds = [], content = '' }: { embeds?: Embed[]; content?: string }): void {
    pending.replies.push({ embeds, content, ephemeral: pending.ephemeral, afterMs: Date.now() - pending.at })
    for (const wake of pending.waiting.splice(0)) wake()
  }

  /** Resolves with the answer once its title is one of these. */
  async shown(pending: Pending, titles: readonly string[]): Promise<Reply> {
    for (;;) {
      const found = pending.replies.find(({ embeds }) => titles.includes(embeds[0]?.title ?? ''))
      if (found !== undefined) return found
      await new Promise<void>(wake => pending.waiting.push(wake))
    }
  }
}
