// What a review compares with: a revision of git, a folder, or a registry.
import { resolve } from 'node:path'
import { type CompatibilityMode, compatibilityModes } from '../../avro/compat.ts'
import { parseSchema, type SourceText } from '../../avro/parse.ts'
import { normalForm } from '../../avro/write.ts'
import type { Deployment } from '../deployment.ts'
import type { Version } from '../history.ts'
import { isFolder, schemaFiles } from './folder.ts'
import { commitOf, commitsTo, filesAt, GitError } from './git.ts'
import { readState, subjectsOf } from './state.ts'

/** What the review reads of a registry. */
export interface RegistryReader {
  subjects(): Promise<readonly string[]>
  /** Oldest first; none for a subject that the registry does not know. */
  versions(subject: string): Promise<readonly { readonly version: number; readonly schema: string }[]>
  /** The compatibility level in force for a subject. */
  levelOf?(subject: string): Promise<string>
}

/** What a review is against. */
export interface Base {
  /** Words for the report. */
  readonly name: string
  /** What could not be compared, in words. */
  readonly notes?: readonly string[]
  /** Oldest first; none for a subject that the base does not know. */
  versions(subject: string): Promise<readonly Version[]>
  /** Subjects that the new state must still have; empty where others may share the base. */
  readonly subjects: readonly string[]
  modeOf?(subject: string): Promise<CompatibilityMode | undefined>
  close(): Promise<void>
}

/** The base does not exist or cannot be reached. */
export class BaseUnreachable extends Error {
  override readonly name = 'BaseUnreachable'
}

export interface BaseRequest {
  /** `origin/main`, a folder, `registry:https://...`; undefined takes the main branch. */
  readonly against: string | undefined
  /** The folder that names are relative to. */
  readonly folder: string
  /** What is reviewed, relative to the folder. */
  readonly paths: readonly string[]
  /** Whether versions before the newest count. */
  readonly isTransitive: boolean
  readonly deployment: Deployment
  openRegistry(address: string): Promise<RegistryReader & { close?(): Promise<void> }>
}

const mainBranches = ['origin/main', 'origin/master', 'main', 'master', 'HEAD']

/** Opens what `--against` names. */
export const openBase = async (request: BaseRequest): Promise<Base> => {
  const { against, folder } = request
  const address = against === undefined ? undefined : registryAddress(against)
  if (address !== undefined) return registryBase(request, address)
  if (against !== undefined && (await isFolder(resolve(folder, against)))) {
    return folderBase(request, against)
  }
  return gitBase(request)
}

const registryAddress = (against: string): string | undefined => {
  if (against.startsWith('registry:')) return against.slice('registry:'.length)
  return /^https?:\/\//.test(against) ? against : undefined
}

const registryBase = async (request: BaseRequest, address: string): Promise<Base> => {
  const registry = await reach(address, () => request.openRegistry(address))
  return {
    name: `registry ${hostOf(address)}`,
    subjects: [],
    async versions(subject) {
      const kept = await reach(address, () => registry.versions(subject))
      return kept.map(({ version, schema }) => {
        const label = `version ${version}`
        return { label, schema: parseSchema(schema, { accept: 'apache', file: `${subject} ${label}` }) }
      })
    },
    async modeOf(subject) {
      const level = await reach(address, async () => registry.levelOf?.(subject))
      return compatibilityModes.find(mode => mode === level)
    },
    close: async () => registry.close?.(),
  }
}

/** Asks a registry; whatever it does not answer makes it unreachable. */
export const reach = async <T>(address: string, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof BaseUnreachable) throw error
    throw new BaseUnreachable(
      `the registry ${hostOf(address)}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

/** Without the password that an address may carry; a data folder by its name. */
const hostOf = (address: string): string => {
  if (!/^[a-z]+:/i.test(address)) return address
  try {
    return new URL(address).host
  } catch {
    throw new BaseUnreachable(`"${address}" is no address of a registry: write registry:http://host:port`)
  }
}

const statesBase = (
  name: string,
  states: readonly (readonly [string, readonly SourceText[]])[],
  deployment: Deployment,
): Base => {
  const histories = new Map<string, { versions: Version[]; form: string }>()
  let latest: readonly string[] = []
  let notes: readonly string[] = []
  for (const [label, files] of states) {
    const state = readState(files, 'apache')
    const subjects = subjectsOf(state, deployment)
    // What is wrong in the newest state explains why its subjects count as new.
    notes = state.errors.map(
      ({ message }) => `In ${label} this is no valid schema, so nothing is compared with it: ${message}`,
    )
    latest = [...subjects.keys()]
    for (const [subject, { schema }] of subjects) {
      const history = histories.get(subject) ?? { versions: [], form: '' }
      histories.set(subject, history)
      // The newest label of a form is the one that people know it by.
      const form = states.length > 1 ? normalForm(schema) : label
      if (form === history.form) history.versions.pop()
      history.form = form
      history.versions.push({ label, schema })
    }
  }
  return {
    name,
    notes,
    subjects: latest,
    versions: async subject => histories.get(subject)?.versions ?? [],
    close: async () => {},
  }
}

const folderBase = async ({ folder, deployment }: BaseRequest, against: string): Promise<Base> => {
  const files = await schemaFiles(folder, against)
  return statesBase(against, [[against, files]], deployment)
}

const gitBase = async ({ against, folder, paths, isTransitive, deployment }: BaseRequest): Promise<Base> => {
  try {
    const { name, commit } = await revision(folder, against)
    const older = isTransitive ? await commitsTo(folder, commit, paths) : []
    const states: [string, readonly SourceText[]][] = []
    for (const each of older) if (each !== commit) states.push([each.slice(0, 9), await filesAt(folder, each, paths)])
    states.push([name, await filesAt(folder, commit, paths)])
    return statesBase(name, states, deployment)
  } catch (error) {
    if (error instanceof GitError)
      throw new BaseUnreachable(
        `${error.message}: run this in a clone, or name a folder or registry:URL with --against`,
      )
    throw error
  }
}

const revision = async (folder: string, against: string | undefined): Promise<{ name: string; commit: string }> => {
  for (const name of against === undefined ? mainBranches : [against]) {
    const commit = await commitOf(folder, name)
    if (commit !== undefined) return { name, commit }
  }
  const what =
    against === undefined
      ? 'git knows none of the usual main branches here'
      : `"${against}" is no folder, and git knows no revision of that name here`
  throw new BaseUnreachable(`${what}: name a revision, a folder, or registry:URL with --against`)
}
