import type { CaseSpec } from './case-format.ts'
import { operator, shape } from './topology-facts.ts'

/** The operators of a case, each once. */
export function operatorsOf(spec: CaseSpec): Set<string> {
  return new Set(spec.topology.map(node => operator(spec.topology, node)))
}

/** In how many cases each operator occurs. */
export function countOperators(specs: readonly CaseSpec[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const spec of specs) for (const name of operatorsOf(spec)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

export function countShapes(specs: readonly CaseSpec[]): number {
  return new Set(specs.map(spec => shape(spec.topology))).size
}

/** A table: operator, number of cases written by hand, number of random ones. */
export function coverageTable(hand: readonly CaseSpec[], random: readonly CaseSpec[]): string {
  const byHand = countOperators(hand)
  const byChance = countOperators(random)
  const names = [...new Set([...byHand.keys(), ...byChance.keys()])].sort()
  const row = (name: string, left: unknown, right: unknown) =>
    `${name.padEnd(32)} ${String(left).padStart(6)} ${String(right).padStart(6)}\n`
  return [
    row('operator', 'hand', 'random'),
    ...names.map(name => row(name, byHand.get(name) ?? 0, byChance.get(name) ?? 0)),
    row('cases', hand.length, random.length),
    row('distinct topologies', countShapes(hand), countShapes(random)),
  ].join('')
}
