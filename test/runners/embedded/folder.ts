import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { EmbeddedLog, type LogOptions } from '../../../runners/embedded/log.ts'
import type { LogRecord, TopicSettings } from '../../../topology/ports/log.ts'

/** A guard against hanging. */
const tidyMs = 60_000

/** A folder that is gone when its test has ended. */
export const emptyFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-embedded-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }), tidyMs)
  return folder
}

/** A log that is closed when its test has ended. */
export const openLog = (folder = emptyFolder(), options: LogOptions = {}): EmbeddedLog => {
  const log = EmbeddedLog.open(folder, options)
  onTestFinished(() => log.close(), tidyMs)
  return log
}

/** A log with one topic of one partition. */
export const logOf = async (
  settings: Partial<TopicSettings>,
  options: LogOptions = {},
  folder = emptyFolder(),
): Promise<EmbeddedLog> => {
  const log = openLog(folder, options)
  await log.create([{ name: 'topic', partitions: 1, cleanup: 'delete', ...settings }])
  return log
}

export const record = (key: string | null, value: string | null, timestamp = 1_000): LogRecord => ({
  key: key === null ? null : Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  timestamp,
  headers: [],
})

/** One batch of records. */
export const append = (log: EmbeddedLog, ...records: readonly LogRecord[]): void =>
  log.append([{ to: { topic: 'topic', partition: 0 }, records }])

/** All that is kept, as `offset key=value`. */
export const kept = (log: EmbeddedLog, from = 0): string[] => {
  const text = (bytes: Uint8Array | null) => (bytes === null ? '-' : Buffer.from(bytes).toString())
  return log.topics
    .read({ topic: 'topic', partition: 0 }, from, Number.POSITIVE_INFINITY)
    .records.map(({ offset, key, value }) => `${offset} ${text(key)}=${text(value)}`)
}
