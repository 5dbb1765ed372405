import { TopologyError } from '../../topology/index.ts'
import type { Plan } from '../../topology/plan/plan.ts'
import type { SinkConnector, SourceConnector } from '../../topology/ports/connectors.ts'
import type { CallFunction, VersionedCall } from '../../topology/task/bound-calls.ts'

/** What the names of a topology mean in the world: how its calls are answered, what fills and takes its topics. */
export interface Bindings {
  readonly calls?: Readonly<Record<string, CallFunction | VersionedCall>> | undefined
  readonly sources?: Readonly<Record<string, SourceConnector>> | undefined
  readonly sinks?: Readonly<Record<string, SinkConnector>> | undefined
}

/**
 * What `franz.config.ts` exports, beside the pipeline file or in the folder where `franz` is started.
 * @example export default defineConfig({ sources: { inbox: httpSource({ port: 8080 }) } })
 */
export const defineConfig = (config: Bindings): Bindings => config

/** The parts of a topology that can be run alone. */
export type Part = 'tasks' | { readonly source: string } | { readonly sink: string }

export const partsOf = ({ graph, parts }: Plan): Part[] => [
  ...(parts.length > 0 ? ['tasks' as const] : []),
  ...graph.nodes.flatMap(({ facts: { source } }): Part[] =>
    source?.connector === undefined ? [] : [{ source: source.connector }],
  ),
  ...graph.nodes.flatMap(({ facts: { delivers } }): Part[] => (delivers ? [{ sink: delivers.connector }] : [])),
]

/** Refuses names that nothing is bound to, before anything runs: all of them at once, with what to write where. */
export const refuseUnbound = (plan: Plan, parts: readonly Part[], { calls, sources, sinks }: Bindings): void => {
  const named = plan.graph.nodes.flatMap(({ facts }) => facts.call?.name ?? [])
  const missing = [
    ...(parts.includes('tasks') ? named.filter(name => calls?.[name] === undefined) : []).map(name => ({
      kind: 'call',
      entry: `calls: { ${keyOf(name)}: question => answer }`,
      name,
    })),
    ...parts.flatMap(part => {
      if (typeof part !== 'object') return []
      if ('source' in part && sources?.[part.source] === undefined)
        return [{ kind: 'source', name: part.source, entry: `sources: { ${keyOf(part.source)}: … }` }]
      if ('sink' in part && sinks?.[part.sink] === undefined)
        return [{ kind: 'sink', name: part.sink, entry: `sinks: { ${keyOf(part.sink)}: … }` }]
      return []
    }),
  ]
  if (missing.length === 0) return
  const names = missing.map(({ kind, name }) => `${kind} "${name}"`).join(', ')
  const entries = missing.map(({ entry }) => entry).join(', ')
  const detail = `nothing is bound to its ${names}; write \`export default defineConfig({ ${entries} })\` in franz.config.ts beside the pipeline file, or give them to \`run\``
  throw new TopologyError('UNBOUND', plan.name, detail)
}

const keyOf = (name: string): string => (/^[a-z]\w*$/.test(name) ? name : `'${name}'`)
