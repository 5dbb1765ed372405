import { afterEach, beforeEach, expect, test } from 'vitest'
import { type DiscordDouble, startDiscord } from '../../../doubles/discord/index.ts'
import { Export, ticket } from './tickets.ts'

let discord: DiscordDouble
let bugs: string
let wishes: string

beforeEach(async () => {
  discord = await startDiscord()
  bugs = discord.guild.addCategory('Bugs of ours')
  wishes = discord.guild.addCategory('Wishes')
})
afterEach(() => discord.stop())

const categories = () => ({ bug: bugs, featureRequest: wishes })
const texts = () => [...discord.guild.channels.values()].filter(({ type }) => type === 0)
const threads = () => [...discord.guild.channels.values()].filter(({ type }) => type === 11)
const named = (name: string) => [...discord.guild.channels.values()].find(channel => channel.name === name)
const requests = (pattern: RegExp) => discord.asked.filter(({ method, path }) => pattern.test(`${method} ${path}`))

test('a ticket becomes a channel in the category of its type, with one coloured message that shows it', async () => {
  const out = new Export(discord, { categories: categories() })
  const bug = ticket({ number: 7n, contact: 'Jürgen Groß <jg@example.org>', body: '**x** @everyone [a](http://b)' })
  const wish = ticket({ type: 'Feature Request', priority: 'low', number: 8n })
  const other = ticket({ type: 'QUESTION', priority: 'NULL', number: null, id: '3b241101-e2bb-4255-8caf-4136c566a962' })
  const delivery = await out.deliver([bug, wish, other])
  expect(texts().map(({ name, parent_id }) => [name, parent_id])).toEqual([
    ['infra-high-jurgen-gross-7', bugs],
    ['infra-low-ada-example-8', wishes],
    ['infra-null-ada-example-3b241101', named('Tickets')!.id],
  ])
  expect(texts()[0]!.topic).toContain(bug.id)
  const [message] = discord.guild.messages
  expect(message).toMatchObject({ channel_id: texts()[0]!.id, allowed_mentions: { parse: [] }, content: '' })
  expect(message!.embeds[0]).toMatchObject({ title: '#7 Printer', color: 0xed4245 })
  expect(message!.embeds[0]!.fields!.map(({ name }) => name)).toEqual([
    'Contact',
    'Origin',
    'Category',
    'Priority',
    'Type',
    'Date',
    'Message',
  ])
  expect(message!.embeds[0]!.fields!.at(-1)!.value).toBe('\\*\\*x\\*\\* @everyone \\[a](http://b)')
  expect(discord.guild.messages.map(({ embeds }) => embeds[0]!.color)).toEqual([0xed4245, 0x57f287, 0x5865f2])
  expect(delivery!.appends!.map(({ key }) => key)).toEqual([bug.id, wish.id, other.id])
  expect(out.map.get(bug.id)).toMatchObject({ channelId: texts()[0]!.id, messageId: message!.id, thread: false })
})

test('long and strange texts fit: names have 100 letters at most, fields 1,024', async () => {
  const out = new Export(discord)
  await out.deliver([
    ticket({
      contact: 'x'.repeat(300),
      category: 'y'.repeat(300),
      body: '👩‍👩‍👧'.repeat(1_000),
      subject: '*'.repeat(500),
    }),
    ticket({ contact: 'Привет', number: 9n, body: '\u202e', subject: '', priority: '🔥', type: 'BUG' }),
  ])
  expect(texts().map(({ name }) => name.length <= 100 && /^[a-z0-9_-]+$/.test(name))).toEqual([true, true])
  expect(texts()[1]!.name).toBe('infra-unknown-unknown-9')
  const [long] = discord.guild.messages
  // One less where a character of two halves would be cut.
  expect([1_023, 1_024]).toContain(long!.embeds[0]!.fields!.at(-1)!.value.length)
  expect(discord.guild.messages).toHaveLength(2)
})

test('made-up tickets are left out', async () => {
  const out = new Export(discord)
  await out.deliver([ticket({ origin: 'Demo' }), null])
  expect([texts(), discord.asked]).toEqual([[], []])
})

test('after a crash before the commit, what stands on Discord is found and not made again', async () => {
  const out = new Export(discord, { categories: categories() })
  const tickets = [ticket(), ticket({ type: 'FEATURE_REQUEST' })]
  await out.deliver(tickets, 'killed')
  discord.guild.forgetNonces()
  const again = await out.deliver(tickets)
  expect([texts().length, discord.guild.messages.length]).toEqual([2, 2])
  expect(again!.appends).toHaveLength(2)
  out.kill()
  const before = discord.asked.length
  expect((await out.deliver(tickets))!.appends).toEqual([])
  expect(discord.asked).toHaveLength(before)
})

test('a channel that was made though its answer was lost is found, and gets its message', async () => {
  const out = new Export(discord, { categories: categories() })
  const [one] = [ticket()]
  discord.faults.add({ method: 'POST', path: /guilds\/\d+\/channels/, answer: 'served' })
  await expect(out.deliver([one])).rejects.toThrow('Discord cannot be reached')
  expect([texts().length, discord.guild.messages.length]).toEqual([1, 0])
  await out.deliver([one])
  discord.faults.add({ method: 'POST', path: /messages/, answer: 'served' })
  const two = ticket()
  await expect(out.deliver([two])).rejects.toThrow('Discord cannot be reached')
  discord.guild.forgetNonces()
  await out.deliver([two])
  expect([texts().length, discord.guild.messages.length]).toEqual([2, 2])
})

test('what was delivered of a batch before it failed is not lost for the channel map', async () => {
  const out = new Export(discord, { categories: categories() })
  const tickets = [ticket(), ticket(), ticket()]
  discord.faults.add({ method: 'POST', path: /messages/, answer: 503 })
  await expect(out.deliver(tickets)).rejects.toThrow('503')
  const delivery = await out.deliver(tickets)
  expect(delivery!.appends).toHaveLength(3)
  expect([texts().length, discord.guild.messages.length]).toEqual([3, 3])
})

test('limits of Discord are waited for: nothing is lost, and hardly anything refused', async () => {
  discord.limiter.limits.bucket = { requestsMax: 3, windowMs: 200 }
  const out = new Export(discord, { categories: categories() })
  discord.faults.add({ method: 'POST', path: /channels/, answer: 429, retryAfterMs: 300, global: true })
  await out.deliver(Array.from({ length: 12 }, () => ticket()))
  expect([texts().length, discord.guild.messages.length]).toEqual([12, 12])
  // The one of the fault, and those in flight before the first answer told the limits.
  expect(discord.asked.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(4)
})

test('one refusal of the token ends it: it is told in words, and Discord is not asked again', async () => {
  const out = new Export(discord, { token: 'wrong-secret' })
  await expect(out.deliver([ticket()])).rejects.toThrow('Set DISCORD_TOKEN')
  const { length } = discord.asked
  await expect(out.deliver([ticket()])).rejects.toThrow('Set DISCORD_TOKEN')
  out.kill()
  await expect(out.deliver([ticket()])).rejects.toThrow('Set DISCORD_TOKEN')
  expect(discord.asked).toHaveLength(length)
  expect(JSON.stringify(out.told)).not.toContain('wrong-secret')
})

test('a right that is missing is told by its name, and nothing is lost', async () => {
  const out = new Export(discord, { categories: categories() })
  const one = ticket()
  discord.faults.add({ method: 'POST', answer: 403 })
  await expect(out.deliver([one])).rejects.toThrow('give it MANAGE_CHANNELS')
  await out.deliver([one])
  expect(texts()).toHaveLength(1)
})

test('a ticket that Discord will never take is refused with the reason, those behind it go on', async () => {
  const out = new Export(discord, { categories: categories() })
  const [bad, good] = [ticket(), ticket()]
  discord.faults.add({ method: 'POST', path: /guilds/, answer: 400 })
  const { refused, appends } = (await out.deliver([bad, good]))!
  expect(refused).toEqual([
    { record: expect.objectContaining({ key: bad.id }), reason: expect.stringContaining('400') },
  ])
  expect(appends!.map(({ key }) => key)).toEqual([good.id])
})

test('a full category is followed by another one with the same rights', async () => {
  const out = new Export(discord)
  discord.guild.createChannel({ name: 'Bugs', type: 4, permission_overwrites: [{ id: '1', type: 0, deny: '1024' }] })
  await out.deliver(Array.from({ length: 53 }, () => ticket()))
  const [first, second] = [named('Bugs')!, named('Bugs 2')!]
  const held = (id: string) => texts().filter(({ parent_id }) => parent_id === id).length
  expect([held(first.id), held(second.id)]).toEqual([50, 3])
  expect(second.permission_overwrites).toEqual(first.permission_overwrites)
  expect(requests(/POST .*\/channels/).filter(({ status }) => status >= 400)).toEqual([])
})

test('a category that somebody else has filled meanwhile is noticed', async () => {
  const out = new Export(discord)
  await out.deliver([ticket()])
  const { id } = named('Bugs')!
  for (let count = 0; count < 49; count++) discord.guild.createChannel({ name: `theirs-${count}`, parent_id: id })
  await out.deliver([ticket()])
  expect(named('Bugs 2')).toBeDefined()
})

test('beyond the most channels tickets become threads, found again after a crash; a full server blocks nothing', async () => {
  const out = new Export(discord, { channelsMax: 5 })
  const tickets = Array.from({ length: 6 }, () => ticket())
  await out.deliver(tickets, 'killed')
  expect([texts().length, threads().length]).toEqual([3, 4])
  discord.guild.forgetNonces()
  await out.deliver(tickets)
  expect([texts().length, threads().length, discord.guild.messages.length]).toEqual([3, 4, 6])
  expect([...out.map.values()].filter(({ thread }) => thread)).toHaveLength(4)
})

test('where there is no room at all, tickets are refused with the reason and nothing blocks', async () => {
  await discord.stop()
  discord = await startDiscord({ guild: { channelsMax: 3 } })
  const out = new Export(discord)
  for (const name of ['a', 'b', 'c']) discord.guild.createChannel({ name })
  const { refused } = (await out.deliver([ticket(), ticket()]))!
  expect(refused!.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('no room')))
})

test('where no more threads can be open, the message stands alone', async () => {
  await discord.stop()
  discord = await startDiscord({ guild: { activeThreadsMax: 1 } })
  const out = new Export(discord, { channelsMax: 1 })
  await out.deliver([ticket(), ticket()])
  expect([threads().length, discord.guild.messages.length]).toEqual([1, 2])
  expect(out.told.at(-1)!.message).toContain('no thread')
})

test('second channels of a ticket are counted and told', async () => {
  const out = new Export(discord)
  const one = ticket()
  for (const name of ['first', 'second']) discord.guild.createChannel({ name, topic: `Ticket id: ${one.id} · by hand` })
  await out.deliver([one])
  expect(texts()).toHaveLength(2)
  expect(out.told).toContainEqual({ level: 'warn', message: '1 tickets have a second channel on Discord' })
})

test('a category that is not on the server is told once, and one by its usual name is used', async () => {
  const out = new Export(discord, { categories: { bug: '999' } })
  await out.deliver([ticket(), ticket()])
  expect(texts().map(({ parent_id }) => parent_id)).toEqual(Array(2).fill(named('Bugs')!.id))
  expect(out.told.filter(({ message }) => message.includes('999'))).toHaveLength(1)
})
