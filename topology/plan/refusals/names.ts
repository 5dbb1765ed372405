import { TopologyError } from '../../errors.ts'
import type { Facts, Graph } from '../../graph/graph.ts'

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/
const nameLengthMax = 64

/** What a human named: it outlives the process, so two of a kind may not share a name. */
export const refuseNames = (graph: Graph): void => {
  named(graph, graph.name, 'the topology')
  const taken = new Set<string>()
  for (const { facts } of graph.nodes) {
    for (const { kind, name } of claims(facts)) {
      named(graph, name, `a ${kind}`)
      if (taken.has(`${kind} ${name}`)) {
        throw new TopologyError('NAME_TAKEN', graph.name, `two of its ${kind}s are called "${name}"`)
      }
      taken.add(`${kind} ${name}`)
    }
    for (const { name, version } of [...(facts.stores ?? []), ...(facts.call ? [facts.call] : [])]) {
      if (Number.isSafeInteger(version) && version > 0) continue
      throw new TopologyError('OPTION_WRONG', `${graph.name}, ${name}`, `its version is ${version}, not 1 or more`)
    }
  }
}

const claims = ({ stores, exchange, call, source, delivers }: Facts): { kind: string; name: string }[] => [
  ...(stores ?? []).map(({ name }) => ({ kind: 'store', name })),
  ...[exchange?.name ?? []].flat().map(name => ({ kind: 'exchange', name })),
  ...[call?.name ?? []].flat().map(name => ({ kind: 'call', name })),
  ...[source?.connector ?? [], delivers?.connector ?? []].flat().map(name => ({ kind: 'connector', name })),
]

const named = (graph: Graph, name: string, what: string): void => {
  if (name.length > nameLengthMax || !namePattern.test(name)) {
    throw new TopologyError('NAME_WRONG', graph.name, `${what} is called "${name}"`)
  }
}
