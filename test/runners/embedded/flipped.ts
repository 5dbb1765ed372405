import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'
import { append, emptyFolder, logOf, record } from './folder.ts'

// A data folder with a topic and a store, one bit of which is not as it was written.

export const store = { store: 'sums', partition: 0, changelog: 'flip-sums-changelog' }

/** The bytes of its file. */
export const written = async (): Promise<Buffer> => {
  const folder = emptyFolder()
  const log = await logOf({}, {}, folder)
  for (let batch = 0; batch < 20; batch++)
    append(
      log,
      ...Array.from({ length: 50 }, (_, at) => record(`key-${at}`, `value ${batch} ${at} ${'x'.repeat(100)}`)),
    )
  const member = await log.join('flip', 'one', [], { assigned() {}, revoked() {}, lost() {} })
  const entries = Array.from(
    { length: 1_000 },
    (_, at) => [Buffer.from(`key-${at}`), Buffer.from(`row ${at} `.repeat(8))] as const,
  )
  await member.commit({ appends: [], changes: [{ ...store, entries }], positions: [] })
  await member.close()
  await log.close()
  return readFileSync(join(folder, 'log/data.mdb'))
}

/** A folder with such a file. */
export const folderOf = (file: Buffer): string => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'log'))
  writeFileSync(join(folder, 'log/data.mdb'), file)
  writeFileSync(join(folder, 'log/made'), '')
  return folder
}

export const flipped = (file: Buffer, at: number, bit: number): Buffer => {
  const copy = Buffer.from(file)
  copy[at] = copy[at]! ^ (1 << bit)
  return copy
}

/** Everything in the folder, as its readers see it. */
export const content = (log: EmbeddedLog): string => {
  const records = log.topics.read({ topic: 'topic', partition: 0 }, 0, 100_000).records
  const lines = records.map(({ offset, key, value }) => `${offset} ${Buffer.from(key!)} ${Buffer.from(value!)}`)
  const rows = [...log.store(store).range(undefined, undefined)].map(
    ([key, value]) => `${Buffer.from(key)} ${Buffer.from(value)}`,
  )
  return createHash('sha256')
    .update([...lines, ...rows].join('\n'))
    .digest('hex')
}

/** What reading all of it comes to: its content, or an error; and whether a check finds an error that reading did not. */
export const readThrough = async (folder: string): Promise<string> => {
  let log: EmbeddedLog | undefined
  try {
    log = EmbeddedLog.open(folder)
    const found = content(log)
    try {
      log.check()
    } catch (error) {
      return `check: ${(error as Error).message}`
    }
    return `content: ${found}`
  } catch (error) {
    return `error: ${(error as Error).message}`
  } finally {
    await log?.close()
  }
}
