import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Contestant, start } from './contestant.ts'
import { type Stage, sizes } from './stage.ts'

// The stores of a count of so many keys, read from their changelogs by a process that starts without a disk.

export const restoreKeys = Number(process.env.FRANZ_BENCH_KEYS ?? 1_000_000)

/** Each key comes once, so the changelogs hold as many records as there are keys. */
export const fillRestored = async (stage: Stage, input: string): Promise<void> => {
  await stage.make(input)
  await stage.fill(input, 0, restoreKeys, Date.now() - restoreKeys, restoreKeys)
}

/**
 * Fills the changelogs of one contestant. Each call of what it gives starts it anew without its disk, and gives the
 * milliseconds from the first partition that begins to the last that is done.
 */
export const restorable = async (
  stage: Stage,
  contestant: Contestant,
  input: string,
): Promise<() => Promise<number>> => {
  const group = stage.unique('restore')
  const output = `${group}-out`
  await stage.make(output)
  const folder = join(stage.folder, group)
  const settings = { group, input, output, folder, topology: 'count', table: input, brokers: stage.kafka.bootstrap }
  const filling = start(contestant, settings)
  try {
    await stage.watch(group, input, [restoreKeys])
    await filling.stop()
  } finally {
    await filling.kill()
  }
  return async () => {
    rmSync(folder, { recursive: true, force: true })
    const running = start(contestant, settings)
    try {
      await running.said('restored', sizes.partitions)
      return restoreMsOf(contestant, running.lines('restored'))
    } finally {
      await running.stop()
      await running.kill()
    }
  }
}

/** Of lines "restored RECORDS BEGAN ENDED", one for each partition. */
const restoreMsOf = ({ name }: Contestant, lines: readonly string[]): number => {
  const told = lines.map(line => line.split(' ').slice(1).map(Number) as [number, number, number])
  const records = told.reduce((sum, [count]) => sum + count, 0)
  if (records < restoreKeys) throw new Error(`${name} restored ${records} records of ${restoreKeys}: no time counts`)
  return Math.max(...told.map(([, , ended]) => ended)) - Math.min(...told.map(([, began]) => began))
}
