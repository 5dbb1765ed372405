import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import etikett from '../../../../pipelines/desk/etikett.ts'
import { profileDefault, profiles } from '../../../../pipelines/desk/taxonomy/profiles.ts'
import { keywordLabeller } from '../../../../runners/cli/desk/labeller.ts'
import { renamedLog } from '../../../../runners/cli/desk/renamed-log.ts'
import { seedBrokers, seedFailures, seedNames } from '../../../../runners/cli/desk/seed-names.ts'
import { deskSettings, unbound } from '../../../../runners/cli/desk/settings.ts'
import { EmbeddedLog } from '../../../../runners/embedded/log.ts'
import { run } from '../../../../runners/host/index.ts'
import { memoryRegistry } from '../../../../schemas/index.ts'

describe('the environment', () => {
  test('connects nothing by itself, and says what to set for each part of the world', () => {
    const settings = deskSettings({})
    expect(settings).toMatchObject({ discord: undefined, mail: undefined, model: undefined, taxonomy: profileDefault })
    expect(unbound(settings).map(([, set]) => set.split(/[ ,]/)[0])).toEqual([
      'DISCORD_TOKEN',
      'DISCORD_TOKEN',
      'IMAP_SERVER',
      'OLLAMA_MODEL',
      'DATABASE_URL',
      'DISCORD_WEBHOOK_URL',
    ])
  })

  test('is read by the names of the seeds, with their defaults', () => {
    const settings = deskSettings({
      ...{ IMAP_SERVER: 'mail.example.org', IMAP_USER: 'u', IMAP_PASS: 'p', DISCORD_TOKEN: 't', DISCORD_GUILD_ID: 'g' },
      ...{ OLLAMA_BASE_URL: 'http://ollama:11434', OLLAMA_TEMPERATURE: '0.2', POSTGRES_DSN: 'postgres://db/desk' },
      ...{ DISCORD_CATEGORY_BUG_ID: 'b', DISCORD_WEBHOOK_URL: 'https://discord.example/w' },
    })
    expect(settings.mail).toEqual({
      host: 'mail.example.org',
      port: 993,
      user: 'u',
      pass: 'p',
      oauth: undefined,
      secure: true,
      pollMs: 10_000,
    })
    const oauth = deskSettings({
      ...{ IMAP_SERVER: 'imap.gmail.com', IMAP_USER: 'u', IMAP_OAUTH_URL: 'https://oauth.example/token' },
      ...{ IMAP_OAUTH_CLIENT_ID: 'c', IMAP_OAUTH_REFRESH_TOKEN: 'r' },
    })
    expect(oauth.mail).toMatchObject({ pass: undefined, oauth: { clientId: 'c', refreshToken: 'r' } })
    expect(settings.model).toMatchObject({ server: 'ollama', model: 'llama3.1', temperature: 0.2, tokensMax: 256 })
    expect(settings).toMatchObject({ databaseUrl: 'postgres://db/desk', discordExport: { guildId: 'g', bugs: 'b' } })
    expect(unbound(settings)).toEqual([])
    expect(deskSettings({ DB_HOST: 'db', DB_NAME: 'desk', DB_USER: 'me', DB_PASS: 'a/b' }).databaseUrl).toBe(
      'postgres://me:a%2Fb@db:5432/desk',
    )
  })

  test.each([
    [{ IMAP_SERVER: 'm' }, 'IMAP_USER and IMAP_PASS must be'],
    [{ IMAP_SERVER: 'm', IMAP_USER: 'u', IMAP_OAUTH_CLIENT_ID: 'c' }, 'OAuth2 takes IMAP_OAUTH_URL'],
    [{ OLLAMA_TEMPERATURE: 'warm' }, 'OLLAMA_TEMPERATURE is "warm", which is no number from 0 to 2'],
    [{ IMAP_SERVER: 'm', IMAP_USER: 'u', IMAP_PASS: 'p', IMAP_PORT: '99999' }, 'IMAP_PORT is "99999"'],
    [
      { FRANZ_TAXONOMY: 'none-such' },
      'Profiles are issue-tracking, customer-support, service-desk, event-registration',
    ],
  ])('%o is refused by the name of the variable', (env, says) => {
    expect(() => deskSettings(env)).toThrow(says)
  })

  test("a taxonomy is one of four profiles, or a file of one's own", () => {
    for (const { name } of profiles) expect(deskSettings({ FRANZ_TAXONOMY: name }).taxonomy.name).toBe(name)
    const file = join(mkdtempSync(join(tmpdir(), 'franz-taxonomy-')), 'own.json')
    writeFileSync(file, JSON.stringify({ ...profileDefault, name: 'own' }))
    expect(deskSettings({ FRANZ_TAXONOMY: file }).taxonomy.name).toBe('own')
    writeFileSync(file, JSON.stringify({ ...profileDefault, type: { values: [] } }))
    expect(() => deskSettings({ FRANZ_TAXONOMY: file })).toThrow('has no field "type" of the shape')
  })
})

describe('names of the seeds for topics and groups', () => {
  test('count for one service alone, for each meant another topic by them', () => {
    const env = { KAFKA_TOPIC: 'mine', KAFKA_TOPIC_INPUT: 'in', KAFKA_CONSUMER_GROUP_ID: 'g', KAFKA_BROKER: 'k:9092' }
    expect(seedNames(env, ['etikett'])).toEqual({
      topics: new Map([['tickets-formatted', 'in']]),
      groups: new Map([['etikett', 'g']]),
    })
    expect([...seedNames(env, ['discord-kummerkasten']).topics]).toEqual([['discordMSG', 'mine']])
    expect([...seedNames(env, ['postgres-exportdienst']).topics]).toEqual([['tickets-labeled', 'mine']])
    for (const only of [[], ['etikett', 'absturz'], ['akte']]) expect(seedNames(env, only).topics.size).toBe(0)
    expect(seedBrokers(env)).toBe('k:9092')
    expect(() => seedNames({ KAFKA_CONSUMER_AUTO_OFFSET_RESET: 'latest' }, ['etikett'])).toThrow(
      'begins at the earliest',
    )
    expect(() => seedNames({ KAFKA_TOPIC: 'a,b' }, ['discord-kummerkasten'])).toThrow('takes the name of one topic')
    expect(seedFailures({ KAFKA_TOPICS: 'a-dlq, b-dlq,a-dlq' }, ['absturz'])).toEqual(['a-dlq', 'b-dlq'])
    expect(seedFailures({ KAFKA_TOPICS: 'a,b' }, [])).toEqual([])
    expect(() => seedFailures({ KAFKA_TOPICS: 'a, b c' }, ['absturz'])).toThrow('KAFKA_TOPICS has "b c"')
  })

  test('a topology works on topics of other names without knowing of it', async () => {
    const log = EmbeddedLog.open(mkdtempSync(join(tmpdir(), 'franz-renamed-')))
    const names = seedNames({ KAFKA_TOPIC_DLQ: 'my-dlq', KAFKA_TOPIC_INPUT: 'my-input' }, ['etikett'])
    const running = await run(etikett, {
      log: renamedLog(log, names),
      registry: memoryRegistry(),
      calls: { label: keywordLabeller(profileDefault) },
      partitions: 1,
    })
    onTestFinished(async () => {
      await running.stop()
      await log.close()
    })
    log.append([
      {
        to: { topic: 'my-input', partition: 0 },
        records: [{ key: Buffer.from('k'), value: Buffer.from('no Avro'), timestamp: 1, headers: [] }],
      },
    ])
    while (log.topics.end({ topic: 'my-dlq', partition: 0 }) === 0)
      await new Promise(resolve => setTimeout(resolve, 10))
    expect(await log.topic('tickets-labeled-dlq')).toBeUndefined()
    const { records } = await log.read({ topic: 'my-dlq', partition: 0 }, 0, 10)
    expect(records.map(({ value }) => Buffer.from(value!).toString())).toEqual(['no Avro'])
  })
})
