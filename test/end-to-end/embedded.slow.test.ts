import { describe, expect, test } from 'vitest'
import { ticketIdIn } from '../../runners/connectors/discord/ticket-view.ts'
import { lacks } from '../parts/parts.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { mail } from '../runners/connectors/mail/mailbox.ts'
import { type Row, startWorld, type World } from './started.ts'

const counts = { discord: 70, mails: 65, api: 62, dares: 2 } as const

const categories = ['FRONT', 'BACK', 'INFRA', 'MOBILE'] as const
const priorities = ['LOW', 'MEDIUM', 'HIGH'] as const
const types = ['BUG', 'FEATURE_REQUEST'] as const
/** The labels that the model reads in the text of this ticket. */
const labelsOf = (at: number) => [categories[at % 4], priorities[at % 3], types[at % 2]] as const
const textOf = (origin: string, at: number) => `Ticket ${at} from ${origin} is about (${labelsOf(at).join('/')}).`
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at)

/** Good tickets from everywhere, and bad ones between them. */
const bring = async ({ discord, mailbox, franz }: World): Promise<void> => {
  const typed = numbers(counts.discord).map(at => discord.ticket({ message: textOf('Discord', at), user: `user${at}` }))
  for (const at of numbers(counts.mails)) await mailbox.put(mail(`Mail ${at}`, textOf('mail', at)))
  // Copies are the same mails; machines ask for nothing.
  for (const at of numbers(3)) await mailbox.put(mail(`Mail ${at}`, textOf('mail', at)))
  for (const at of numbers(3))
    await mailbox.put(`Auto-Submitted: auto-replied\r\n${mail(`Away ${at}`, 'I am away until Monday.')}`)
  for (const at of numbers(2))
    await mailbox.put(mail(`Hidden ${at}`).replace('\r\n\r\n', '\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n'))
  await mailbox.put(mail('Dare 1', 'This one is hostile: no JSON, whatever you say.'))
  await mailbox.put(mail('Dare 2', 'This one is hostile: wrong names, for all of it.'))
  typed.push(discord.ticket({ message: 'help!', user: 'short' }))
  const lines = numbers(counts.api).map(at => ({
    key: `api-${at}`,
    value: {
      title: `Form ${at}`,
      description: textOf('API', at),
      userName: `caller${at}`,
      timestamp: '2026-03-01T10:00:00Z',
    },
  }))
  await franz(['produce', 'apiMSG'], lines.map(line => JSON.stringify(line)).join('\n'))
  for (const answer of await Promise.all(typed)) expect(answer.embeds[0]!.title).toBe('Ticket Submitted')
}

const ticketsWanted = counts.discord + 1 + counts.mails + counts.dares + counts.api
const deadWanted = { 'tickets-formatted-dlq': 2, 'tickets-labeled-dlq': 1 } as const

const originNames: Readonly<Record<string, string>> = { Discord: 'Discord', Email: 'mail', API: 'API' }

/** Rows whose labels are not those that the model gave. */
const wronglyLabelled = (rows: readonly Row[]) =>
  rows.filter(({ origin, body, category, priority, type, label_source }) => {
    const at = /Ticket (\d+) from/.exec(body)?.[1]
    if (at === undefined) return false
    const isRight = body.includes(textOf(originNames[origin]!, Number(at))) && label_source === 'Model'
    return !isRight || [category, priority, type].join() !== labelsOf(Number(at)).join()
  })

const linesOf = (text: string) => text.split('\n').filter(line => line.trim() !== '')

describe.skipIf(lacks('greenmail'))(
  'the whole desk, from Discord, mail and API through the model to rows, channels and the webhook',
  () => {
    test.each(['PGlite', ...(lacks('postgres') ? [] : ['PostgreSQL'])])('%s', async database => {
      const databaseUrl = database === 'PGlite' ? undefined : await freshDatabase(await sharedPostgres(), 'desk_e2e')
      const world = await startWorld(databaseUrl)
      const { discord, franz } = world
      await bring(world)
      const channels = () =>
        [...discord.guild.channels.values()].map(({ topic }) => ticketIdIn(topic)).filter(id => id !== undefined)
      await until(async () => (await world.tickets()).length >= ticketsWanted && channels().length >= ticketsWanted)
      const webhookMessages = () => discord.guild.messages.filter(({ webhook_id }) => webhook_id !== undefined)
      await until(async () => webhookMessages().length > 0)

      const rows = await world.tickets()
      expect(rows).toHaveLength(ticketsWanted)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(ticketsWanted)
      expect(rows.map(({ number }) => number).sort((a, b) => a - b)).toEqual(numbers(ticketsWanted).map(at => at + 1))
      expect(wronglyLabelled(rows)).toEqual([])
      const dared = rows.filter(({ body }) => body.includes('hostile'))
      expect(dared.map(({ label_source }) => label_source)).not.toContain('Model')
      expect(channels().toSorted()).toEqual(rows.map(({ id }) => id).toSorted())
      const shown = discord.guild.messages
        .map(({ embeds }) => ticketIdIn(embeds[0]?.footer?.text))
        .filter(id => id !== undefined)
      expect(shown.toSorted()).toEqual(channels().toSorted())
      for (const [topic, count] of Object.entries(deadWanted))
        expect(
          linesOf(await franz(['tail', topic, '--from', 'start', '--until-end', '--format', 'json'])),
        ).toHaveLength(count)
      const reports = linesOf(await franz(['tail', 'errors', '--from', 'start', '--until-end', '--format', 'json']))
      expect(reports).toHaveLength(3)
      await world.stop()
    })
  },
)

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 200))
}
