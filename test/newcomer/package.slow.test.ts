import { copyFileSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Program, runs } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const shout = `
import { existsSync, readFileSync } from 'node:fs'
import { text, topic, topology } from 'franz'
import { fileSink, fileSource } from 'franz/connectors/file'
import { EmbeddedLog } from 'franz/embedded'
import { run } from 'franz/host'

const words = topic('words', { key: text, value: text })
const loud = topic('loud', { key: text, value: text })
const desk = topology('shout', draft => {
  const heard = draft.source('in', words)
  heard.map(word => word.toUpperCase(), { as: text }).to(loud)
  heard.group().count('heard')
  draft.sink('out', loud)
})
const log = EmbeddedLog.open('shout-data')
const running = await run(desk, {
  log,
  sources: { in: fileSource({ path: 'in.jsonl' }) },
  sinks: { out: fileSink({ path: 'out.jsonl' }) },
})
const out = () => (existsSync('out.jsonl') ? readFileSync('out.jsonl', 'utf8') : '')
while (!out().includes('HELLO')) await new Promise(resolve => setTimeout(resolve, 20))
console.log(running.query('heard').get('a') + ' of a, and ' + JSON.parse(out()).value)
await running.stop()
await log.close()
`

test('the package, installed in an empty folder, runs the word count of the README', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-package-'))
  await runs('npm', ['pack', '--pack-destination', folder], { cwd: root })
  const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'))!
  writeFileSync(join(folder, 'package.json'), '{ "name": "newcomer", "private": true }')
  await runs('npm', ['install', '--no-audit', '--no-fund', `./${tarball}`], { cwd: folder })
  copyFileSync(join(root, 'pipelines/examples/word-count.ts'), join(folder, 'word-count.ts'))

  const franz = join(folder, 'node_modules/.bin/franz')
  const running = new Program(franz, ['run', './word-count.ts', '--data', 'data'], { cwd: folder })
  await running.says(/word-count runs on data/)
  const input = '{"value":"to be or not to be"}\n'
  await runs(franz, ['produce', 'lines', '--data', 'data'], { cwd: folder, input })
  const tail = new Program(franz, ['tail', 'word-counts', '--from', 'start', '--data', 'data'], {
    cwd: folder,
  })
  await tail.says(/be {2}2/)
  tail.signal('SIGINT')
  running.signal('SIGINT')
  expect(await running.ended).toBe(0)
  expect(await tail.ended).toBe(0)

  // From code, with connectors and a question to a store: compiled modules, whatever loads them.
  writeFileSync(join(folder, 'shout.mjs'), shout)
  writeFileSync(join(folder, 'in.jsonl'), '{"key":"a","value":"hello"}\n')
  expect(await runs('node', ['shout.mjs'], { cwd: folder })).toContain('1 of a, and HELLO')
})
