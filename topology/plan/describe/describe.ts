import type { Graph } from '../../graph/graph.ts'
import { plan } from '../parts.ts'
import { build, type Partitions } from './build.ts'
import type { Description } from './description.ts'
import { mermaidOf } from './mermaid.ts'
import { textOf } from './text.ts'

/**
 * How a topology is described.
 * @example const options: DescribeOptions = { format: 'json', partitions: { lines: 4 } }
 */
export interface DescribeOptions {
  readonly format?: 'text' | 'json' | 'mermaid'
  /** Partition counts of topics as the log has them, where their declarations do not say: with them come tasks. */
  readonly partitions?: Partitions
}

/** What is described: a topology, by its graph alone. */
interface Declared {
  readonly graph: Graph
}

/**
 * Says what a topology is once it is planned, or refuses it: as text to compare, as JSON of the shape `Description`, or
 * as a Mermaid flowchart to look at.
 * @example console.log(describe(wordCount, { format: 'mermaid', partitions: { lines: 4 } }))
 */
export const describe = (topology: Declared, { format = 'text', partitions }: DescribeOptions = {}): string => {
  const described = build(plan(topology.graph), partitions)
  if (format === 'json') return `${JSON.stringify(described, null, 2)}\n`
  return format === 'mermaid' ? mermaidOf(described) : textOf(described)
}

/**
 * The same as data, for programs: which topics are read and written in which formats, what is kept, called and connected.
 * @example description(wordCount).topics.filter(topic => topic.readBy.length > 0)
 */
export const description = (topology: Declared, partitions?: Partitions): Description =>
  build(plan(topology.graph), partitions)
