import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { EmbeddedLog } from '../../runners/embedded/log.ts'
import type { Go } from './child.ts'
import { type ClockFault, clockFaults } from './clocks.ts'
import { check } from './oracle/check.ts'
import { partitions } from './pipeline.ts'
import type { Produce } from './producer.ts'
import { compiled, remove, Victim } from './victim.ts'

// Faults that are no kills, on the pipeline and with the oracle of the crashes.

let build = ''
beforeAll(() => {
  build = compiled()
}, 300_000)
afterAll(() => remove(build))

/** A folder with a process that produces into it. */
const produced = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-fault-'))
  const log = EmbeddedLog.open(folder)
  await log.create([{ name: 'transfers', partitions, cleanup: 'delete' }])
  await log.close()
  const acknowledged = new Set<string>()
  const producer = new Victim(build, 'producer')
  producer.hear(message => {
    if (Array.isArray(message)) for (const id of message) acknowledged.add(id as string)
  })
  onTestFinished(() => {
    producer.kill()
    remove(folder)
  })
  await producer.ready
  producer.tell({ folder, life: 0 } satisfies Produce)
  return { folder, acknowledged, producer }
}

const runner = async (go: Go): Promise<Victim> => {
  const victim = new Victim(build, 'child')
  onTestFinished(() => victim.kill())
  await victim.ready
  victim.tell(go)
  await victim.says('committed')
  return victim
}

const stopRounds = 10
const stopMsMax = 10_000

test('told to stop in the middle of its work, a runner leaves within ten seconds, and nothing is lost or done twice', async () => {
  const { folder, acknowledged } = await produced()
  let left = 0
  for (let round = 0; round < stopRounds; round++) {
    const victim = await runner({ folder })
    await pause(round * 30)
    const startedMs = performance.now()
    victim.kill('SIGTERM')
    expect(await victim.ended, victim.words).toBe(0)
    expect(performance.now() - startedMs).toBeLessThan(stopMsMax)
    const cut = await check(folder, new Set(acknowledged))
    expect(cut.breaches).toEqual([])
    left += cut.left
  }
  // Else there was no work that it could have been stopped in.
  expect(left).toBeGreaterThan(0)
})

for (const clock of Object.keys(clockFaults) as ClockFault[]) {
  test(`a clock that goes ${clock} changes no result and holds nothing up`, async () => {
    const { folder, acknowledged, producer } = await produced()
    const victim = await runner({ folder, clock })
    await pause(2_500)
    producer.tell('stop')
    await producer.ended
    await expect.poll(async () => (await check(folder, acknowledged)).left, { timeout: 60_000, interval: 300 }).toBe(0)
    victim.kill('SIGTERM')
    expect(await victim.ended, victim.words).toBe(0)
    const cut = await check(folder, acknowledged)
    expect(cut.breaches).toEqual([])
    expect(cut.taken).toBeGreaterThan(acknowledged.size)
  })
}
