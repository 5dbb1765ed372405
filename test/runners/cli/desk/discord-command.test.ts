import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { main } from '../../../../runners/cli/main.ts'
import { type DiscordDouble, startDiscord } from '../../../doubles/discord/index.ts'

let discord: DiscordDouble
beforeEach(async () => {
  discord = await startDiscord()
})
afterEach(() => discord.stop())

/** What the command says and how it ends. */
const franz = async (line: string, env: Readonly<Record<string, string>>) => {
  const said: string[] = []
  const speak = (...words: unknown[]) => void said.push(words.join(' '))
  const spies = [
    vi.spyOn(console, 'log').mockImplementation(speak),
    vi.spyOn(console, 'error').mockImplementation(speak),
  ]
  const code = await main(line.split(' '), env)
  for (const spy of spies) spy.mockRestore()
  return { code, says: said.join('\n') }
}
const bot = () => ({ DISCORD_TOKEN: discord.token, DISCORD_API: discord.api })

test('franz discord register registers /ticket for every server, or for one', async () => {
  expect(await franz('discord register', bot())).toMatchObject({
    code: 0,
    says: expect.stringContaining('every server'),
  })
  const one = await franz(`discord register --guild ${discord.guildId}`, {
    ...bot(),
    DISCORD_CLIENT_ID: discord.applicationId,
  })
  expect(one).toMatchObject({ code: 0, says: expect.stringContaining(discord.guildId) })
  expect([...discord.guild.commands.values()].map(({ name, guildId }) => [name, guildId])).toEqual([
    ['ticket', undefined],
    ['ticket', discord.guildId],
  ])
})

test('what is missing or refused is told in words, with the exit code that says so', async () => {
  expect(await franz('discord register', {})).toMatchObject({
    code: 2,
    says: expect.stringContaining('set DISCORD_TOKEN'),
  })
  expect(await franz('discord', bot())).toMatchObject({ code: 2 })
  const wrong = await franz('discord register', { ...bot(), DISCORD_TOKEN: 'wrong-secret' })
  expect(wrong).toMatchObject({ code: 1, says: expect.stringContaining('refuses the token') })
  expect(wrong.says).not.toContain('wrong-secret')
  const away = await franz('discord register', { ...bot(), DISCORD_API: 'http://127.0.0.1:9/api' })
  expect(away).toMatchObject({ code: 4, says: expect.stringContaining('cannot be reached') })
})
