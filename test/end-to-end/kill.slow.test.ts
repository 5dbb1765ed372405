import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { desk } from '../../pipelines/desk/desk.ts'
import { makeTopics } from '../../runners/cli/desk/topics.ts'
import { TopicWriter } from '../../runners/cli/desk/writer.ts'
import { openFolder } from '../../runners/cli/open-log.ts'
import { openDatabase } from '../../runners/connectors/postgres/index.ts'
import { apiMessages } from '../../schemas/desk/topics.ts'
import { dataRegistry } from '../../schemas/index.ts'
import { compiled, remove } from '../crash/victim.ts'
import { Program } from '../newcomer/process.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { mail, openMailbox } from '../runners/connectors/mail/mailbox.ts'
import { about, startAround, until } from './world.ts'

const rounds = 50
/** Of each round. */
const filed = { api: 4, mails: 2, typed: 1 } as const
/** Long enough that some are killed while they connect, and some when mails and commands have come. */
const killedAfterMsMax = 6_000
const testMsMax = 1_800_000

const label = about('BACK', 'HIGH', 'BUG')

/** The command as its user runs it, compiled, so that it is up before it is killed. */
const runDesk = (build: string, data: string, env: NodeJS.ProcessEnv): Program => {
  const args = JSON.stringify(['run', 'desk', '--data', data, '--log-level', 'error'])
  const code = `const { main } = await import('./runners/cli/main.js'); process.exitCode = await main(${args}, process.env)`
  return new Program(process.execPath, ['--input-type=module', '-e', code], { cwd: build, env })
}

/** How many are there more than once. */
const repeated = (values: readonly (string | null | undefined)[]): number => values.length - new Set(values).size

test(
  `the desk is killed ${rounds} times while tickets come in: none is lost, none has a second row, no mail a second record`,
  async () => {
    const around = await startAround({ moods: false })
    const build = compiled(['schemas', 'pipelines', 'dashboards'])
    onTestFinished(() => remove(build))
    const data = mkdtempSync(join(tmpdir(), 'franz-killed-'))
    const url = await freshDatabase(await sharedPostgres(), 'killed')
    const opened = await openFolder(data)
    onTestFinished(() => opened.close())
    const registry = await dataRegistry(data)
    onTestFinished(() => registry.close())
    await makeTopics(opened, desk())
    const writer = new TopicWriter(opened.log, opened.operations, registry.registry)
    const told: string[] = []

    const file = async (round: number): Promise<void> => {
      for (let at = 0; at < filed.api; at++) {
        const description = `api ${round}-${at} ${label}`
        await writer.append(apiMessages, `api ${round}-${at}`, {
          ...{ title: 'T', description, userName: 'Ada', timestamp: new Date().toISOString() },
        })
      }
      // A mail server ends connections that nobody uses, so this one is for this round alone.
      const mailbox = await openMailbox(around.mail)
      for (let at = 0; at < filed.mails; at++)
        await mailbox.put(mail(`mail ${round}-${at}`, `mail ${round}-${at} ${label}`))
      await mailbox.close()
      for (let at = 0; at < filed.typed; at++) {
        const message = `typed ${round}-${at} ${label}`
        // Whoever is not answered, or finds the bot away, would type again: only what was promised counts.
        const typed = async () => around.discord.ticket({ user: `user ${round}-${at}`, message })
        typed().then(
          ({ embeds }) => embeds[0]?.title === 'Ticket Submitted' && told.push(message),
          () => {},
        )
      }
    }

    const env = { ...around.env, DATABASE_URL: url }
    for (let round = 0; round < rounds; round++) {
      const victim = runDesk(build, data, env)
      await victim.says(/The desk runs on/)
      const killed = pause(Math.random() * killedAfterMsMax)
      await pause(Math.random() * (killedAfterMsMax / 2))
      await file(round)
      await killed
      victim.signal('SIGKILL')
      await victim.ended
    }

    const last = runDesk(build, data, env)
    const { db, close } = openDatabase({ url, folder: '', note: () => {} })
    onTestFinished(close)
    const rows = () =>
      db
        .selectFrom('tickets')
        .select(['id', 'body', 'ticket_id', 'category'])
        .execute()
        .catch(() => [])
    const channels = () => [...around.discord.guild.channels.values()].filter(({ type }) => type === 0 || type === 11)
    const wanted = rounds * (filed.api + filed.mails)
    const others = async () => (await rows()).filter(({ body }) => !body.startsWith('typed'))
    let found = 0
    await until(
      async () => {
        found = (await others()).length
        const topics = new Set(channels().map(({ topic, name }) => topic ?? name))
        return found >= wanted && topics.size >= (await rows()).length
      },
      () => `${found} of ${wanted} rows, ${channels().length} channels\n${last.output}`,
      testMsMax / 3,
    )

    const all = await rows()
    expect(await others()).toHaveLength(wanted)
    expect(repeated(all.map(({ body }) => body))).toBe(0)
    expect(all.every(({ category }) => category === 'BACK')).toBe(true)
    const bodies = all.map(({ body }) => body)
    expect(told.filter(message => !bodies.includes(message))).toEqual([])
    // Numbers go on without a gap, whatever was killed.
    expect(all.map(({ id }) => id).sort((one, other) => one - other)).toEqual(all.map((_, at) => at + 1))

    let mails = 0
    for (let partition = 0; partition < 4; partition++)
      mails += (await opened.log.ends({ topic: 'mailMSG', partition })).next
    expect(mails).toBe(rounds * filed.mails)
    const messages = around.discord.guild.messages.filter(({ webhook_id }) => webhook_id === undefined)
    const second = {
      channels: repeated(channels().map(({ topic, name }) => topic ?? name)),
      messages: messages.length - all.length,
    }
    console.log(
      `${rounds} kills, ${all.length} tickets (${told.length} of them promised on Discord): second channels ${second.channels}, second messages ${second.messages}`,
    )
    last.signal('SIGTERM')
    await last.ended
  },
  testMsMax,
)
