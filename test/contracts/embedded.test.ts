import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'vitest'
import { EmbeddedLog } from '../../runners/embedded/log.ts'
import { logContract } from '../../topology/testing.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'franz-contract-'))

for (const { name, run } of logContract({
  open: () => EmbeddedLog.open(folder()),
  members: 'one',
  close: log => (log as EmbeddedLog).close(),
})) {
  test(name, run)
}
