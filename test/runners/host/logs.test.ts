import { expect, test } from 'vitest'
import { Logs, redactor, secretsOf } from '../../../runners/host/index.ts'

const env = {
  DISCORD_TOKEN: 'canary-discord-0001',
  FRANZ_REGISTRY_PASSWORD: 'canary/regi+stry 0002',
  DATABASE_URL: 'postgres://desk:canary-postgres-0003@db:5432/desk',
  IMAP_PASS: 'canary"quoted\\0004',
  PROXY: 'http://user:canary%2Fproxy-0005@proxy:3128',
  OPENAI_API_KEY: 'canary-key-0006',
  HOME: '/root',
  SHORT_TOKEN: 'abc',
}

const lines = (format: 'text' | 'json', level: 'debug' | 'info' = 'info') => {
  const written: string[] = []
  const logs = new Logs({ level, format, secrets: secretsOf(env), write: line => written.push(line) })
  return { logs, written }
}

/** The canaries, in every form in which one may come into a text. */
const canaries = [
  ...[
    'canary-discord-0001',
    'canary/regi+stry 0002',
    'canary-postgres-0003',
    'canary"quoted\\0004',
    'canary/proxy-0005',
  ],
  'canary-key-0006',
].flatMap(secret => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64'),
  JSON.stringify(secret).slice(1, -1),
])

test.each(['text', 'json'] as const)(
  'no secret of the environment is in a line of %s, whatever form it has',
  format => {
    const { logs, written } = lines(format)
    for (const canary of canaries) {
      logs.say('info', `connecting with ${canary}`, { options: { password: canary }, url: `https://${canary}@host/` })
      logs.observer('desk').failed?.(`map ${canary}`, 'dead letter', new Error(`refused: ${canary}`))
      logs.observer('desk').note?.('error', 'away', { error: new Error(canary) })
    }
    logs.say('info', 'authorization: Bearer abcdef123456, Basic dXNlcjpwYXNz, postgres://u:never-told-before@h/d')
    const all = written.join('')
    expect(all).toContain('[redacted]')
    for (const canary of canaries) expect(all).not.toContain(canary)
    expect(all).not.toMatch(/abcdef123456|dXNlcjpwYXNz|never-told-before/)
  },
)

test('what is no secret stays: short values, other settings, and the rest of an address', () => {
  const redact = redactor(secretsOf(env))
  expect(redact('abc /root db:5432')).toBe('abc /root db:5432')
  expect(redact('postgres://desk:other-password@db:5432/desk')).toBe('postgres://[redacted]@db:5432/desk')
})

test('line ends and the orders of a terminal, brought by a record, are shown and not obeyed', () => {
  for (const format of ['text', 'json'] as const) {
    const { logs, written } = lines(format)
    logs.observer('desk').note?.('warn', 'bad\nINFO: all is well\u001b[2J', { topic: 'a\r\nb' })
    expect(written).toHaveLength(1)
    for (const control of ['\n', '\r', '\u001b']) expect(written[0]!.trimEnd()).not.toContain(control)
    expect(written[0]).toContain('u000aINFO')
  }
})

test('failures of one kind are told once and counted, and a flood leaves room for the rest', () => {
  const { logs, written } = lines('json')
  const observer = logs.observer('desk')
  for (let at = 0; at < 1_000; at++) observer.failed?.('map 1', 'dead letter', new Error(`record ${at}`))
  expect(written).toHaveLength(1)
  observer.failed?.('map 2', 'skip', new Error('another kind'))
  observer.failed?.('map 1', 'fail', new Error('the end'))
  expect(written.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'record 0',
    'another kind',
    'the end',
  ])
  for (let at = 0; at < 1_000; at++) logs.say('info', `line ${at}`)
  // A second may begin anywhere among these.
  expect(written.length).toBeLessThan(3 + 2 * 50 + 2)
})

test('JSON lines carry level, time, topology and what was said', () => {
  const { logs, written } = lines('json', 'debug')
  logs.observer('desk').committed?.({ appends: 1, changes: 2, tookMs: 3 })
  expect(JSON.parse(written[0]!)).toMatchObject({
    level: 20,
    msg: 'committed',
    topology: 'desk',
    appends: 1,
    time: expect.stringMatching(/^\d{4}-/),
  })
})
