import { DiscordAPIError, HTTPError, REST } from 'discord.js'
import type { Note } from '../../../topology/ports/connectors.ts'

/** How Discord is reached. */
export interface DiscordAccess {
  /** The bot's token. It is never printed. */
  readonly token: string
  /** Where Discord's REST is; its own address unless a test gives one on loopback. */
  readonly api?: string | undefined
}

export const limits = {
  /** Discord takes 50; some room is left for other programs of the same bot. */
  requestsPerSecond: 40,
  requestMs: 15_000,
  /** Discord bans an address after 10,000 refused requests in ten minutes: we stop far below. */
  refusedMax: 1_000,
  refusedTellEvery: 100,
} as const

export const discordApi = 'https://discord.com/api'

const wrongToken =
  'Discord refuses the token of the bot. Set DISCORD_TOKEN to the token that the developer portal shows and start again: until then nothing more is sent there.'

/**
 * Whether Discord may be asked at all. One refusal of the token ends it until the process is started anew, for repeating
 * it would get the whole address banned; too many other refusals make it pause.
 */
export class Permit {
  #refused = false
  #pausedUntil = 0

  /** Throws where Discord is not to be asked now. */
  check(): void {
    if (this.#refused) throw new Error(wrongToken)
    const seconds = Math.ceil((this.#pausedUntil - Date.now()) / 1_000)
    if (seconds > 0)
      throw new Error(
        `Discord refused ${limits.refusedMax} requests in ten minutes: it is asked again in ${seconds} s.`,
      )
  }

  /** The same error in words that say what to do; remembers what ends it. */
  judge(error: unknown): Error {
    if (isTokenRefused(error)) {
      this.#refused = true
      return new Error(wrongToken)
    }
    return told(error)
  }

  watch(rest: REST, note: Note): void {
    rest.on('invalidRequestWarning', ({ count, remainingTime }) => {
      note('warn', `Discord refused ${count} requests within ten minutes`, { count })
      if (count >= limits.refusedMax) this.#pausedUntil = Date.now() + remainingTime
    })
  }
}

const isTokenRefused = (error: unknown): boolean =>
  (error instanceof DiscordAPIError && error.status === 401) ||
  (error instanceof HTTPError && error.status === 401) ||
  (error instanceof Error &&
    (/Authentication failed/.test(error.message) || Reflect.get(error, 'code') === 'TokenInvalid'))

/** What Discord's commonest refusals mean for whoever set up the bot. */
const meanings: Readonly<Record<number, string>> = {
  10003: 'the channel is not there any more',
  10004: 'the server is not known to the bot: check DISCORD_GUILD_ID and that the bot was invited',
  50001: 'the bot does not see the server or the channel: invite it with the scopes bot and applications.commands',
  50013: 'the bot lacks a right: give it MANAGE_CHANNELS, SEND_MESSAGES and EMBED_LINKS',
}

/** Discord did not answer: what was asked of it may be asked again. */
export class DiscordUnreachable extends Error {
  override readonly name = 'DiscordUnreachable'
}

/** An error without addresses: those of interactions and webhooks hold secrets. */
export const told = (error: unknown): Error => {
  if (error instanceof DiscordAPIError) {
    const meaning = meanings[Number(error.code)]
    return new Error(
      `Discord answered ${error.status} (${error.code}): ${error.message}${meaning === undefined ? '' : `; ${meaning}`}`,
    )
  }
  if (error instanceof HTTPError) return new Error(`Discord answered ${error.status}: ${error.message}`)
  if (!(error instanceof Error)) return new Error(String(error))
  if (error.name === 'AbortError') return new DiscordUnreachable('Discord did not answer, and the request was given up')
  const code: unknown = Reflect.get(error, 'code')
  return new DiscordUnreachable(`Discord cannot be reached: ${typeof code === 'string' ? code : error.message}`)
}

/**
 * A client of Discord's REST that honours its rate limits. It never repeats a request by itself: whether the one that
 * failed took effect is for the caller to look up.
 */
export const restOf = ({ token, api = discordApi }: DiscordAccess): REST =>
  new REST({
    ...{ api, version: '10', retries: 0, timeout: limits.requestMs },
    ...{ globalRequestsPerSecond: limits.requestsPerSecond, invalidRequestWarningInterval: limits.refusedTellEvery },
  }).setToken(token)
