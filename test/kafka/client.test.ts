import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const setup = join(import.meta.dirname, '..', '..', 'runners', 'kafka', 'client', 'setup.ts')
const asks = `const { missingPackages, refusal } = await import(${JSON.stringify(setup)}); console.log(refusal(missingPackages()))`

test('where there is no compiler the setup of the Kafka client names every package that it misses', () => {
  const PATH = mkdtempSync(join(tmpdir(), 'franz-no-compiler-'))
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', asks]
  const { stdout } = spawnSync(process.execPath, args, { env: { PATH }, encoding: 'utf8' })
  expect(stdout).toContain('apt-get install g++ make python3 libssl-dev zlib1g-dev libsasl2-dev libcurl4-openssl-dev')
  expect(stdout).toContain('The embedded engine works without it.')
})
