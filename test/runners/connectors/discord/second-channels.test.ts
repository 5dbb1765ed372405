import { expect, test } from 'vitest'
import { ticketIdIn } from '../../../../runners/connectors/discord/ticket-view.ts'
import { startDiscord } from '../../../doubles/discord/index.ts'
import { Export, ticket } from './tickets.ts'

test('wherever answers are lost and processes die, no ticket has a second channel or message', async () => {
  const discord = await startDiscord()
  const out = new Export(discord)
  const types = ['BUG', 'FEATURE_REQUEST', 'unlabelled']
  const tickets = Array.from({ length: 120 }, (_, at) =>
    ticket({ type: types[at % 3]!, priority: at % 3 === 2 ? 'unlabelled' : 'LOW' }),
  )
  for (let from = 0; from < tickets.length; from += 12) {
    const batch = tickets.slice(from, from + 12)
    for (let time = 0; time < 4; time++) {
      const pattern = [/guilds\/\d+\/channels/, /messages/][time % 2]!
      discord.faults.add({ method: 'POST', path: pattern, answer: 'served' })
      await out.deliver(batch, 'killed').catch(() => out.kill())
      discord.guild.forgetNonces()
    }
    discord.faults.clear()
    // The client may still find a connection that was cut: then the host would come again, too.
    await out.deliver(batch).catch(() => out.deliver(batch))
  }
  const ids = [...discord.guild.channels.values()].flatMap(({ topic }) => ticketIdIn(topic) ?? [])
  expect(ids.length).toBe(tickets.length)
  expect(discord.guild.messages.length).toBe(tickets.length)
  await discord.stop()
}, 60_000)
