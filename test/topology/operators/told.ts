import { expect } from 'vitest'
import type { Source, Topology } from '../../../topology/index.ts'
import { commitSteps, type Drive, type DriveOptions, drive, type ReadRecord } from '../../../topology/testing.ts'

const keyText = (key: unknown): string => {
  if (typeof key !== 'object' || key === null) return String(key)
  const { key: inner, start, end } = key as { key: unknown; start: number; end: number }
  return `${keyText(inner)}@${start}-${end}`
}

/** Records as short texts, `key@start-end value (timestamp)`, for tests to read like stories. */
export const told = (records: readonly Pick<ReadRecord, 'key' | 'value' | 'timestamp'>[]): string[] =>
  records.map(({ key, value, timestamp }) => `${keyText(key)} ${value} (${timestamp})`)

/** Fails unless the topology says the same with one crash at every step of each of the first commits. */
export const sameInSpiteOfCrashes = async (
  topology: Topology,
  send: (world: Drive) => Promise<void>,
  sinks: readonly Source<unknown, unknown>[],
  options: DriveOptions & { readonly commitsMax: number },
): Promise<void> => {
  const run = async (crashAt?: { step: string; commit: number }) => {
    let commits = 0
    const faults: DriveOptions['faults'] = step =>
      step === crashAt?.step && ++commits === crashAt.commit ? 'crash' : undefined
    const world = await drive(topology, { ...options, faults: faults! })
    await send(world)
    const says: Record<string, string[]> = {}
    for (const sink of sinks) says[sink.name] = told(await world.read(sink))
    return { says, crashes: world.crashes }
  }
  const calm = await run()
  let crashed = 0
  for (const step of commitSteps) {
    for (let commit = 1; commit <= options.commitsMax; commit++) {
      const { says, crashes } = await run({ step, commit })
      expect(says, `after a crash at ${step} ${commit}`).toEqual(calm.says)
      crashed += crashes
    }
  }
  expect(crashed).toBeGreaterThanOrEqual(options.commitsMax * (commitSteps.length - 1))
}
