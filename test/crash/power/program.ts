import { writeSync } from 'node:fs'
import { EmbeddedLog } from '../../../runners/embedded/log.ts'

// The program whose system calls are recorded: commit n appends n records, puts n into a store and moves a position to n.

const [folder, commits] = [process.argv[2]!, Number(process.argv[3])]
const log = EmbeddedLog.open(folder)
await log.create([{ name: 'numbers', partitions: 1, cleanup: 'delete' }])
const member = await log.join('counting', 'one', ['numbers'], { assigned() {}, revoked() {}, lost() {} })
const store = { store: 'sums', partition: 0, changelog: 'counting-sums-changelog' }
await member.store(store)
for (let commit = 1; commit <= commits; commit++) {
  const value = Buffer.alloc(150 * (1 + (commit % 40)), String(commit))
  const records = Array.from({ length: commit }, () => ({ key: null, value, timestamp: commit, headers: [] }))
  await member.commit({
    appends: [{ topic: 'numbers', partition: 0, records }],
    changes: [{ ...store, entries: [[Buffer.from('last'), Buffer.from(String(commit))]] }],
    positions: [{ topic: 'numbers', partition: 0, offset: commit }],
  })
  writeSync(1, `acknowledged ${commit}\n`)
}
process.exit(0)
