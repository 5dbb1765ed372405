import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Disk } from '../../../schemas/registry/local/journal.ts'
import { type LocalRegistry, openLocalRegistry } from '../../../schemas/registry/local/local-registry.ts'
import { type RegistryServer, type ServeOptions, serveRegistry } from '../../../schemas/registry/local/server.ts'

export interface Served {
  readonly folder: string
  readonly registry: LocalRegistry
  readonly url: string
  /** Closes and opens the same folder again, on another port. */
  restart(): Promise<void>
  stop(): Promise<void>
  /** One request as curl would make it. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever was answered.
  readonly json: any
  readonly text: string
}

export const temporaryFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'registry-'))

/** A registry in a new folder, served on a free port. */
export const served = async (options: ServeOptions & { disk?: Disk } = {}): Promise<Served> => {
  const { disk, ...serving } = options
  const folder = await temporaryFolder()
  let registry: LocalRegistry
  let server: RegistryServer
  const start = async () => {
    registry = await openLocalRegistry(folder, { to: 'write', ...(disk === undefined ? {} : { disk }) })
    server = await serveRegistry(registry, serving)
  }
  const end = async () => {
    await server.close()
    await registry.close()
  }
  await start()
  return {
    folder,
    get registry() {
      return registry
    },
    get url() {
      return server.url
    },
    async restart() {
      await end()
      await start()
    },
    async stop() {
      await end()
      await rm(folder, { recursive: true, force: true })
    },
    ask: (method, path, body, headers = {}) => ask(server.url + path, method, body, headers),
  }
}

const ask = async (url: string, method: string, body: unknown, headers: Record<string, string>): Promise<Reply> => {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const response = await fetch(url, {
    method,
    ...sent,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type FieldType = string | readonly FieldType[] | object
/** A record as a request body, written briefly: `body('Ticket', { id: 'string' }, { priority: ['int', 3] })`. */
export const body = (
  name: string,
  plain: Record<string, FieldType>,
  defaulted: Record<string, [FieldType, unknown]> = {},
) => ({
  schema: JSON.stringify({
    type: 'record',
    name,
    fields: [
      ...Object.entries(plain).map(([field, type]) => ({ name: field, type })),
      ...Object.entries(defaulted).map(([field, [type, value]]) => ({ name: field, type, default: value })),
    ],
  }),
})
