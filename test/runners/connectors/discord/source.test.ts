import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type DiscordMessage,
  type DiscordSourceOptions,
  discordSource,
} from '../../../../runners/connectors/discord/index.ts'
import type { Opened } from '../../../../topology/ports/connectors.ts'
import { type DiscordDouble, snowflake, startDiscord } from '../../../doubles/discord/index.ts'
import { MemoryFeed } from '../feed.ts'

let discord: DiscordDouble
let feed: MemoryFeed<string, DiscordMessage>
let opened: Opened | undefined

beforeEach(async () => {
  discord = await startDiscord()
  feed = new MemoryFeed()
})
afterEach(async () => {
  await opened?.close()
  opened = undefined
  await discord.stop()
})

const options = (more: Partial<DiscordSourceOptions> = {}): DiscordSourceOptions => ({
  ...{ token: discord.token, api: discord.api, guildId: discord.guildId, cooldownMs: 0 },
  ticketIdOf: id => `ticket-of-${id}`,
  ...more,
})
const open = async (more: Partial<DiscordSourceOptions> = {}) => {
  opened = await discordSource(options(more)).open(feed)
}

test('a user who types /ticket is answered alone, in green and with the number, once the record is in the log', async () => {
  const kept: string[] = []
  await open({
    numberOf: async ticketId => {
      kept.push(ticketId)
      return 42
    },
  })
  feed.before = async () => expect(reply.replies).toEqual([])
  const id = snowflake()
  const reply = discord.type({ message: 'The printer is **on fire**', user: 'ada', id })
  const { embeds, ephemeral, afterMs } = await reply.shown('Ticket Submitted', 'Submission Failed')
  expect([embeds[0]!.title, embeds[0]!.color, ephemeral]).toEqual(['Ticket Submitted', 0x57f287, true])
  expect(embeds[0]!.fields).toEqual([{ name: 'Ticket', value: '#42', inline: true }])
  expect(embeds[0]!.description).toBe('The printer is \\*\\*on fire\\*\\*')
  expect(afterMs).toBeLessThan(3_000)
  expect(kept).toEqual([`ticket-of-${id}`])
  expect(feed.records).toEqual([
    {
      key: id,
      value: {
        ...{ message: 'The printer is **on fire**', username: 'ada', interactionId: id },
        ...{ guildId: discord.guildId, channelId: '300', locale: 'en-GB', userId: expect.stringMatching(/^\d+$/) },
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      },
    },
  ])
})

test('the command is registered at start, for the one server, with one required text', async () => {
  await open()
  const [command] = discord.guild.commands.values()
  expect([command!.name, command!.guildId]).toEqual(['ticket', discord.guildId])
  expect(command!.options).toEqual([
    expect.objectContaining({ name: 'message', type: 3, required: true, max_length: 4_000 }),
  ])
})

test('where no number comes in two seconds, the ticket is named by the beginning of its id', async () => {
  let gaveUp = false
  await open({
    ticketIdOf: () => '3b241101-e2bb-4255-8caf-4136c566a962',
    numberOf: (_id, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          gaveUp = true
        })
      }),
  })
  const { embeds, afterMs } = await discord.ticket({ message: 'No network since noon' })
  expect(embeds[0]!.fields![0]!.value).toBe('3b241101')
  expect(afterMs).toBeGreaterThanOrEqual(1_900)
  expect(gaveUp).toBe(true)
})

test('a user reads a friendly failure where the log refuses, and may try again at once', async () => {
  await open({ cooldownMs: 60_000 })
  feed.before = async () => {
    throw new Error('the disk is full at /secret/place')
  }
  const { embeds, ephemeral } = await discord.ticket({ message: 'My mouse is dead' })
  expect([embeds[0]!.title, embeds[0]!.color, ephemeral]).toEqual(['Submission Failed', 0xed4245, true])
  expect(embeds[0]!.description).toContain('Please try again')
  expect(embeds[0]!.description).not.toContain('secret')
  expect(feed.told).toContainEqual({ level: 'error', message: expect.stringContaining('the disk is full') })
  feed.before = async () => {}
  expect((await discord.ticket({ message: 'My mouse is dead' })).embeds[0]!.title).toBe('Ticket Submitted')
  expect(feed.records).toHaveLength(1)
})

test('an interaction that Discord sends twice is filed once', async () => {
  await open()
  const id = snowflake()
  const first = discord.ticket({ message: 'Once only', id })
  discord.type({ message: 'Once only', id })
  await first
  await discord.ticket({ message: 'After it', user: 'bob' })
  expect(feed.records.map(({ value }) => value!.message)).toEqual(['Once only', 'After it'])
})

test('one user waits between two tickets, another does not; nothing is filed of what is too long or empty', async () => {
  await open({ cooldownMs: 60_000, lengthMax: 20 })
  const titles: string[] = []
  const said = async (message: string, user: string) => {
    const { embeds, ephemeral } = await discord.ticket({ message, user })
    titles.push(`${ephemeral} ${embeds[0]!.title}: ${embeds[0]!.description}`)
  }
  await said('First of Ada', 'ada')
  await said('Second of Ada', 'ada')
  await said('First of Bob', 'bob')
  await said('x'.repeat(21), 'eve')
  await said('   ', 'eve')
  expect(titles).toEqual([
    'true Ticket Submitted: First of Ada',
    expect.stringMatching(/^true Submission Failed: You have just filed a ticket. Please wait (60|59) s/),
    'true Ticket Submitted: First of Bob',
    'true Submission Failed: The message has 21 characters; 20 are taken. Please shorten it.',
    'true Submission Failed: The message is empty. Please write what is wrong.',
  ])
  expect(feed.records).toHaveLength(2)
})

test('after a lost connection what was typed meanwhile is filed', async () => {
  await open()
  await discord.ticket({ message: 'Before' })
  discord.gateway.disconnect()
  const meanwhile = discord.type({ message: 'Meanwhile', user: 'bob' })
  await discord.until(() => discord.gateway.seen.resumed === 1)
  await feed.until(() => feed.records.length === 2)
  expect(feed.records[1]!.value!.message).toBe('Meanwhile')
  await meanwhile.shown('Ticket Submitted')
  discord.gateway.askToReconnect()
  await discord.until(() => discord.gateway.seen.resumed === 2)
  await discord.ticket({ message: 'After', user: 'eve' })
  expect(feed.records).toHaveLength(3)
})

test('a connection that answers no heartbeat is made anew', async () => {
  discord.gateway.heartbeatIntervalMs = 100
  discord.gateway.answersHeartbeats = false
  await open()
  await discord.until(() => discord.gateway.seen.resumed > 0)
  discord.gateway.answersHeartbeats = true
  await discord.ticket({ message: 'Still here' })
  expect(feed.records).toHaveLength(1)
})

test('a refused token is told in words, and Discord is not asked a second time', async () => {
  const source = discordSource(options({ token: 'wrong-secret-token' }))
  await expect(source.open(feed)).rejects.toThrow('Set DISCORD_TOKEN')
  const { length } = discord.asked
  await expect(source.open(feed)).rejects.toThrow('Set DISCORD_TOKEN')
  expect(discord.asked).toHaveLength(length)
  expect(JSON.stringify(feed.told)).not.toContain('wrong-secret-token')
})

test('a command that cannot be registered now does not keep users from filing', async () => {
  discord.faults.add({ path: /commands/, answer: 503 })
  await open()
  expect(feed.told).toContainEqual({ level: 'warn', message: expect.stringContaining('503') })
  expect((await discord.ticket({ message: 'Filed all the same' })).embeds[0]!.title).toBe('Ticket Submitted')
})

test('closing waits for what is being filed, and answers what comes then', async () => {
  await open()
  let release = () => {}
  feed.before = () =>
    new Promise(resolve => {
      release = resolve
    })
  const filed = discord.ticket({ message: 'Just before the end' })
  await discord.until(() => discord.asked.some(({ path }) => path.includes('/callback')))
  const closed = opened!.close()
  const late = await discord.ticket({ message: 'Too late', user: 'bob' })
  expect(late.embeds[0]!.description).toContain('being restarted')
  release()
  expect((await filed).embeds[0]!.title).toBe('Ticket Submitted')
  await closed
  await discord.until(() => !discord.gateway.connected)
  expect(feed.records).toHaveLength(1)
})
