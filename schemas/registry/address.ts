import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { type AgentOptions, Agent as HttpsAgent } from 'node:https'

/**
 * TLS beyond what the machine trusts by itself: PEM texts. A certificate that nobody vouches for is never accepted.
 * @example const tls: Tls = { ca: readFileSync('authority.pem', 'utf8') }
 */
export interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly passphrase?: string
  readonly serverName?: string
}

/**
 * The user of a registry. Neither is ever shown.
 * @example const auth: Credentials = { username: 'desk', password: process.env.PASSWORD ?? '' }
 */
export interface Credentials {
  readonly username: string
  readonly password: string
}

/** Where a registry is, and how to get in. Its secrets are in closures, so that printing it shows none. */
export interface Address {
  /** Without credentials and query: for messages, and as the base of every path. */
  readonly name: string
  readonly url: URL
  readonly agent: HttpAgent | HttpsAgent
  credentials(): Credentials | undefined
  /** The text with every form of the password taken out: what a server says may repeat it. */
  withoutSecrets(text: string): string
}

const limits = { socketsMax: 8, idleMs: 30_000 } as const

/** Reads an address such as `https://user:password@registry:8081/base`. */
export const addressOf = (written: string, auth: Credentials | undefined, tls: Tls | undefined): Address => {
  const url = parse(written)
  const inUrl: Credentials | undefined =
    url.username === '' && url.password === ''
      ? undefined
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  const credentials = auth ?? inUrl
  for (const part of ['username', 'password', 'search', 'hash'] as const) url[part] = ''
  const base = url.href.replace(/\/+$/, '')
  return {
    name: base,
    url: new URL(base),
    agent: agentFor(url, tls),
    credentials: () => credentials,
    withoutSecrets: hiding(credentials, tls),
  }
}

const parse = (written: string): URL => {
  let url: URL
  try {
    url = new URL(written)
  } catch {
    // The text may hold a password, so it is not repeated.
    throw new Error('The address of the schema registry is no URL. To fix: write it as http://host:8081.')
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new Error(`The address of a schema registry begins with http:// or https://, not ${url.protocol}//.`)
}

const agentFor = (url: URL, tls: Tls | undefined): HttpAgent | HttpsAgent => {
  const shared = { keepAlive: true, maxSockets: limits.socketsMax, timeout: limits.idleMs }
  if (url.protocol === 'http:') return new HttpAgent(shared)
  const { serverName, ...pem } = tls ?? {}
  const options: AgentOptions = { ...shared, ...pem, ...(serverName === undefined ? {} : { servername: serverName }) }
  return new HttpsAgent({ ...options, rejectUnauthorized: true })
}

const hiding = (credentials: Credentials | undefined, tls: Tls | undefined): ((text: string) => string) => {
  const secrets = new Set<string>()
  if (credentials !== undefined) {
    const { username, password } = credentials
    secrets.add(Buffer.from(`${username}:${password}`).toString('base64'))
    for (const form of [password, encodeURIComponent(password), JSON.stringify(password).slice(1, -1)])
      secrets.add(form)
    secrets.add(Buffer.from(password).toString('base64'))
  }
  for (const secret of [tls?.passphrase, tls?.key]) if (secret !== undefined) secrets.add(secret)
  const longestFirst = [...secrets].filter(secret => secret !== '').sort((a, b) => b.length - a.length)
  return text => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
}

/**
 * Reads PEM files for TLS; throws an Error that names the file.
 * @example httpRegistry({ url, tls: tlsFromFiles({ ca: 'authority.pem' }) })
 */
export const tlsFromFiles = (files: { readonly ca?: string; readonly cert?: string; readonly key?: string }): Tls => {
  const pem: Record<string, string> = {}
  for (const [part, path] of Object.entries(files)) {
    try {
      pem[part] = readFileSync(path, 'utf8')
    } catch (error) {
      throw new Error(`The ${part} file ${path} cannot be read: ${(error as Error).message}.`)
    }
  }
  return pem
}
