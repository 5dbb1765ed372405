import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type RunningDesk, runDesk } from '../../runners/cli/desk/run-desk.ts'
import { deskSettings } from '../../runners/cli/desk/settings.ts'
import type { OpenedLog } from '../../runners/cli/open-log.ts'
import { Logs } from '../../runners/host/index.ts'
import { KafkaLog, kafkaOperations } from '../../runners/kafka/index.ts'
import { dataRegistry } from '../../schemas/index.ts'
import { type DiscordDouble, startDiscord } from '../doubles/discord/index.ts'
import { type ModelDouble, ollamaAnswer, startModel } from '../doubles/model.ts'
import { type GreenMail, startGreenMail } from '../parts/greenmail.ts'
import { account } from '../runners/connectors/mail/mailbox.ts'

/** The world around a desk: real clients talk to real servers, and doubles stand in for Discord and for a model's weights. */
export interface Around {
  readonly discord: DiscordDouble
  readonly mail: GreenMail
  readonly model: ModelDouble
  readonly webhook: string
  /** What the desk is told of all of it. */
  readonly env: Readonly<Record<string, string>>
}

/** What a ticket is about, for the model's double to read: no other word of it says so. */
export const about = (category: string, priority: string, type: string): string =>
  `about=${category}/${priority}/${type}`

/** Answers rightly; a model with moods every so often with an error, or with nonsense first. */
const answering = (moods: boolean): Parameters<typeof startModel>[0] => {
  let asked = 0
  // One mood for each question: a second one would rightly leave the ticket to the keywords.
  const upset = new Set<string>()
  return ({ text, body }, response) => {
    asked++
    const again = (body.messages as readonly unknown[]).length > 2
    // Between its two marks, which are others each time that it is asked.
    const marked = again ? ((body.messages as { content: string }[])[1]?.content ?? '') : text
    const first = marked.split('\n').slice(1, -1).join('\n')
    const mood =
      moods && !again && !upset.has(first) && (asked % 17 === 0 ? 'away' : asked % 13 === 0 ? 'chatty' : undefined)
    if (mood) upset.add(first)
    if (mood === 'away') return void response.writeHead(500).end('out of memory')
    if (mood === 'chatty') return ollamaAnswer(response, 'Sure, here it is!')
    const [, category, priority, type] = /about=(\w+)\/(\w+)\/(\w+)/.exec(first) ?? []
    ollamaAnswer(response, JSON.stringify({ category, priority, type, department: 'IT Support', confidence: 0.7 }))
  }
}

export const startAround = async ({ moods = true } = {}): Promise<Around> => {
  const [discord, mail, model] = await Promise.all([
    startDiscord(),
    startGreenMail({ users: [account] }),
    startModel(answering(moods)),
  ])
  onTestFinished(async () => {
    await Promise.all([discord.stop(), mail.stop(), model.stop()])
  })
  const webhook = discord.webhook()
  const env = {
    DISCORD_TOKEN: discord.token,
    DISCORD_GUILD_ID: discord.guildId,
    DISCORD_API: discord.api,
    DISCORD_WEBHOOK_URL: webhook,
    IMAP_SERVER: '127.0.0.1',
    IMAP_PORT: String(mail.imapPort),
    IMAP_SSL: 'false',
    IMAP_USER: account.login,
    IMAP_PASS: account.password,
    POLL_INTERVAL: '1',
    OLLAMA_BASE_URL: model.url,
    OLLAMA_MODEL: 'double',
  }
  return { discord, mail, model, webhook, env }
}

/** The log of the desk on brokers, as a command opens it. */
export const openKafka = async (brokers: string): Promise<OpenedLog> => {
  const log = await KafkaLog.open({ brokers, folder: mkdtempSync(join(tmpdir(), 'franz-end-to-end-')) })
  return {
    ...{ log, operations: kafkaOperations(log), where: 'Kafka', flags: '', partitionsDefault: 4 },
    close: () => log.close(),
  }
}

export interface DeskAtWork {
  readonly desk: RunningDesk
  /** What was said at warn and above. */
  readonly said: readonly string[]
  stop(): Promise<void>
}

/** The whole desk in this process. */
export const startDesk = async (
  opened: OpenedLog,
  env: Readonly<Record<string, string | undefined>>,
  data = mkdtempSync(join(tmpdir(), 'franz-desk-')),
): Promise<DeskAtWork> => {
  const said: string[] = []
  const registry = await dataRegistry(data)
  const logs = new Logs({ level: 'warn', format: 'json', secrets: [], write: line => said.push(line) })
  const desk = await runDesk({ opened, registry: registry.registry, settings: deskSettings(env), data, logs })
  let stopped = false
  const stop = async (): Promise<void> => {
    if (stopped) return
    stopped = true
    await desk.stop()
    await registry.close()
  }
  onTestFinished(stop)
  return { desk, said, stop }
}

/** Waits for something to become true; a guard against hanging, not a measure of speed. */
export const until = async (
  holds: () => boolean | Promise<boolean>,
  what: () => string,
  guardMs = 240_000,
): Promise<void> => {
  const startedMs = performance.now()
  while (!(await holds())) {
    if (performance.now() - startedMs > guardMs) throw new Error(`it never came to that: ${what()}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
