import type { Part, Plan } from './plan.ts'

/** A part and all those whose records come to it. */
const upstream = (plan: Plan, part: Part, found = new Set<Part>()): ReadonlySet<Part> => {
  if (found.has(part)) return found
  found.add(part)
  for (const writer of writersOf(plan, part).values()) upstream(plan, writer, found)
  return found
}

/** Which part writes each exchange that this one reads. */
const writersOf = (plan: Plan, { nodes }: Part): Map<string, Part> => {
  const exchanges = nodes.filter(({ role }) => role === 'reader').map(({ node }) => node.id)
  const writes = (part: Part, exchange: string) =>
    part.nodes.some(({ node, role }) => node.id === exchange && role === 'writer')
  return new Map(exchanges.map(exchange => [exchange, plan.parts.find(part => writes(part, exchange))!]))
}

/**
 * How long the inputs of a part must be quiet before time passes in its tasks without records: the longest `idle` of
 * the sources that its records come from. Undefined where one of them says nothing: its records may come at any time.
 */
export const idleOf = (plan: Plan, part: Part): number | undefined => {
  const idles = [...upstream(plan, part)].flatMap(({ nodes }) =>
    nodes.flatMap(({ node }) => (node.facts.source?.reads === 'own' ? [node.facts.source.idleMs] : [])),
  )
  return idles.length === 0 || idles.includes(undefined) ? undefined : Math.max(...(idles as number[]))
}

/**
 * The exchanges of a part whose writers have to say that they are quiet, with those writers. A part that reads what
 * comes of its own records, by way of others, would wait for itself: there an exchange counts as any topic.
 */
export const quietWriters = (plan: Plan, part: Part): Map<string, Part> =>
  new Map([...writersOf(plan, part)].filter(([, writer]) => !upstream(plan, writer).has(part)))
