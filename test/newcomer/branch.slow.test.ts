import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { signatureOf } from '../../runners/connectors/webhook/index.ts'
import { startWebhook } from '../doubles/webhook.ts'
import { Program, runs } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const command = join(root, 'bin/franz.mjs')

/** As the README has it. */
const config = `import { signedWebhookSink } from 'franz/connectors/webhook'
import { defineConfig } from 'franz/host'

const { BILLING_URL: url = '', BILLING_SECRET: secret = '' } = process.env
export default defineConfig({ sinks: { billing: signedWebhookSink({ url, secret }) } })
`

test('a branch is written, locked, run beside the desk, and its tickets reach the second webhook, signed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'franz-branch-'))
  copyFileSync(join(root, 'pipelines/examples/urgent-billing.ts'), join(folder, 'urgent-billing.ts'))
  writeFileSync(join(folder, 'franz.config.ts'), config)
  const webhook = await startWebhook()
  onTestFinished(() => webhook.stop())
  const env = { ...process.env, BILLING_URL: webhook.url, BILLING_SECRET: 'shared' }
  const options = { cwd: folder, env }
  await runs('node', [command, 'lock', 'urgent-billing.ts'], options)
  expect(await runs('node', [command, 'diff', 'urgent-billing.ts'], options)).toContain('as locked')

  const desk = new Program('node', [command, 'run', 'desk', '--data', 'data'], options)
  await desk.says(/The desk runs on/)
  const branch = new Program('node', [command, 'run', 'urgent-billing.ts', '--data', 'data'], options)
  await branch.says(/urgent-billing runs on/)
  const value = (description: string) => ({
    title: 'Hello',
    description,
    userName: 'Ada',
    timestamp: '2026-03-01T10:00:00Z',
  })
  const lines = ['Dringend: invoice charged twice, we are blocked', 'The page has a typo'].map((text, at) =>
    JSON.stringify({ key: `t${at}`, value: value(text) }),
  )
  await runs('node', [command, 'produce', 'apiMSG', '--data', 'data'], { ...options, input: lines.join('\n') })
  while (webhook.requests.length === 0) await new Promise(resolve => setTimeout(resolve, 50))
  const [{ headers, text }] = webhook.requests as [(typeof webhook.requests)[number]]
  expect(JSON.parse(text).value).toMatchObject({
    body: 'Dringend: invoice charged twice, we are blocked',
    department: 'Finance',
  })
  expect(headers['x-franz-signature']).toBe(signatureOf('shared', String(headers['x-franz-timestamp']), text))
  for (const program of [branch, desk]) {
    program.signal('SIGTERM')
    expect(await program.ended, program.output).toBe(0)
  }
  expect(webhook.requests).toHaveLength(1)
})
