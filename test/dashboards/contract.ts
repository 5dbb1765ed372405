import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Program } from '../newcomer/process.ts'
import { parts } from '../parts/parts.ts'
import { judged } from './schemathesis.ts'

// `npm run contract [-- SECONDS]`: schemathesis against a desk as its user starts it, for two minutes unless it is said.

const seconds = Number(process.argv[2] ?? 120)
if (!(seconds >= 1) || !parts.schemathesis()) {
  console.error(seconds >= 1 ? 'schemathesis is not there: run node test/install.mjs.' : 'say for how many seconds')
  process.exit(2)
}
const data = mkdtempSync(join(tmpdir(), 'franz-contract-'))
const root = fileURLToPath(new URL('../../', import.meta.url))
const flags = ['--port', '0', '--data', join(data, 'data'), '--reads-per-minute', '1000000']
const desk = new Program('node', ['bin/franz.mjs', 'start', ...flags], { cwd: root })
const [, url] = await desk.says(/dashboard +(http:\S+)/)
const { isFine } = await judged({ url: url!, seconds, onWords: words => process.stdout.write(words) })
desk.signal('SIGINT')
await desk.ended
rmSync(data, { recursive: true, force: true })
process.exit(isFine ? 0 : 1)
