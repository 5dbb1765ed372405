import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { OpenRegistry, RegisteredVersion, Registration } from './contract.ts'
import { httpRegistry } from './http.ts'
import type { Book, Version } from './local/book.ts'
import type { Draft } from './local/intake.ts'
import { journalName } from './local/journal.ts'
import { LocalRegistry, openLocalRegistry } from './local/local-registry.ts'
import { FolderOwned } from './local/ownership.ts'
import { findSame, planRegistration } from './local/register.ts'
import { RestError } from './local/rest-error.ts'
import { RegistryError, unregistered } from './registry-error.ts'
import { selfContained } from './self-contained.ts'

/**
 * What may be done to the registry of a folder.
 * @example const options: LocalOptions = { register: true }
 */
export interface LocalOptions {
  /** Whether `idOf` registers a schema that is not there. Off, so that nothing is registered by accident. */
  readonly register?: boolean | undefined
  /** Whether a registry that is missing is made. As `register`, unless set. */
  readonly create?: boolean | undefined
}

const folderName = 'registry'

/** Where the registry of a data folder is. */
export const registryFolder = (data: string): string => join(data, folderName)

/** How to point the command at this registry. */
const flagFor = (folder: string): string => `--data ${basename(folder) === folderName ? dirname(folder) : folder}`

/** Another process that registers needs milliseconds; one that serves the folder keeps it. */
const limits = { turnMs: 2_000, turnGapMs: 25 } as const

/**
 * The registry of a folder. It follows what other processes write there, and takes the folder only for the moment of a
 * registration; where another process serves the folder, it registers through that one. Given an open `LocalRegistry`, it
 * uses that one and leaves closing it to its owner.
 * @example const registry = await localRegistry('data/registry', { register: true })
 */
export const localRegistry = async (from: string | LocalRegistry, options: LocalOptions = {}): Promise<OpenRegistry> =>
  from instanceof LocalRegistry
    ? new FolderRegistry(from, false, options)
    : new FolderRegistry(await openForReading(from, options), true, options)

const openForReading = async (folder: string, options: LocalOptions): Promise<LocalRegistry> => {
  const { register = false, create = register } = options
  if (create && !existsSync(join(folder, journalName))) await withOwn(folder, async () => {})
  return openLocalRegistry(folder, { to: 'read' })
}

/** Takes the folder for the time of `work`, waiting its turn behind others that do the same. */
const withOwn = async <A>(folder: string, work: (registry: LocalRegistry) => Promise<A>): Promise<A> => {
  const registry = await openInTurn(folder)
  try {
    return await work(registry)
  } finally {
    await registry.close()
  }
}

/** Takes the folder; waits a little for a process that only registers, not for one that serves it. */
export const openInTurn = async (folder: string): Promise<LocalRegistry> => {
  const end = performance.now() + limits.turnMs
  for (;;) {
    try {
      return await openLocalRegistry(folder, { to: 'write' })
    } catch (error) {
      const isBrief = error instanceof FolderOwned && error.owner?.url === undefined
      if (!isBrief || performance.now() > end) throw error
    }
    await pause(limits.turnGapMs)
  }
}

/** Registers through the process that serves the folder, if that is why it could not be taken. */
const addThroughOwner = async (error: unknown, subject: string, schema: string): Promise<number> => {
  const url = error instanceof FolderOwned ? error.owner?.url : undefined
  if (url === undefined) throw error
  const registry = httpRegistry({ url, register: true })
  try {
    return await registry.idOf(subject, schema)
  } finally {
    await registry.close()
  }
}

class FolderRegistry implements OpenRegistry {
  readonly #registry: LocalRegistry
  readonly #isOurs: boolean
  readonly #registers: boolean

  constructor(registry: LocalRegistry, isOurs: boolean, { register = false }: LocalOptions) {
    this.#registry = registry
    this.#isOurs = isOurs
    this.#registers = register
  }

  get name(): string {
    return this.#registry.folder
  }

  async schemaOf(id: number): Promise<string | undefined> {
    const version = await this.#found(() => this.#registry.book.holders(id)?.[0])
    return version && this.#text(version)
  }

  async idOf(subject: string, schema: string): Promise<number> {
    const same = await this.#lookUp(subject, schema)
    if (same !== undefined) return same.id
    if (!this.#registers) throw unregistered(this.name, subject, flagFor(this.name))
    return this.#add(subject, schema)
  }

  async register(subject: string, schema: string, { dryRun = false } = {}): Promise<Registration> {
    const same = await this.#lookUp(subject, schema)
    if (same !== undefined) return { id: same.id, isNew: false }
    if (!dryRun) return { id: await this.#add(subject, schema), isNew: true }
    await this.#worded(async () => planRegistration(this.#registry.book, subject, draftOf(schema), false))
    return { id: undefined, isNew: true }
  }

  async subjects(): Promise<readonly string[]> {
    await this.#registry.refresh()
    return this.#registry.book.subjects('visible')
  }

  async versions(subject: string): Promise<readonly RegisteredVersion[]> {
    await this.#registry.refresh()
    const versions = this.#registry.book.versions(subject, 'visible')
    return Promise.all(
      versions.map(async each => ({ version: each.version, id: each.id, schema: await this.#text(each) })),
    )
  }

  async levelOf(subject: string): Promise<string> {
    await this.#registry.refresh()
    return this.#registry.book.levelInForce(subject)
  }

  async close(): Promise<void> {
    if (this.#isOurs) await this.#registry.close()
  }

  /** What is missing may have been written by another process since. */
  async #found<A>(find: () => A | undefined): Promise<A | undefined> {
    const before = find()
    if (before !== undefined) return before
    await this.#registry.refresh()
    return find()
  }

  #lookUp(subject: string, schema: string): Promise<Version | undefined> {
    const options = { normalize: false, deleted: false }
    const find = () => findSame(this.#registry.book, subject, draftOf(schema), options)
    return this.#worded(() => this.#found(find))
  }

  #add(subject: string, schema: string): Promise<number> {
    const add = async (registry: LocalRegistry) => {
      const plan = (book: Book) => planRegistration(book, subject, draftOf(schema), false)
      return (await registry.write(plan)).id
    }
    return this.#worded(async () => {
      if (this.#registry.writes) return add(this.#registry)
      const id = await withOwn(this.name, add).catch(error => addThroughOwner(error, subject, schema))
      await this.#registry.refresh()
      return id
    })
  }

  #text(version: Version): Promise<string> {
    return selfContained(version, async ({ subject, version: number }) => {
      const found = this.#registry.book.version(subject, number)
      if (found !== undefined) return found
      throw new Error(`subject "${subject}" has no version ${number}`)
    })
  }

  async #worded<A>(work: () => Promise<A>): Promise<A> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof RestError)) throw error
      const reason = error.status >= 500 ? 'away' : error.status === 409 ? 'incompatible' : 'refused'
      throw new RegistryError(reason, this.name, `refuses the schema: ${error.message.replace(/\.$/, '')}`)
    }
  }
}

const draftOf = (schema: string): Draft => ({ schema, references: [] })
