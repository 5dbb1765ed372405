import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ownerOf } from '../../../../dashboards/api/http/tokens.ts'
import { callOf } from '../../../../runners/cli/command.ts'
import { dashboardFlags, dashboardOptions } from '../../../../runners/cli/desk/dashboard-flags.ts'
import { tokenCommand } from '../../../../runners/cli/desk/token-command.ts'

let data: string
let said: string[]

beforeEach(() => {
  data = join(mkdtempSync(join(tmpdir(), 'franz-tokens-')), 'data')
  said = []
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation(text => void said.push(text))
})
afterEach(() => vi.restoreAllMocks())

const token = (words: string, env = {}) =>
  tokenCommand.run(callOf(tokenCommand, [...words.split(' '), '--data', data], env))

const served = (env: NodeJS.ProcessEnv, ...args: string[]) => {
  const flags = { ...dashboardFlags, data: { type: 'string', says: '' } as const }
  return dashboardOptions(callOf({ usage: '', says: '', flags, run: async () => {} }, [...args, '--data', data], env))
}

test('a token is shown once, and what is kept of it lets it in until it is taken back', async () => {
  const { tokens } = served({})
  expect(tokens()).toEqual([])
  await token('create ada --role write')
  const secret = said[0]!
  expect(ownerOf(secret, tokens())).toMatchObject({ name: 'ada', role: 'write' })
  const file = join(data, 'tokens')
  expect(readFileSync(file, 'utf8')).not.toContain(secret)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  await token('create bob --role read')
  await token('revoke ada')
  expect(tokens().map(({ name }) => name)).toEqual(['bob'])
  said.length = 0
  await token('list')
  expect(said.join('\n')).toMatch(/^bob +read/)
})

test.each([
  ['create ada', 'say what it may: --role read or write or admin'],
  ['create ada --role root', '--role takes read, write, admin, not "root"'],
  ['create a:b --role read', 'is no name for a token'],
  ['create --role read', 'name one token to create'],
  ['revoke nobody', 'there is no token "nobody"'],
  ['lend ada', 'token can create, list and revoke, not "lend"'],
])('%s is refused in words', async (words, reason) => {
  await expect(token(words)).rejects.toThrow(reason)
})

test('two tokens never have one name', async () => {
  await token('create ada --role read')
  await expect(token('create ada --role admin')).rejects.toThrow('there is a token "ada" already')
})

test('hosts, origins, limits and the role come by flags and their twins, and tokens also from the environment', () => {
  const hash = 'a'.repeat(64)
  const env = { FRANZ_ALLOW_ORIGIN: 'https://a.example, https://b.example', FRANZ_API_TOKENS: `ci:read:${hash}` }
  const options = served(
    env,
    '--allow-host',
    'desk.example',
    '--database-role',
    'franz_reader',
    '--reads-per-minute',
    '9',
  )
  expect(options).toMatchObject({
    hosts: ['desk.example'],
    origins: ['https://a.example', 'https://b.example'],
    databaseRole: 'franz_reader',
    readsPerMinuteMax: 9,
  })
  expect(options.tokens()).toEqual([{ name: 'ci', role: 'read', hash }])
  expect(() => served({ FRANZ_ALLOW_ORIGIN: 'a.example/' })).toThrow('--allow-origin takes origins such as')
  expect(() => served({ FRANZ_ALLOW_HOST: 'a.example:80' })).toThrow('without scheme and port')
  expect(() => served({ FRANZ_DATABASE_ROLE: 'a b' })).toThrow('--database-role takes the name of a role')
  expect(() => served({ FRANZ_API_TOKENS: 'nonsense' })).toThrow('FRANZ_API_TOKENS: token 1 is not written')
})
