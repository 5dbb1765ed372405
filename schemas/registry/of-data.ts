import type { OpenRegistry } from './contract.ts'
import type { LocalRegistry } from './local/local-registry.ts'
import { FolderOwned } from './local/ownership.ts'
import { type ServeOptions, serveRegistry } from './local/server.ts'
import { localRegistry, openInTurn, registryFolder } from './local.ts'

/**
 * How the registry of a data folder is opened.
 * @example const options: DataRegistryOptions = { register: false, port: 8081 }
 */
export interface DataRegistryOptions extends ServeOptions {
  /**
   * Whether schemas that are not there are registered when a topology starts. On: on one machine, running is deploying, and
   * what does not fit the versions before is refused all the same.
   */
  readonly register?: boolean | undefined
}

/**
 * The registry of a data folder, at work.
 * @example const tell = ({ url }: DataRegistry) => console.log(`curl ${url}/subjects`)
 */
export interface DataRegistry {
  /** What runners and formats are given. */
  readonly registry: OpenRegistry
  /** Where this process, or the one that has the folder, serves Confluent's REST API. */
  readonly url: string | undefined
  /** Ends serving and lets the folder go. */
  close(): Promise<void>
}

/**
 * Opens the registry that a data folder keeps, makes it at first use, and serves it on loopback, so that every client of a
 * Confluent registry can be pointed at it. One process of a folder serves; others read along and register through it.
 * @example
 * const { registry, url, close } = await dataRegistry('./data')
 * const running = await run(pipeline, { log: EmbeddedLog.open('./data'), registry })
 * console.log(`curl ${url}/subjects`)
 * await running.stop()
 * await close()
 */
export const dataRegistry = async (data: string, options: DataRegistryOptions = {}): Promise<DataRegistry> => {
  const { register = true, ...serving } = options
  const folder = registryFolder(data)
  const own = await takenOrOwner(folder)
  if (own instanceof FolderOwned) {
    const registry = await localRegistry(folder, { register })
    return { registry, url: own.owner?.url, close: () => registry.close() }
  }
  try {
    const server = await serveRegistry(own, serving)
    const close = async () => {
      await server.close()
      await own.close()
    }
    return { registry: await localRegistry(own, { register }), url: server.url, close }
  } catch (error) {
    await own.close()
    throw error
  }
}

const takenOrOwner = async (folder: string): Promise<LocalRegistry | FolderOwned> => {
  try {
    return await openInTurn(folder)
  } catch (error) {
    if (error instanceof FolderOwned) return error
    throw error
  }
}
