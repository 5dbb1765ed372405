import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Tls, tlsFromFiles } from '../registry/address.ts'
import type { OpenRegistry } from '../registry/contract.ts'
import { httpRegistry } from '../registry/http.ts'
import { journalName } from '../registry/local/journal.ts'
import { localRegistry, registryFolder } from '../registry/local.ts'
import { CommandFailure, type CommandIo, exitCodes } from './io.ts'

/** Where a command's registry is: an address, or a data folder. */
export interface RegistryPlace {
  readonly registry?: string | undefined
  readonly data?: string | undefined
}

/**
 * Opens the registry that a command was pointed at by its options or by FRANZ_REGISTRY and FRANZ_DATA. User name, password
 * and TLS files come from the environment, where no list of processes shows them.
 */
export const openRegistry = async (place: RegistryPlace, io: CommandIo, { create }: { readonly create: boolean }) => {
  const { registry, data } = chosen(place, io)
  try {
    if (registry !== undefined) return overHttp(registry, io)
    const folder = folderIn(data!)
    return await localRegistry(folder, { create })
  } catch (error) {
    throw new CommandFailure(exitCodes.unreachable, (error as Error).message)
  }
}

/** An option outweighs the environment: `--data` is not overruled by a FRANZ_REGISTRY that happens to be set. */
const chosen = ({ registry, data }: RegistryPlace, { env }: CommandIo): RegistryPlace => {
  if (registry !== undefined && data !== undefined) {
    throw new CommandFailure(exitCodes.usage, '--registry and --data name two registries. To fix: give one of them.')
  }
  if (registry !== undefined || data !== undefined) return { registry, data }
  if (env.FRANZ_REGISTRY) return { registry: env.FRANZ_REGISTRY }
  if (env.FRANZ_DATA) return { data: env.FRANZ_DATA }
  throw new CommandFailure(
    exitCodes.usage,
    'No registry is named. To fix: give --registry URL or --data DIR, or set FRANZ_REGISTRY or FRANZ_DATA.',
  )
}

const overHttp = (url: string, { env }: CommandIo): OpenRegistry => {
  const { FRANZ_REGISTRY_USER: username, FRANZ_REGISTRY_PASSWORD: password } = env
  const auth = username === undefined ? undefined : { username, password: password ?? '' }
  return httpRegistry({ url, auth, tls: tlsOf(env) })
}

const tlsOf = (env: CommandIo['env']): Tls | undefined => {
  const { FRANZ_REGISTRY_CA: ca, FRANZ_REGISTRY_CERT: cert, FRANZ_REGISTRY_KEY: key } = env
  const files = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, path]) => path))
  return Object.keys(files).length === 0 ? undefined : tlsFromFiles(files)
}

/** A data folder has its registry inside; the registry's own folder is taken too. */
const folderIn = (data: string): string => (existsSync(join(data, journalName)) ? data : registryFolder(data))
