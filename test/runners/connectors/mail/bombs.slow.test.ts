import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bombs } from './bombs.ts'

/** Promised is one second each; a machine that does other things meanwhile gets ten times that before the test gives up. */
const secondsMax = 10
const bytesMax = 128 * 1024 * 1024

interface Defused {
  readonly refused: string | null
  readonly message: string
  readonly ms: number
  /** What reading added to the memory of the process at its highest. */
  readonly addedBytes: number
}

const child = fileURLToPath(new URL('defuse.ts', import.meta.url))

describe('a mail that was made to hurt is refused or read, in time and in 128 MiB', () => {
  test.each(Object.keys(bombs))('%s', async name => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', child, name])
    const { refused, message, ms, addedBytes } = JSON.parse(stdout) as Defused
    const [, outcome] = bombs[name]!
    if ('refused' in outcome) expect(refused).toContain(outcome.refused)
    else expect([refused, message.slice(0, 100)]).toEqual([null, expect.stringContaining(outcome.reads)])
    expect(ms).toBeLessThan(secondsMax * 1_000)
    expect(addedBytes).toBeLessThan(bytesMax)
  })
})
