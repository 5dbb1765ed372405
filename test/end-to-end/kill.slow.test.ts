import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { desk } from '../../pipelines/desk/desk.ts'
import { makeTopics } from '../../runners/cli/desk/topics.ts'
import { TopicWriter } from '../../runners/cli/desk/writer.ts'
import { openFolder } from '../../runners/cli/open-log.ts'
import { ticketIdIn } from '../../runners/connectors/discord/ticket-view.ts'
import { openDatabase } from '../../runners/connectors/postgres/index.ts'
import { apiMessages } from '../../schemas/desk/topics.ts'
import { dataRegistry } from '../../schemas/index.ts'
import { compiled, remove } from '../crash/victim.ts'
import { type DiscordDouble, madeMs } from '../doubles/discord/index.ts'
import { Program } from '../newcomer/process.ts'
import { sharedKafka } from '../parts/kafka.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { mail, openMailbox } from '../runners/connectors/mail/mailbox.ts'
import { about, openKafka, startAround, until } from './world.ts'

/** `KILLS=10 KILLS_ON=kafka` runs it on brokers, where each round waits until Kafka believes that the last one is dead. */
const rounds = Number(process.env.KILLS ?? 50)
const onKafka = process.env.KILLS_ON === 'kafka'
/** Of each round. */
const filed = { api: 4, mails: 2, typed: 1 } as const
const filedOfRound = filed.api + filed.mails
/** The model and Discord are asked at least so often between them until all of a round is out. */
const requestsOfRound = 16
/** A kill falls between two requests, too. */
const killAfterRequestMsMax = 20
/** A desk that starts has nothing out before that. */
const killWhileStartingMsMax = 1_500
const testMsMax = 1_800_000

const label = about('BACK', 'HIGH', 'BUG')

/** The command as its user runs it, compiled, so that it is up before it is killed. */
const runDesk = (build: string, data: string, brokers: string | undefined, env: NodeJS.ProcessEnv): Program => {
  const where = brokers === undefined ? [] : ['--brokers', brokers]
  const args = JSON.stringify(['run', 'desk', '--data', data, ...where, '--log-level', 'error'])
  const code = `const { main } = await import('./runners/cli/main.js'); process.exitCode = await main(${args}, process.env)`
  const program = new Program(process.execPath, ['--input-type=module', '-e', code], { cwd: build, env })
  onTestFinished(() => {
    if (program.child.exitCode === null && program.child.signalCode === null) program.signal('SIGKILL')
  })
  return program
}

/** The texts of the tickets that were not typed and have their message on Discord. */
const shownOn = ({ guild }: DiscordDouble): ReadonlySet<string> => {
  const texts = guild.messages.flatMap(
    ({ embeds }) => embeds[0]?.fields?.find(({ name }) => name === 'Message')?.value ?? [],
  )
  return new Set(texts.filter(text => !text.startsWith('typed')))
}

/** Second channels of tickets whose first one the list had shown before. */
const madeThoughListed = ({ guild, asked }: DiscordDouble): readonly string[] => {
  const listedMs = asked
    .filter(({ method, path, status }) => method === 'GET' && status === 200 && /guilds\/\d+\/channels$/.test(path))
    .map(({ at }) => at)
  const firstMs = new Map<string, number>()
  return [...guild.channels.values()].flatMap(({ id, topic }) => {
    const ticket = ticketIdIn(topic)
    if (ticket === undefined) return []
    const first = firstMs.get(ticket)
    if (first === undefined) firstMs.set(ticket, madeMs(id))
    return first !== undefined && listedMs.some(at => at > first && at < madeMs(id)) ? [ticket] : []
  })
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
    const brokers = onKafka ? (await sharedKafka()).bootstrap : undefined
    const opened = brokers === undefined ? await openFolder(data) : await openKafka(brokers)
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
    const requests = () => around.discord.asked.length + around.model.requests.length
    let [kills, voided, round] = [0, 0, 0]
    /** Whether there are tickets, of those that must come out, that Discord does not show yet. */
    const workLeft = () => shownOn(around.discord).size < round * filedOfRound
    while (kills < rounds) {
      const victim = runDesk(build, data, brokers, env)
      // A third of them die while they start, with work waiting; the others while tickets flow.
      if (kills % 3 === 0) {
        await Promise.all([file(round++), pause(Math.random() * killWhileStartingMsMax)])
      } else {
        await victim.says(/The desk runs on/)
        // Half of those have a bot that hears what is typed.
        if (kills % 3 === 1) await around.discord.until(() => around.discord.gateway.connected)
        const wanted = requests() + Math.random() * requestsOfRound
        await file(round++)
        while (requests() < wanted && workLeft()) await pause(1)
        await pause(Math.random() * killAfterRequestMsMax)
      }
      victim.signal('SIGKILL')
      await victim.ended
      if (workLeft()) kills++
      else voided++
      expect(voided, 'kills that came when all was done').toBeLessThan(rounds)
    }

    const last = runDesk(build, data, brokers, env)
    const { db, close } = openDatabase({ url, folder: '', note: () => {} })
    onTestFinished(close)
    const rows = () =>
      db
        .selectFrom('tickets')
        .select(['id', 'body', 'ticket_id', 'category'])
        .execute()
        .catch(() => [])
    const channels = () => [...around.discord.guild.channels.values()].filter(({ type }) => type === 0 || type === 11)
    const wanted = round * filedOfRound
    let all: Awaited<ReturnType<typeof rows>> = []
    const others = () => all.filter(({ body }) => !body.startsWith('typed'))
    let promised: readonly string[] = []
    await until(
      async () => {
        // Who was promised a ticket by the last desk has it a moment later.
        promised = [...told]
        all = await rows()
        const topics = new Set(channels().map(({ topic, name }) => topic ?? name))
        const bodies = new Set(all.map(({ body }) => body))
        const isWhole =
          promised.every(message => bodies.has(message)) && Math.max(...all.map(({ id }) => id)) <= all.length
        return others().length >= wanted && isWhole && topics.size >= all.length
      },
      () => `${others().length} of ${wanted} rows, ${channels().length} channels\n${last.output}`,
      testMsMax / 3,
    )

    expect(others()).toHaveLength(wanted)
    expect(repeated(all.map(({ body }) => body))).toBe(0)
    expect(all.every(({ category }) => category === 'BACK')).toBe(true)
    const bodies = all.map(({ body }) => body)
    expect(promised.filter(message => !bodies.includes(message))).toEqual([])
    // Numbers go on without a gap, whatever was killed.
    expect(all.map(({ id }) => id).sort((one, other) => one - other)).toEqual(all.map((_, at) => at + 1))

    let mails = 0
    for (let partition = 0; partition < 4; partition++)
      mails += (await opened.log.read({ topic: 'mailMSG', partition }, 0, 10_000)).records.length
    expect(mails).toBe(round * filed.mails)
    const messages = around.discord.guild.messages.filter(({ webhook_id }) => webhook_id === undefined)
    const second = {
      channels: repeated(channels().map(({ topic, name }) => topic ?? name)),
      messages: messages.length - all.length,
    }
    console.log(
      `${kills} kills with work left, ${voided} more when all was done; ${all.length} tickets (${told.length} of them promised on Discord): second channels ${second.channels}, second messages ${second.messages}`,
    )
    // Out to Discord the promise is: look before it is made. Second is only what Discord's list did not show yet.
    expect(madeThoughListed(around.discord)).toEqual([])
    await last.says(/The desk runs on/)
    last.signal('SIGTERM')
    expect(await last.ended, last.output).toBe(0)
  },
  testMsMax,
)
