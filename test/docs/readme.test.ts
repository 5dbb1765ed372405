import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string) => readFileSync(new URL(path, root), 'utf8')
const readme = read('README.md')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, code]) => code!)

test('the pipeline of the README is the example that the package test runs, in 20 lines at most', () => {
  const [pipeline] = blocks('ts')
  expect(pipeline).toBe(read('pipelines/examples/word-count.ts'))
  expect(pipeline!.trimEnd().split('\n').length).toBeLessThanOrEqual(20)
})

test('the test of the README is one of ours', () => {
  const [, example] = blocks('ts')
  const body = example!.slice(example!.indexOf("test('"))
  expect(read('test/pipelines/word-count.test.ts')).toContain(body)
})

test('the branch of the README is the example that is tested, in 15 lines at most, and its config is the one that runs', () => {
  const branch = blocks('ts').find(code => code.includes('urgentBilling'))
  const config = blocks('ts').find(code => code.includes('BILLING_URL'))
  expect(branch).toBe(read('pipelines/examples/urgent-billing.ts'))
  expect(branch!.trimEnd().split('\n').length).toBeLessThanOrEqual(15)
  expect(read('test/newcomer/branch.slow.test.ts')).toContain(config)
})

test('every npm script, command and room that the README names is there', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  for (const [, script] of readme.matchAll(/npm run ([a-z:-]+)/g)) expect(scripts).toHaveProperty(script!)
  const commands = read('runners/cli/main.ts')
  for (const [, command] of readme.matchAll(/npx franz ([a-z]+)/g))
    expect(commands).toMatch(new RegExp(`^ {2}${command}: |name === '${command}'`, 'm'))
  for (const [, room] of readme.matchAll(/^\| `([a-z]+\/)` \|/gm))
    expect(existsSync(fileURLToPath(new URL(room!, root)))).toBe(true)
})
