import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { losePower, recorded } from './power/loss.ts'
import type { Event } from './power/trace.ts'
import { compiled, remove } from './victim.ts'

// Where system calls cannot be watched this is skipped; a build server must have strace.
const watches = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0 || process.env.CI === 'true'

describe.skipIf(!watches)('power is lost (needs strace)', () => {
  let build = ''
  let events: readonly Event[] = []
  beforeAll(() => {
    build = compiled()
    events = recorded(build) ?? []
  }, 120_000)
  afterAll(() => remove(build))

  test('whatever the disk kept of what was not flushed, a committed state is found, and nothing acknowledged is lost', async () => {
    expect(events.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(40)
    const report = await losePower(events, { build, subsets: 200, seed: 3 })
    expect(report.breaches).toEqual([])
    expect(report.syncs).toBeGreaterThanOrEqual(80)
  })

  test('an engine that acknowledges without a flush is caught', async () => {
    const report = await losePower(events.slice(0, 60), { build, subsets: 20, seed: 4, neverFlushes: true })
    expect(report.breaches.length).toBeGreaterThan(0)
  })
})
