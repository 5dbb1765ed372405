import { readFileSync } from 'node:fs'
import { profileDefault, profiles } from '../../../pipelines/desk/taxonomy/profiles.ts'
import { fieldNames, type Taxonomy } from '../../../pipelines/desk/taxonomy/taxonomy.ts'
import { CommandError } from '../command.ts'

// What the environment says about the world of the desk, by the names that its forerunners used.

export type Environment = Readonly<Record<string, string | undefined>>

export interface DeskSettings {
  readonly taxonomy: Taxonomy
  /** Addresses and secrets by what they are for; undefined: that part of the world is not bound. */
  readonly discord:
    | { readonly token: string; readonly guildId: string | undefined; readonly api: string | undefined }
    | undefined
  /** Channels of tickets need the server that they are made in. */
  readonly discordExport:
    | {
        readonly token: string
        readonly guildId: string
        readonly api: string | undefined
        readonly bugs: string | undefined
        readonly features: string | undefined
        readonly others: string | undefined
      }
    | undefined
  readonly mail:
    | {
        readonly host: string
        readonly port: number
        readonly user: string
        /** Either a password or OAuth2. */
        readonly pass: string | undefined
        readonly oauth: OAuthSettings | undefined
        readonly secure: boolean
        readonly pollMs: number
      }
    | undefined
  readonly model: ModelSettings | undefined
  readonly databaseUrl: string | undefined
  readonly webhookUrl: string | undefined
  /** What Absturz reads in place of `errors`. */
  readonly failureTopics?: readonly string[] | undefined
}

/** Where access tokens to the mailbox come from. */
export interface OAuthSettings {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string | undefined
  readonly refreshToken: string | undefined
  readonly scope: string | undefined
}

export interface ModelSettings {
  readonly server: 'ollama' | 'openai' | 'anthropic' | 'gemini'
  readonly model: string
  readonly url: string | undefined
  readonly key: string | undefined
  readonly temperature: number
  readonly tokensMax: number
}

/** Reads the environment; what cannot be meant is refused by the variable's name. */
export const deskSettings = (env: Environment): DeskSettings => {
  const { DISCORD_TOKEN: token, DISCORD_GUILD_ID: guildId, DISCORD_API: api } = env
  return {
    taxonomy: taxonomyOf(env.FRANZ_TAXONOMY),
    discord: token === undefined ? undefined : { token, guildId, api },
    discordExport:
      token === undefined || guildId === undefined
        ? undefined
        : {
            ...{ token, guildId, api },
            bugs: env.DISCORD_CATEGORY_BUG_ID,
            features: env.DISCORD_CATEGORY_FEATURE_ID,
            others: env.DISCORD_CATEGORY_OTHER_ID,
          },
    mail: mailOf(env),
    model: modelOf(env),
    databaseUrl: env.DATABASE_URL ?? env.POSTGRES_DSN ?? urlOfParts(env),
    webhookUrl: env.DISCORD_WEBHOOK_URL,
  }
}

const taxonomyOf = (named: string | undefined): Taxonomy => {
  if (named === undefined) return profileDefault
  const profile = profiles.find(({ name }) => name === named)
  if (profile !== undefined) return profile
  const known = `Profiles are ${profiles.map(({ name }) => name).join(', ')}; else name a JSON file of your own.`
  let json: Taxonomy
  try {
    json = JSON.parse(readFileSync(named, 'utf8')) as Taxonomy
  } catch (error) {
    throw new CommandError('usage', `FRANZ_TAXONOMY is ${named}: ${(error as Error).message}. ${known}`)
  }
  const wrong = fieldNames.find(field => !isField(json[field]))
  if (wrong === undefined) return json
  const shape = '{"values":[{"name":"BACK","says":"what it means","words":["api"]}]}'
  throw new CommandError('usage', `${named} has no field "${wrong}" of the shape ${shape}.`)
}

const isField = (field: unknown): boolean => {
  const { values } = (field ?? {}) as { values?: unknown }
  return (
    Array.isArray(values) &&
    values.length > 0 &&
    values.every(
      value => typeof value?.name === 'string' && typeof value?.says === 'string' && Array.isArray(value?.words),
    )
  )
}

const numberOf = (env: Environment, name: string, fallback: number, min: number, max: number): number => {
  const said = env[name]
  if (said === undefined || said === '') return fallback
  const number = Number(said)
  if (number >= min && number <= max) return number
  throw new CommandError('usage', `${name} is "${said}", which is no number from ${min} to ${max}.`)
}

const mailOf = (env: Environment): DeskSettings['mail'] => {
  const { IMAP_SERVER: host, IMAP_USER: user, IMAP_PASS: pass } = env
  if (host === undefined) return undefined
  const oauth = oauthOf(env)
  if (user === undefined || (pass === undefined && oauth === undefined))
    throw new CommandError(
      'usage',
      'IMAP_SERVER is set, so IMAP_USER and IMAP_PASS must be, too; or, for OAuth2, IMAP_USER, IMAP_OAUTH_URL and IMAP_OAUTH_CLIENT_ID.',
    )
  const secure = !['false', '0', 'no'].includes((env.IMAP_SSL ?? 'true').toLowerCase())
  const port = numberOf(env, 'IMAP_PORT', secure ? 993 : 143, 1, 65_535)
  return { host, port, user, pass, oauth, secure, pollMs: 1_000 * numberOf(env, 'POLL_INTERVAL', 10, 1, 86_400) }
}

const oauthOf = (env: Environment): OAuthSettings | undefined => {
  const { IMAP_OAUTH_URL: tokenUrl, IMAP_OAUTH_CLIENT_ID: clientId } = env
  if (tokenUrl === undefined && clientId === undefined) return undefined
  if (tokenUrl === undefined || clientId === undefined || !URL.canParse(tokenUrl))
    throw new CommandError('usage', 'OAuth2 takes IMAP_OAUTH_URL, an http(s) address, and IMAP_OAUTH_CLIENT_ID.')
  return {
    ...{ tokenUrl, clientId, clientSecret: env.IMAP_OAUTH_CLIENT_SECRET },
    ...{ refreshToken: env.IMAP_OAUTH_REFRESH_TOKEN, scope: env.IMAP_OAUTH_SCOPE },
  }
}

/** The first server that the environment knows. */
const modelOf = (env: Environment): ModelSettings | undefined => {
  const temperature = numberOf(env, 'OLLAMA_TEMPERATURE', 0, 0, 2)
  const tokensMax = numberOf(env, 'OLLAMA_MAX_TOKENS', 256, 16, 4_096)
  const common = { temperature, tokensMax }
  if (env.OLLAMA_BASE_URL !== undefined || env.OLLAMA_MODEL !== undefined)
    return {
      server: 'ollama',
      model: env.OLLAMA_MODEL ?? 'llama3.1',
      url: env.OLLAMA_BASE_URL,
      key: undefined,
      ...common,
    }
  if (env.OPENAI_API_KEY !== undefined || env.OPENAI_BASE_URL !== undefined)
    return {
      server: 'openai',
      model: env.OPENAI_MODEL ?? 'gpt-4o-mini',
      url: env.OPENAI_BASE_URL,
      key: env.OPENAI_API_KEY,
      ...common,
    }
  if (env.ANTHROPIC_API_KEY !== undefined) {
    const model = env.ANTHROPIC_MODEL ?? 'claude-3-5-haiku-latest'
    return { server: 'anthropic', model, url: env.ANTHROPIC_BASE_URL, key: env.ANTHROPIC_API_KEY, ...common }
  }
  if (env.GEMINI_API_KEY === undefined) return undefined
  const model = env.GEMINI_MODEL ?? 'gemini-2.0-flash'
  return { server: 'gemini', model, url: env.GEMINI_BASE_URL, key: env.GEMINI_API_KEY, ...common }
}

const urlOfParts = ({
  DB_HOST,
  DB_PORT = '5432',
  DB_NAME = 'postgres',
  DB_USER,
  DB_PASS,
  DB_PASSWORD,
}: Environment): string | undefined => {
  if (DB_HOST === undefined) return undefined
  const secret = DB_PASS ?? DB_PASSWORD
  const who =
    DB_USER === undefined
      ? ''
      : `${encodeURIComponent(DB_USER)}${secret === undefined ? '' : `:${encodeURIComponent(secret)}`}@`
  return `postgres://${who}${DB_HOST}:${DB_PORT}/${encodeURIComponent(DB_NAME)}`
}

/** What can be connected, and what to set for it. */
export const unbound = (settings: DeskSettings): readonly (readonly [what: string, set: string])[] => [
  ...(settings.discord ? [] : [['Discord /ticket', 'DISCORD_TOKEN'] as const]),
  ...(settings.discordExport ? [] : [['a Discord channel per ticket', 'DISCORD_TOKEN, DISCORD_GUILD_ID'] as const]),
  ...(settings.mail ? [] : [['a mailbox', 'IMAP_SERVER, IMAP_USER, IMAP_PASS'] as const]),
  ...(settings.model
    ? []
    : [['a language model', 'OLLAMA_MODEL (or OPENAI_API_KEY, ANTHROPIC_API_KEY, GEMINI_API_KEY)'] as const]),
  ...(settings.databaseUrl ? [] : [['a PostgreSQL of your own', 'DATABASE_URL'] as const]),
  ...(settings.webhookUrl ? [] : [['failures on Discord', 'DISCORD_WEBHOOK_URL'] as const]),
]
