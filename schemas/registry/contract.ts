import type { Registry } from '../../topology/index.ts'

/**
 * One version of a subject, oldest first in every list.
 * @example const newest = (versions: readonly RegisteredVersion[]) => versions.at(-1)?.schema
 */
export interface RegisteredVersion {
  readonly version: number
  readonly id: number
  /** The schema's JSON text, with the types of its references written out. */
  readonly schema: string
}

/**
 * What a review reads of a registry.
 * @example for (const subject of await reader.subjects()) await reader.versions(subject)
 */
export interface RegistryReader {
  subjects(): Promise<readonly string[]>
  /** Oldest first; none for a subject that the registry does not know. */
  versions(subject: string): Promise<readonly RegisteredVersion[]>
  /** The compatibility level in force for a subject, as `BACKWARD`. */
  levelOf(subject: string): Promise<string>
}

/**
 * A registry as Franz uses it: the port of the library, what a review reads, and an end.
 * @example const dryRun = (open: OpenRegistry) => open.register('orders-value', '"string"', { dryRun: true })
 */
export interface OpenRegistry extends Registry, RegistryReader {
  /** How it is named in messages: its address without credentials, or its folder. */
  readonly name: string
  /** Registers whether or not `idOf` may. A dry run answers undefined where a new version would be made. */
  register(subject: string, schema: string, options?: { readonly dryRun?: boolean }): Promise<Registration>
  close(): Promise<void>
}

/**
 * What became of a schema: under which id it stands, and whether it stood there before.
 * @example const words = ({ id, isNew }: Registration) => `${isNew ? 'new' : 'known'} as ${id}`
 */
export interface Registration {
  readonly id: number | undefined
  readonly isNew: boolean
}
