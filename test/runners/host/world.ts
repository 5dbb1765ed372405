import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { type Running, type RunOptions, run } from '../../../runners/host/index.ts'
import type { Topology } from '../../../topology/index.ts'
import type { Observer } from '../../../topology/ports/observer.ts'

export const newFolder = (): string => mkdtempSync(join(tmpdir(), 'franz-host-'))

/** A data folder of its own; closed when the test has ended. */
export const openLog = (folder = newFolder()): EmbeddedLog => {
  const log = EmbeddedLog.open(folder)
  onTestFinished(() => log.close())
  return log
}

/** Runs a topology until the test has ended, with pauses that a test can wait for. */
export const started = async (topology: Topology, options: RunOptions): Promise<Running> => {
  const running = await run(topology, { pauses: { firstMs: 5, mostMs: 20 }, partitions: 2, ...options })
  onTestFinished(() => running.stop().catch(() => {}))
  return running
}

/** What was told to people, to wait for. */
export class Notes implements Observer {
  readonly lines: string[] = []
  readonly failures: string[] = []

  note = (level: string, message: string): void => {
    this.lines.push(`${level}: ${message}`)
  }

  failed = (operator: string, policy: string, error: Error): void => {
    this.failures.push(`${operator} ${policy}: ${error.message}`)
  }
}

/** Waits for something to become true; a guard against hanging, not a measure of speed. */
export const until = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
  const startedMs = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedMs > 20_000) throw new Error(`it never came to that: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

/** All texts of a topic, each partition in its order. */
export const textsOf = async (log: EmbeddedLog, topic: string): Promise<string[]> => {
  const partitions = (await log.topic(topic))?.partitions ?? 0
  const found: string[] = []
  for (let partition = 0; partition < partitions; partition++) {
    const { records } = await log.read({ topic, partition }, 0, 100_000)
    for (const { value } of records) found.push(value === null ? '(deleted)' : Buffer.from(value).toString())
  }
  return found
}
