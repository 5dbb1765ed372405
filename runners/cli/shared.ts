import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Topology } from '../../topology/index.ts'
import { EmbeddedLog } from '../embedded/log.ts'
import { type Call, CommandError, type Flag, nearest } from './command.ts'

export const dataFlag: Flag = { type: 'string', says: 'the data folder', default: './data' }

/** Opens the data folder for a command that uses what is there; one that is not there is not made by a typing mistake. */
export const existingLog = (call: Call): EmbeddedLog => {
  const folder = call.flag('data')!
  if (!existsSync(folder))
    throw new CommandError(
      'failed',
      `there is no data folder ${folder}. Name one with --data, or make one by \`franz run\`.`,
    )
  return EmbeddedLog.open(folder)
}

/** The only argument of a command, or a word on what is missing. */
export const onlyArgument = (call: Call, what: string): string => {
  const [value, ...more] = call.arguments
  if (value !== undefined && more.length === 0) return value
  throw new CommandError(
    'usage',
    value === undefined ? `name ${what}.` : `name ${what}, and only one: "${more.join(' ')}" is too much.`,
  )
}

export const knownTopic = (log: EmbeddedLog, name: string) => {
  const topic = log.topics.get(name)
  if (topic !== undefined) return topic
  const names = log.topics.all().map(({ name }) => name)
  const near = nearest(name, names)
  const there = names.length === 0 ? 'There are none yet.' : `There are: ${names.join(', ')}.`
  throw new CommandError(
    'failed',
    `there is no topic "${name}" in ${log.folder}. ${near ? `Did you mean "${near}"?` : there}`,
  )
}

/** Loads a pipeline file: its default export is a topology, or a list of them. */
export const topologiesOf = async (file: string): Promise<readonly Topology[]> => {
  const path = resolve(file)
  if (!existsSync(path)) throw new CommandError('failed', `there is no file ${file}.`)
  let loaded: { default?: unknown }
  try {
    loaded = (await import(pathToFileURL(path).href)) as { default?: unknown }
  } catch (error) {
    if ((error as Error).name === 'TopologyError') throw error
    throw new CommandError('badInput', `${file} cannot be loaded: ${(error as Error).message}`)
  }
  const found = [loaded.default].flat().filter(isTopology)
  if (found.length > 0) return found
  throw new CommandError(
    'badInput',
    `${file} has no topology as its default export. Write \`export default topology('name', draft => …)\`.`,
  )
}

const isTopology = (value: unknown): value is Topology =>
  typeof value === 'object' && value !== null && 'graph' in value
