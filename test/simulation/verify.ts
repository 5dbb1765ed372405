import type { LogRecord, StoredRecord } from '../../topology/ports/log.ts'
import { MemoryStore } from '../../topology/state/memory-store.ts'
import { restore } from '../../topology/task/restore.ts'
import type { Drive } from '../../topology/testing.ts'
import { nameOf, replay } from './replay.ts'
import { cleanRun, type Simulated } from './run.ts'

/** What is wrong with a run; nothing, as a rule. */
export type Findings = readonly string[]

const shown = (bytes: Uint8Array | null): string =>
  bytes === null ? 'null' : JSON.stringify(Buffer.from(bytes).toString('latin1'))
const line = ({ key, value, timestamp, headers }: LogRecord): string =>
  `${shown(key)} -> ${shown(value)} @${timestamp}${headers.map(([name, content]) => ` ${name}=${shown(content)}`).join('')}`

const dump = (store: MemoryStore): string[] =>
  [...store.range(undefined, undefined)].map(([key, value]) => `${shown(key)} = ${shown(value)}`)

const differing = (what: string, found: readonly string[], expected: readonly string[]): string[] => {
  const at = expected.findIndex((value, index) => found[index] !== value)
  if (at < 0 && found.length === expected.length) return []
  const place = at < 0 ? expected.length : at
  return [
    `${what}: ${found.length} entries, ${expected.length} expected; at ${place} found ${found[place]}, expected ${expected[place]}`,
  ]
}

/** Holds a run against the promises: every record worked on once and in order, output and state as a clean replay has them. */
export const verify = async (simulated: Simulated): Promise<Findings> => [
  ...takenOnce(simulated),
  ...(await asReplayed(simulated)),
  ...(await asClean(simulated)),
]

const takenOnce = ({ world, trace }: Simulated): string[] => {
  const next = new Map<string, number[]>()
  for (const { taken } of trace.commits) {
    for (const { topic, partition, offset } of taken) {
      const name = nameOf({ topic, partition })
      next.set(name, [...(next.get(name) ?? []), offset])
    }
  }
  const sources = world.plan.parts.flatMap(part => part.sources.map(({ topic }) => topic))
  return sources.flatMap(topic =>
    Array.from({ length: world.log.topics.topic(topic)!.partitions }, (_, partition) => {
      const all = world.log.topics.read({ topic, partition }, 0, Number.MAX_SAFE_INTEGER).records
      const offsets = next.get(nameOf({ topic, partition })) ?? []
      return differing(
        `offsets taken of ${topic}-${partition}`,
        offsets.map(String),
        all.map(({ offset }) => `${offset}`),
      )
    }).flat(),
  )
}

const asReplayed = async ({ world, trace }: Simulated): Promise<string[]> => {
  const { outputs, stores } = await replay(world.plan, world.log, trace.commits)
  const found: string[] = []
  const { log } = world
  for (const [name, records] of outputs) {
    const [topic, partition] = [name.slice(0, name.lastIndexOf('/')), Number(name.slice(name.lastIndexOf('/') + 1))]
    const written = log.topics.read({ topic, partition }, 0, Number.MAX_SAFE_INTEGER).records
    found.push(...differing(`output ${name}`, written.map(line), records.map(line)))
  }
  for (const [name, expected] of stores) {
    const [topic, partition] = [name.slice(0, name.lastIndexOf('/')), Number(name.slice(name.lastIndexOf('/') + 1))]
    const rebuilt = new MemoryStore()
    await restore(log, { topic, partition }, rebuilt, 0)
    found.push(...differing(`changelog ${name}`, dump(rebuilt), dump(expected)))
    found.push(...differing(`store of ${name}`, await owned(world, topic, partition), dump(expected)))
  }
  return found
}

/** What the owner has on its disk. */
const owned = async (world: Drive, changelog: string, partition: number): Promise<string[]> => {
  for (const part of world.plan.parts) {
    const store = part.stores.find(kept => kept.changelog === changelog)
    if (store === undefined) continue
    for (const instance of world.log.group(world.plan.name).members.keys()) {
      if (!world.tasks(instance).some(task => task.part === part && task.partition === partition)) continue
      return dump(world.log.disk(instance).get(`${world.plan.name}/${store.facts.name}/${partition}`)!)
    }
  }
  return ['no owner']
}

const asClean = async (simulated: Simulated): Promise<string[]> => {
  const { shape, world } = simulated
  if (shape.independence === 'nothing') return []
  const clean = await cleanRun(simulated)
  const found: string[] = []
  for (const sink of shape.sinks) {
    const [ours, theirs] = await Promise.all([byKey(world, sink), byKey(clean, sink)])
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
      const last = (records: readonly string[] | undefined) =>
        shape.independence === 'last' ? (records ?? []).slice(-1) : (records ?? [])
      found.push(...differing(`clean run, ${sink} key ${key}`, last(ours.get(key)), last(theirs.get(key))))
    }
  }
  return found
}

const byKey = async (world: Drive, topic: string): Promise<Map<string, string[]>> => {
  const records: StoredRecord[] = await world.readBytes(topic)
  const found = new Map<string, string[]>()
  for (const record of records) {
    const key = shown(record.key)
    // Timestamps of aggregates over several partitions depend on which record came last.
    found.set(key, [...(found.get(key) ?? []), shown(record.value)])
  }
  return found
}
