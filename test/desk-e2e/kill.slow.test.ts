import { join } from 'node:path'
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { ticketIdIn } from '../../runners/connectors/discord/ticket-view.ts'
import { uuidOf } from '../../schemas/index.ts'
import { compiled, remove } from '../crash/victim.ts'
import type { Reply } from '../doubles/discord/index.ts'
import { Program } from '../newcomer/process.ts'
import { lacks } from '../parts/parts.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { mail } from '../runners/connectors/mail/mailbox.ts'
import { type Surroundings, startSurroundings } from './world.ts'

const rounds = Number(process.env.KILLS ?? 50)
/** Four of ten kills come while the desk starts, the others after it has begun to listen. */
const startMsMax = 3_000
const workMsMax = 1_500

const program =
  'const { main } = await import(process.argv[1]); process.exitCode = await main(process.argv.slice(2), process.env)'

/** Runs the command as it is when it is installed. */
const franz = (build: string, { env, data }: Surroundings, ...args: readonly string[]): Program => {
  const main = join(build, 'runners/cli/main.js')
  return new Program('node', ['--input-type=module', '-e', program, main, ...args, '--data', data], { cwd: build, env })
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

interface Brought {
  mails: number
  readonly typed: { readonly id: string; readonly replies: readonly Reply[] }[]
  /** Too short for a label: a dead letter each, and a row for people all the same. */
  short: number
}

/** Some mails, and where somebody listens, what users type. */
const bring = async ({ discord, mailbox }: Surroundings, brought: Brought): Promise<void> => {
  await mailbox.put(mail(`Mail ${brought.mails}`, `The text of mail ${brought.mails++} is long enough.`))
  if (brought.mails % 10 === 0) {
    await mailbox.put(mail(`S${brought.mails}`, 'help!'))
    brought.mails++
    brought.short++
  }
  if (!discord.gateway.connected) return
  const user = `user${brought.typed.length}`
  const { id, replies } = discord.type({ message: `What ${user} types is long enough.`, user })
  brought.typed.push({ id, replies })
}

const submitted = ({ typed }: Brought) =>
  typed
    .filter(({ replies }) => replies.some(({ embeds }) => embeds[0]?.title === 'Ticket Submitted'))
    .map(({ id }) => id)

const idsOn = ({ discord }: Surroundings) =>
  [...discord.guild.channels.values()].flatMap(({ topic }) => ticketIdIn(topic) ?? [])

test.skipIf(lacks('greenmail') || lacks('postgres'))(
  `${rounds} kills of the whole desk while tickets flow: every one is a row once and a channel, and every bad one a dead letter once`,
  async () => {
    const url = await freshDatabase(await sharedPostgres(), 'desk_kill')
    const around = await startSurroundings(url)
    const build = compiled(['schemas', 'pipelines', 'dashboards'])
    onTestFinished(() => remove(build))
    const brought: Brought = { mails: 0, typed: [], short: 0 }
    for (let round = 0; round < rounds; round++) {
      const desk = franz(build, around, 'run', 'desk')
      const { identified } = around.discord.gateway.seen
      const listens = Math.random() < 0.6
      let killAtMs = performance.now() + Math.random() * startMsMax
      if (listens) {
        await bring(around, brought)
        await around.discord.until(() => around.discord.gateway.seen.identified > identified)
        killAtMs = performance.now() + Math.random() * workMsMax
      }
      for (let count = 0; count < 4 && performance.now() < killAtMs; count++) {
        await bring(around, brought)
        await pause(Math.min(100, Math.max(0, killAtMs - performance.now())))
      }
      await pause(Math.max(0, killAtMs - performance.now()))
      desk.signal('SIGKILL')
      await desk.ended
    }
    const desk = franz(build, around, 'run', 'desk')
    const database = new pg.Client({ connectionString: url })
    await database.connect()
    onTestFinished(() => database.end())
    const rows = async () =>
      (await database.query<{ ticket_id: string; body: string }>('select ticket_id, body from tickets')).rows
    const wanted = brought.mails + submitted(brought).length
    // All is done once nothing has changed for a while: what users were not told of is on its way, too.
    for (let quiet = 0; quiet < 10; ) {
      if (desk.child.exitCode !== null) throw new Error(`the desk ended:\n${desk.output}`)
      const made = new Set(idsOn(around))
      const found = await rows().catch(() => [])
      quiet = found.length >= wanted && found.length === made.size ? quiet + 1 : 0
      await pause(200)
    }
    desk.signal('SIGINT')
    await desk.ended

    const ids = (await rows()).map(({ ticket_id }) => ticket_id)
    expect(ids.length).toBe(new Set(ids).size)
    const acknowledged = submitted(brought).map(id => uuidOf('discord', id) as string)
    expect(acknowledged.filter(id => !ids.includes(id))).toEqual([])
    // What was typed and never acknowledged may be there, mails must be, and nothing else is.
    const mails = (await rows()).filter(({ body }) => body.startsWith('[')).length
    expect(mails).toBe(brought.mails)
    expect(new Set(idsOn(around))).toEqual(new Set(ids))
    expect(await countOf(build, around, 'mailMSG')).toBe(brought.mails)
    expect(await countOf(build, around, 'tickets-labeled-dlq')).toBe(brought.short)
    expect(await countOf(build, around, 'errors')).toBe(brought.short)
    const second = idsOn(around).length - ids.length
    console.log(
      `${rounds} kills: ${brought.mails} mails, ${brought.typed.length} typed, ${acknowledged.length} acknowledged, second channels ${second}`,
    )
    expect(second).toBeLessThanOrEqual(rounds)
  },
)

const countOf = async (build: string, around: Surroundings, topic: string): Promise<number> => {
  const tail = franz(build, around, 'tail', topic, '--from', 'start', '--until-end', '--format', 'json')
  expect(await tail.ended).toBe(0)
  return tail.output.split('\n').filter(line => line.startsWith('{')).length
}
