import type { Plan } from '../../topology/plan/plan.ts'
import { type Part, partsOf } from '../host/index.ts'
import { CommandError, nearest } from './command.ts'

const nameOf = (part: Part): string => (part === 'tasks' ? 'tasks' : 'source' in part ? part.source : part.sink)

/**
 * What `--only` leaves of some topologies: one by its name, a connector by its own, or a part of one as `topology.part`,
 * where `tasks` is what it does beside its connectors.
 */
export const partsFor = (
  plans: readonly Plan[],
  only: readonly string[],
): ReadonlyMap<string, readonly Part[]> | undefined => {
  if (only.length === 0) return undefined
  const all = plans.flatMap(plan => partsOf(plan).map(part => ({ topology: plan.name, part })))
  const chosen = new Map<string, Part[]>()
  for (const name of only) {
    const found = all.filter(({ topology, part }) => {
      const own = nameOf(part)
      return name === topology || name === `${topology}.${own}` || (part !== 'tasks' && name === own)
    })
    if (found.length === 0) throw unknown(name, all)
    for (const { topology, part } of found) {
      const parts = chosen.get(topology) ?? []
      if (!parts.includes(part)) parts.push(part)
      chosen.set(topology, parts)
    }
  }
  return chosen
}

const unknown = (name: string, all: readonly { readonly topology: string; readonly part: Part }[]): CommandError => {
  const names = [
    ...new Set(all.flatMap(({ topology, part }) => [topology, ...(part === 'tasks' ? [] : [nameOf(part)])])),
  ]
  const near = nearest(name, names)
  const hint = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${near}"?`
  return new CommandError('usage', `--only names "${name}", which is neither a topology nor a connector. ${hint}`)
}
