// Pipelines as commands name them: a file of one's own, or one that comes with the package; and what their names mean.
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { refuseTogether, type Topology } from '../../topology/index.ts'
import { plan } from '../../topology/plan/parts.ts'
import type { Bindings } from '../host/index.ts'
import { type Call, CommandError, nearest } from './command.ts'

/** Topologies that belong together, with what their calls and connectors are bound to. */
export interface Pipeline {
  readonly topologies: readonly Topology[]
  readonly bindings: Bindings
}

/** What a pipeline's module exports: topologies, and for one that comes with the package what it is bound to by the environment. */
interface PipelineModule {
  readonly default?: unknown
  readonly bindings?: (env: NodeJS.ProcessEnv) => Bindings | Promise<Bindings>
}

/** Pipelines that come with the package, by name. */
const named: Readonly<Record<string, () => Promise<PipelineModule>>> = {
  desk: () => import('../../pipelines/desk/desk.ts'),
  'word-count': () => import('../../pipelines/examples/word-count.ts'),
}

const configNames = ['franz.config.ts', 'franz.config.js', 'franz.config.mjs'] as const

/** The only argument of a command, or a word on what is missing. */
export const onlyArgument = (call: Call, what: string): string => {
  const [value, ...more] = call.arguments
  if (value !== undefined && more.length === 0) return value
  throw new CommandError(
    'usage',
    value === undefined ? `name ${what}.` : `name ${what}, and only one: "${more.join(' ')}" is too much.`,
  )
}

/** Loads a pipeline by its file, whose default export is a topology or a list of them, or by its name. */
export const topologiesOf = async (file: string): Promise<readonly Topology[]> =>
  topologiesIn(file, await moduleOf(file))

const moduleOf = (file: string): Promise<PipelineModule> =>
  existsSync(resolve(file)) ? load(file) : namedPipeline(file)

const topologiesIn = (file: string, loaded: PipelineModule): readonly Topology[] => {
  const found = [loaded.default].flat().filter(isTopology)
  if (found.length > 0) return found
  throw new CommandError(
    'badInput',
    `${file} has no topology as its default export. Write \`export default topology('name', draft => …)\`.`,
  )
}

const namedPipeline = async (name: string): Promise<PipelineModule> => {
  const known = named[name]
  if (known !== undefined) return known()
  const near = nearest(name, Object.keys(named))
  const hint =
    near === undefined ? `Pipelines by name are: ${Object.keys(named).join(', ')}.` : `Did you mean "${near}"?`
  throw new CommandError('failed', `there is no file ${name}, and no pipeline of that name. ${hint}`)
}

/** The same, with the bindings of the `franz.config.ts` beside the file or in this folder. */
export const pipelineOf = async (file: string, env: NodeJS.ProcessEnv): Promise<Pipeline> => {
  const loaded = await moduleOf(file)
  const topologies = topologiesIn(file, loaded)
  refuseTogether(topologies.map(({ graph }) => plan(graph)))
  const folders = existsSync(resolve(file)) ? [dirname(resolve(file)), process.cwd()] : [process.cwd()]
  const config = folders.flatMap(folder => configNames.map(name => join(folder, name))).find(path => existsSync(path))
  const own = (await loaded.bindings?.(env)) ?? {}
  return { topologies, bindings: config === undefined ? own : merged(own, await bindingsOf(config)) }
}

/** What is configured counts more than what comes with the pipeline. */
const merged = (one: Bindings, other: Bindings): Bindings => ({
  calls: { ...one.calls, ...other.calls },
  sources: { ...one.sources, ...other.sources },
  sinks: { ...one.sinks, ...other.sinks },
})

const bindingKinds = ['calls', 'sources', 'sinks']

const bindingsOf = async (config: string): Promise<Bindings> => {
  const { default: bindings } = await load(config)
  if (typeof bindings !== 'object' || bindings === null)
    throw new CommandError('badInput', `${config} has no default export. Write \`export default defineConfig({ … })\`.`)
  const unknown = Object.keys(bindings).find(kind => !bindingKinds.includes(kind))
  if (unknown === undefined) return bindings
  const near = nearest(unknown, bindingKinds)
  const hint = near === undefined ? `It binds ${bindingKinds.join(', ')}.` : `Did you mean "${near}"?`
  throw new CommandError('badInput', `${config} binds "${unknown}". ${hint}`)
}

const load = async (file: string): Promise<PipelineModule> => {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as PipelineModule
  } catch (error) {
    if ((error as Error).name === 'TopologyError') throw error
    throw new CommandError('badInput', `${file} cannot be loaded: ${(error as Error).message}`)
  }
}

const isTopology = (value: unknown): value is Topology =>
  typeof value === 'object' && value !== null && 'graph' in value
