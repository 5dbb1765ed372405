import { join } from 'node:path'
import { open } from 'lmdb'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'

// A process that does nothing but open a data folder and close it again, as its first argument says.

const [way, folder] = process.argv.slice(2) as [string, string]

const ways: Readonly<Record<string, () => Promise<void>>> = {
  'as everybody does': () => EmbeddedLog.open(folder).close(),
  'past the gate': () => open({ path: join(folder, 'log'), readOnly: true }).close(),
}

process.on('disconnect', () => process.exit())
for (let opened = 1; ; opened++) {
  await ways[way]!()
  process.send!(String(opened))
  await new Promise(done => setImmediate(done))
}
