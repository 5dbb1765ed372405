import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { TopicWriter } from '../../runners/cli/desk/writer.ts'
import { apiMessages } from '../../schemas/desk/topics.ts'
import { dataRegistry } from '../../schemas/index.ts'
import type { Reply } from '../doubles/discord/index.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { openMailbox } from '../runners/connectors/mail/mailbox.ts'
import { about, openKafka, startAround, startDesk, until } from './world.ts'

const counts = { discord: 80, mail: 60, api: 56, short: 4, malformed: 6 } as const
const tickets = counts.discord + counts.mail + counts.api + counts.short

const atOnce = 4

const categories = ['FRONT', 'BACK', 'INFRA', 'MOBILE'] as const
const priorities = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const
const types = ['BUG', 'FEATURE_REQUEST'] as const
const bodyOf = (origin: string, at: number): string =>
  `${origin} ticket ${at}, ${about(categories[at % 4]!, priorities[Math.floor(at / 4) % 4]!, types[at % 2]!)}`

const mailText = (at: number): string =>
  `From: Ada ${at} <ada${at}@example.org>\r\nTo: desk@example.com\r\nSubject: Mail ${at}\r\nMessage-ID: <m${at}@example.org>\r\nDate: Tue, 14 Oct 2025 09:30:00 +0200\r\n\r\n${bodyOf('mail', at)}\r\n`

test('200 tickets by way of Kafka and PostgreSQL: each is labelled, in the table once and in a channel once, and what is bad is told', async () => {
  const around = await startAround()
  const opened = await openKafka((await sharedKafka()).bootstrap)
  onTestFinished(() => opened.close())
  const data = mkdtempSync(join(tmpdir(), 'franz-desk-'))
  const { desk, said } = await startDesk(
    opened,
    { ...around.env, DATABASE_URL: await freshDatabase(await sharedPostgres(), 'desk') },
    data,
  )

  // Discord, by users who type; mails in a mailbox; tickets over HTTP; and what is no ticket at all.
  const mailbox = await openMailbox(around.mail)
  onTestFinished(() => mailbox.close())
  const registry = await dataRegistry(data)
  onTestFinished(() => registry.close())
  const writer = new TopicWriter(opened.log, opened.operations, registry.registry)
  const typed = async (): Promise<Reply[]> => {
    const replies: Reply[] = []
    const messages = Array.from({ length: counts.discord + counts.short }, (_, at) =>
      at < counts.discord ? bodyOf('discord', at) : 'help!',
    )
    // A few at a time, as people do: whoever is not answered within three seconds would have to type again.
    for (let at = 0; at < messages.length; at += atOnce)
      replies.push(
        ...(await Promise.all(
          messages
            .slice(at, at + atOnce)
            .map((message, next) => around.discord.ticket({ user: `user${at + next}`, message })),
        )),
      )
    return replies
  }
  await around.discord.until(() => around.discord.gateway.connected)
  const replies = typed()
  for (let at = 0; at < counts.mail; at++) await mailbox.put(mailText(at))
  const timestamp = new Date().toISOString()
  for (let at = 0; at < counts.api; at++)
    await writer.append(apiMessages, `api-${at}`, {
      ...{ title: `T${at}`, description: bodyOf('api', at), userName: 'Ada', timestamp },
    })
  for (let at = 0; at < counts.malformed; at++) {
    const record = {
      key: Buffer.from(`bad${at}`),
      value: Buffer.from('{"message":'),
      timestamp: Date.now(),
      headers: [],
    }
    await opened.operations.append([{ topic: at % 2 ? 'discordMSG' : 'mailMSG', partition: at % 4, records: [record] }])
  }

  const { db } = desk.database
  const rows = () =>
    db
      .selectFrom('tickets')
      .selectAll()
      .execute()
      .catch(() => [])
  const channels = () => [...around.discord.guild.channels.values()].filter(({ type }) => type === 0)
  let found = 0
  await until(
    async () => {
      found = (await rows()).length
      return found >= tickets && channels().length >= tickets
    },
    () => `${found} rows, ${channels().length} channels; ${said.slice(-5).join('\n')}`,
  )

  const all = await rows()
  expect(all).toHaveLength(tickets)
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set(Array.from({ length: tickets }, (_, at) => at + 1)))
  for (const { body, category, priority, type, label_source } of all) {
    const [, ...right] = /about=(\w+)\/(\w+)\/(\w+)/.exec(body) ?? [undefined, 'unlabelled', 'unlabelled', 'unlabelled']
    expect([body, category, priority, type]).toEqual([body, ...right])
    expect(label_source).toBe(body === 'help!' ? 'Nobody' : 'Model')
  }
  const shown = (await replies).map(({ ephemeral, embeds }) => [ephemeral, embeds[0]!.title])
  expect(shown).toEqual(Array(counts.discord + counts.short).fill([true, 'Ticket Submitted']))
  expect(channels()).toHaveLength(tickets)
  expect(new Set(channels().map(({ topic }) => topic)).size).toBe(tickets)
  expect(around.discord.guild.messages.filter(({ webhook_id }) => webhook_id === undefined)).toHaveLength(tickets)

  const sizeOf = async (topic: string): Promise<number> => {
    const { partitions } = (await opened.log.topic(topic))!
    let size = 0
    for (let partition = 0; partition < partitions; partition++)
      size += (await opened.log.read({ topic, partition }, 0, 10_000)).records.length
    return size
  }
  expect([await sizeOf('tickets-formatted-dlq'), await sizeOf('tickets-labeled-dlq')]).toEqual([
    counts.malformed,
    counts.short,
  ])
  expect(await sizeOf('errors')).toBe(counts.malformed + counts.short)
  // The webhook told of every one of them, in a few messages.
  const told = () =>
    around.discord.guild.messages
      .filter(({ webhook_id }) => webhook_id !== undefined)
      .flatMap(({ embeds }) => embeds)
      .reduce(
        (sum, { title }) =>
          sum +
          Number(
            /\((\d+) times\)|^(\d+) more/
              .exec(title ?? '')
              ?.slice(1)
              .find(Boolean) ?? 1,
          ),
        0,
      )
  await until(
    () => told() >= counts.malformed + counts.short,
    () => `${told()} reports told`,
  )
  expect(told()).toBe(counts.malformed + counts.short)
  // The file of a ticket has all of its story.
  const [one] = all
  await until(
    () => desk.fileOf(one!.ticket_id!)?.exported.discord !== undefined,
    () => 'the story of a ticket',
  )
  expect(
    desk
      .fileOf(one!.ticket_id!)!
      .events.map(({ event }) => event)
      .sort(),
  ).toContain('created')
})
