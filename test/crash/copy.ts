import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EmbeddedLog } from '../../runners/embedded/log.ts'
import { Folder } from './oracle/folder.ts'
import { partitions } from './pipeline.ts'

/** Another folder with the same input, record by record. */
export const copyOfInput = async (from: string): Promise<string> => {
  const to = mkdtempSync(join(tmpdir(), 'franz-crash-clean-'))
  const folder = new Folder(from)
  const log = EmbeddedLog.open(to)
  await log.create([{ name: 'transfers', partitions, cleanup: 'delete' }])
  for (let partition = 0; partition < partitions; partition++) {
    const records = folder.records('transfers', partition).map(({ key, value, timestamp }) => ({
      key: Buffer.from(key, 'latin1'),
      value: Buffer.from(value, 'latin1'),
      timestamp,
      headers: [],
    }))
    log.append([{ to: { topic: 'transfers', partition }, records }])
  }
  await log.close()
  await folder.close()
  return to
}
