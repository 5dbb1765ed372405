import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type DiscordDouble, startDiscord } from '../doubles/discord/index.ts'
import { type ModelDouble, ollamaAnswer, startModel } from '../doubles/model.ts'
import { Program, runs } from '../newcomer/process.ts'
import { startGreenMail } from '../parts/greenmail.ts'
import { account, type Mailbox, openMailbox } from '../runners/connectors/mail/mailbox.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Everything around the desk: real mail, a Discord and a model of ours; and the desk itself, as its user starts it. */
export interface World {
  readonly discord: DiscordDouble
  readonly mailbox: Mailbox
  readonly model: ModelDouble
  /** The dashboard's address. */
  readonly url: string
  /** Runs a command on the same data. */
  franz(args: readonly string[], input?: string): Promise<string>
  /** All rows of tickets, as the dashboard's API tells them. */
  tickets(): Promise<readonly Row[]>
  stop(): Promise<void>
}

export interface Row {
  readonly number: number
  readonly id: string
  readonly contact: string
  readonly origin: string
  readonly body: string
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly label_source: string
}

/** What the model says to a question: the labels that stand in it in brackets, or what it dares the model to say. */
const answerTo = (text: string): string => {
  const labels = /\((FRONT|BACK|INFRA|MOBILE)\/(NULL|LOW|MEDIUM|HIGH|CRITICAL)\/(BUG|FEATURE_REQUEST)\)/.exec(text)
  if (/hostile: no JSON/.test(text)) return 'I would rather not say. {"category": '
  if (/hostile: wrong names/.test(text))
    return '{"category":"ADMIN","priority":"ROOT","type":"DROP TABLE","confidence":9}'
  const [, category = 'BACK', priority = 'LOW', type = 'BUG'] = labels ?? []
  return JSON.stringify({ category, priority, type, department: 'IT Support', confidence: 0.9 })
}

/** What is around the desk, and the settings by which it finds all of it. */
interface Surroundings {
  readonly discord: DiscordDouble
  readonly mailbox: Mailbox
  readonly model: ModelDouble
  readonly env: Readonly<Record<string, string>>
  /** A data folder that is not there yet. */
  readonly data: string
}

const startSurroundings = async (databaseUrl: string | undefined): Promise<Surroundings> => {
  const mail = await startGreenMail({ users: [account] })
  onTestFinished(() => mail.stop())
  const discord = await startDiscord()
  onTestFinished(() => discord.stop())
  const model = await startModel(({ body }, response) =>
    ollamaAnswer(response, answerTo(JSON.stringify(body.messages))),
  )
  onTestFinished(() => model.stop())
  const mailbox = await openMailbox(mail)
  onTestFinished(() => mailbox.close())
  const data = join(mkdtempSync(join(tmpdir(), 'franz-desk-')), 'data')
  const env = {
    ...{ DISCORD_TOKEN: discord.token, DISCORD_API: discord.api, DISCORD_GUILD_ID: discord.guildId },
    ...{ DISCORD_WEBHOOK_URL: discord.webhook() },
    ...{ IMAP_SERVER: '127.0.0.1', IMAP_PORT: String(mail.imapPort), IMAP_SSL: 'false' },
    ...{ IMAP_USER: account.login, IMAP_PASS: account.password, POLL_INTERVAL: '1' },
    ...{ OLLAMA_BASE_URL: model.url, OLLAMA_MODEL: 'double' },
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  }
  return { discord, mailbox, model, env, data }
}

export const startWorld = async (databaseUrl: string | undefined): Promise<World> => {
  const { env, data, ...around } = await startSurroundings(databaseUrl)
  const desk = new Program('node', ['bin/franz.mjs', 'start', '--port', '0', '--data', data], { cwd: root, env })
  onTestFinished(() => {
    if (desk.child.exitCode === null) desk.signal('SIGKILL')
  })
  const [, url] = await desk.says(/dashboard +(http:\S+)/)
  await around.discord.until(() => around.discord.gateway.connected)
  return {
    ...around,
    url: url!,
    franz: (args, input) =>
      runs('node', ['bin/franz.mjs', ...args, '--data', data], { cwd: root, ...(input !== undefined && { input }) }),
    tickets: () => ticketsAt(url!),
    async stop() {
      desk.signal('SIGINT')
      await desk.ended
    },
  }
}

const pageMax = 100

const ticketsAt = async (url: string): Promise<readonly Row[]> => {
  const found: Row[] = []
  for (;;) {
    const answer = await fetch(`${url}/api/tickets?limit=${pageMax}&offset=${found.length}`)
    // Its database takes seconds to be made.
    if (!answer.ok) return []
    const { total, tickets } = (await answer.json()) as { readonly total: number; readonly tickets: readonly Row[] }
    found.push(...tickets)
    if (found.length >= total || tickets.length === 0) return found
  }
}
