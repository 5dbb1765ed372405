import type { ServeOptions, Token } from '../../../dashboards/api/index.ts'
import { limits, tokensFrom } from '../../../dashboards/api/index.ts'
import { type Call, CommandError, type Flag } from '../command.ts'
import { watchedTokens } from './tokens.ts'

// Where the dashboard listens and who may call it, as flags and their twins say.

const portMax = 65_535
const readsMax = 10_000_000

export const dashboardFlags: Readonly<Record<string, Flag>> = {
  port: { type: 'string', says: 'port of the dashboard; 0 takes a free one', default: '8420', value: 'N' },
  host: {
    type: 'string',
    says: 'where the dashboard listens; anything but this machine needs a token: franz token create',
    default: '127.0.0.1',
    value: 'ADDRESS',
  },
  'allow-host': {
    type: 'string',
    says: 'names of this server beside localhost that may stand in the address while there is no token',
    value: 'LIST',
    many: true,
  },
  'allow-origin': {
    type: 'string',
    says: 'origins of other pages that may call the API, as https://intranet.example; else none may',
    value: 'LIST',
    many: true,
  },
  'reads-per-minute': {
    type: 'string',
    says: 'requests that each caller may send in a minute',
    default: String(limits.readsPerMinuteMax),
    value: 'N',
  },
  'database-role': {
    type: 'string',
    says: 'role of DATABASE_URL by which the dashboard reads, one that may only select',
    value: 'ROLE',
  },
}

/** How the dashboard is served, and by which role it reads. */
export interface DashboardOptions extends ServeOptions {
  readonly tokens: () => readonly Token[]
  readonly databaseRole: string | undefined
}

export const dashboardOptions = (call: Call): DashboardOptions => {
  const set = tokensFromEnvironment(call.env.FRANZ_API_TOKENS)
  const kept = watchedTokens(call.flag('data')!)
  return {
    port: call.number('port', 0, portMax),
    host: call.flag('host'),
    hosts: call.all('allow-host').map(hostName),
    origins: call.all('allow-origin').map(origin),
    readsPerMinuteMax: call.number('reads-per-minute', 1, readsMax),
    tokens: () => [...set, ...kept()],
    databaseRole: databaseRole(call.flag('database-role')),
  }
}

const tokensFromEnvironment = (text: string | undefined): readonly Token[] => {
  try {
    return tokensFrom(text ?? '')
  } catch (error) {
    throw new CommandError('usage', `FRANZ_API_TOKENS: ${(error as Error).message}`)
  }
}

const hostName = (text: string): string => {
  if (/^[\w.-]+$/.test(text)) return text
  throw new CommandError(
    'usage',
    `--allow-host takes names without scheme and port, such as desk.example, not "${text}".`,
  )
}

const origin = (text: string): string => {
  if (URL.canParse(text) && new URL(text).origin === text) return text
  throw new CommandError('usage', `--allow-origin takes origins such as https://intranet.example, not "${text}".`)
}

/** It becomes a setting of each connection, where a space would end it. */
const databaseRole = (text: string | undefined): string | undefined => {
  if (text === undefined || /^\w+$/.test(text)) return text
  throw new CommandError('usage', `--database-role takes the name of a role, such as franz_reader, not "${text}".`)
}
