import { memoryRegistry } from '../../../schemas/index.ts'
import type { Source, Topology } from '../../../topology/index.ts'
import { type Drive, type DriveOptions, drive, MemoryLog, type ReadRecord } from '../../../topology/testing.ts'

/** Several services of the desk on one log in memory. */
export interface DeskWorld {
  readonly services: ReadonlyMap<string, Drive>
  /** The service that reads or writes there: through it a test writes to topics and reads them. */
  of(service: string): Drive
  settle(): Promise<void>
  advance(byMs: number): Promise<void>
  all<K, V>(topic: Source<K, V>): Promise<ReadRecord<K, V>[]>
}

export const deskWorld = async (topologies: readonly Topology[], options: DriveOptions = {}): Promise<DeskWorld> => {
  const registry = memoryRegistry()
  let now = 1_000
  const log = new MemoryLog({ now: () => now })
  const services = new Map<string, Drive>()
  for (const each of topologies)
    services.set(each.name, await drive(each, { partitions: 3, now: 1_000, ...options, log, registry }))
  const found = new Map<string, ReadRecord<unknown, unknown>[]>()
  const of = (service: string): Drive => services.get(service)!
  // Twice as often as there are services: records go round no farther.
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 2 * services.size; round++) for (const each of services.values()) await each.settle()
  }
  return {
    services,
    of,
    settle,
    async advance(byMs) {
      now += byMs
      for (const each of services.values()) await each.advance(byMs)
      await settle()
    },
    async all<K, V>(topic: Source<K, V>) {
      const before = found.get(topic.name) ?? []
      const [any] = services.values()
      const now = [...before, ...(await any!.read(topic))]
      found.set(topic.name, now)
      return now as ReadRecord<K, V>[]
    },
  }
}

export const headersOf = ({ headers }: { readonly headers: readonly (readonly [string, Uint8Array | null])[] }) =>
  Object.fromEntries(headers.map(([name, value]) => [name, value === null ? null : Buffer.from(value).toString()]))
