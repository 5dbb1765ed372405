/** Runs a case on our engine and says where it differs from what is expected. */
import { drive } from '../../topology/testing.ts'
import { build } from './build.ts'
import type { CaseOutput, CaseSpec, ConformanceCase } from './case-format.ts'
import { textTopic } from './lane.ts'

/** What each step emits, topic by topic. */
export async function run(spec: CaseSpec): Promise<CaseOutput[][]> {
  const world = await drive(build(spec.topology), { partitions: 1 })
  const sinks = new Set(spec.topology.flatMap(node => (node.op === 'to' ? [node.topic] : [])))
  const emitted: CaseOutput[][] = []
  for (const step of spec.steps) {
    if ('advance' in step) await world.advance(step.advance)
    else await world.send(textTopic(step.in), step.key, step.value, step.ts)
    const outputs: CaseOutput[] = []
    for (const name of sinks) {
      const records = await world.read(textTopic(name))
      outputs.push(...records.map(({ key, value, timestamp }): CaseOutput => [name, key, value, timestamp]))
    }
    emitted.push(outputs)
  }
  return emitted
}

export interface Difference {
  /** From 1 on. */
  readonly step: number
  readonly expected: readonly CaseOutput[]
  readonly found: readonly CaseOutput[]
}

/**
 * The first step whose outputs differ. Topics are compared one by one; in unordered cases, keys too.
 */
export function difference({ unordered, out, ours }: ConformanceCase, found: CaseOutput[][]): Difference | undefined {
  for (const [at, expected] of (ours ?? out).entries()) {
    const [want, have] = [expected, found[at]!].map(outputs => inOrder(outputs, unordered === true))
    if (JSON.stringify(want) !== JSON.stringify(have)) return { step: at + 1, expected: want!, found: have! }
  }
  return undefined
}

/** The order that is not to be relied on taken away: sorting is stable, so the order within a topic or a key stays. */
function inOrder(outputs: readonly CaseOutput[], unordered: boolean): CaseOutput[] {
  const group = ([topic, key]: CaseOutput) => JSON.stringify(unordered ? [topic, key] : [topic])
  return outputs.toSorted((one, other) => (group(one) < group(other) ? -1 : group(one) > group(other) ? 1 : 0))
}
