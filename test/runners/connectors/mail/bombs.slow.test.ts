import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bombs } from './bombs.ts'

/** A guard alone: a machine that does other things meanwhile takes longer than the second that is promised. */
const secondsMax = 10
const cpuMsMax = 1_000
const bytesMax = 128 * 1024 * 1024

interface Defused {
  readonly refused: string | null
  readonly message: string
  readonly ms: number
  /** Of the processor alone: others that are at work do not count. */
  readonly cpuMs: number
  /** What reading added to the memory of the process at its highest. */
  readonly addedBytes: number
}

const child = fileURLToPath(new URL('defuse.ts', import.meta.url))

describe('a mail that was made to hurt is refused or read, in time and in 128 MiB', () => {
  test.each(Object.keys(bombs))('%s', async name => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, name])
    const { refused, message, ms, cpuMs, addedBytes } = JSON.parse(stdout) as Defused
    const [, outcome] = bombs[name]!
    if ('refused' in outcome) expect(refused).toContain(outcome.refused)
    else expect([refused, message.slice(0, 100)]).toEqual([null, expect.stringContaining(outcome.reads)])
    expect(ms).toBeLessThan(secondsMax * 1_000)
    expect(cpuMs).toBeLessThan(cpuMsMax)
    expect(addedBytes).toBeLessThan(bytesMax)
  })
})

test('every mail of the corpus is read in less than a second, and all of them one after another in 128 MiB', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, 'corpus'])
  const { mails, cpuMs, addedBytes } = JSON.parse(stdout) as Defused & { readonly mails: number }
  expect(mails).toBeGreaterThanOrEqual(40)
  expect(cpuMs).toBeLessThan(cpuMsMax)
  expect(addedBytes).toBeLessThan(bytesMax)
})
