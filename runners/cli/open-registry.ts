import { existsSync } from 'node:fs'
import { dataRegistry, httpRegistry, localRegistry, type OpenRegistry, tlsFromFiles } from '../../schemas/index.ts'
import { registryFolder } from '../../schemas/registry/local.ts'
import type { Plan } from '../../topology/plan/plan.ts'
import { declaredTopics } from '../../topology/plan/topics.ts'
import type { Call, Flag } from './command.ts'

export const registryFlag: Readonly<Record<string, Flag>> = {
  registry: { type: 'string', says: 'a schema registry over HTTP; else the data folder keeps one', value: 'URL' },
}

/** A registry at work for a command. */
export interface CommandRegistry {
  readonly registry: OpenRegistry
  /** Where Confluent's REST API is served, if it is. */
  readonly url: string | undefined
  close(): Promise<void>
}

const overHttp = (url: string, { env }: Call): CommandRegistry => {
  const { FRANZ_REGISTRY_USER: username, FRANZ_REGISTRY_PASSWORD: password = '' } = env
  const { FRANZ_REGISTRY_CA: ca, FRANZ_REGISTRY_CERT: cert, FRANZ_REGISTRY_KEY: key } = env
  const files = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, path]) => path))
  const registry = httpRegistry({
    url,
    auth: username === undefined ? undefined : { username, password },
    tls: Object.keys(files).length === 0 ? undefined : tlsFromFiles(files),
  })
  return { registry, url, close: () => registry.close() }
}

/** For topologies that are to run: the one at `--registry`, else the data folder's own, served on loopback; none where no format needs one. */
export const registryToRun = async (call: Call, plans: readonly Plan[]): Promise<CommandRegistry | undefined> => {
  if (!plans.some(needsRegistry)) return undefined
  const url = call.flag('registry')
  return url === undefined ? dataRegistry(call.flag('data')!) : overHttp(url, call)
}

const needsRegistry = (plan: Plan): boolean => {
  const topics = declaredTopics(plan.graph).flatMap(({ spec }) => (spec === undefined ? [] : [spec.key, spec.value]))
  const stores = plan.parts.flatMap(part => part.stores.flatMap(({ facts }) => [facts.key, facts.value]))
  return [...topics, ...stores].some(({ name }) => /\bavro\b/.test(name))
}

/** For commands that show and make records: a registry that is there already. */
export const registryToRead = async (call: Call): Promise<CommandRegistry | undefined> => {
  const url = call.flag('registry')
  if (url !== undefined) return overHttp(url, call)
  const folder = registryFolder(call.flag('data') ?? '')
  if (call.flag('brokers') !== undefined || !existsSync(folder)) return undefined
  const registry = await localRegistry(folder)
  return { registry, url: undefined, close: () => registry.close() }
}
