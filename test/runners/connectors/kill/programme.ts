import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ticketIdIn } from '../../../../runners/connectors/discord/ticket-view.ts'
import { EmbeddedLog } from '../../../../runners/embedded/log.ts'
import { compiled, remove } from '../../../crash/victim.ts'
import { type DiscordDouble, type Reply, startDiscord } from '../../../doubles/discord/index.ts'
import { startGreenMail } from '../../../parts/greenmail.ts'
import { account, mail, openMailbox } from '../mail/mailbox.ts'
import type { Go } from './child.ts'
import { ticketIdOf } from './topology.ts'

/** What stands where, after all rounds and some peace. */
export interface Outcome {
  /** Kills that came when something was still to do. */
  readonly kills: number
  /** Kills that came when all was done: they prove nothing, and others came in their place. */
  readonly voided: number
  readonly mails: number
  readonly mailRecords: readonly string[]
  /** Users who read that their ticket was submitted, by their interaction. */
  readonly acknowledged: readonly string[]
  readonly discordRecords: readonly string[]
  readonly ticketsWithoutChannel: number
  readonly secondChannels: number
  readonly secondMessages: number
  readonly told: readonly string[]
}

/** From a round's first connection to its last channel Discord is asked at least so often. */
const requestsOfRound = 10
/** A kill falls between two requests, too. */
const killAfterRequestMsMax = 10
const killWhileConnectingMsMax = 1_000
const typedAtOnce = 2

class Victim {
  readonly #child: ChildProcess
  readonly ready: Promise<void>
  readonly ended: Promise<void>
  words = ''

  constructor(build: string, heard: (message: string) => void) {
    this.#child = spawn(process.execPath, [join(build, 'test/runners/connectors/kill/child.js')], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child.stderr!.on('data', data => {
      this.words += data
    })
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (message: 'ready' | { readonly message: string }) => {
        if (message === 'ready') resolve()
        else heard(message.message)
      })
      this.#child.on('close', () => reject(new Error(`it ended by itself: ${this.words}`)))
    })
    this.ready.catch(() => {})
    this.ended = new Promise(resolve => this.#child.on('close', () => resolve()))
  }

  tell(message: Go | 'stop'): void {
    this.#child.send(message, () => {})
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** Kills the process at random, round after round, while mails come and users type; then lets it finish. */
export const killed = async (rounds: number, chance: () => number, forgetsPlace = false): Promise<Outcome> => {
  const build = compiled(['schemas', 'test/runners'])
  const server = await startGreenMail({ users: [account] })
  const discord = await startDiscord()
  const folder = mkdtempSync(join(tmpdir(), 'franz-edges-'))
  const box = await openMailbox(server)
  const told: string[] = []
  const typed: { readonly id: string; readonly replies: readonly Reply[] }[] = []
  const go: Go = {
    ...{ folder, forgetsPlace, discord: { api: discord.api, token: discord.token, guildId: discord.guildId } },
    mail: { port: server.imapPort, user: account.login, password: account.password },
  }
  const user = () => `user-${typed.length}`
  const type = () => {
    const { id, replies } = discord.type({ message: `typed ${typed.length}`, user: user() })
    typed.push({ id, replies })
  }
  let mails = 0
  let typedBefore = 0
  const put = () => box.put(mail(`mail ${mails++}`))
  /** Whether there are tickets that came and have no channel: mails, and what was typed this round. */
  const workLeft = (): boolean => {
    const shown = bodiesOf(discord)
    const bodies = [
      ...Array.from({ length: mails }, (_, at) => `The text of mail ${at}.`),
      ...Array.from({ length: typed.length - typedBefore }, (_, at) => `typed ${typedBefore + at}`),
    ]
    return bodies.some(body => !shown.has(body))
  }
  /** A third of the kills come while connections are being made, the others while tickets flow. */
  const momentToKill = async (identified: number): Promise<void> => {
    const startedMs = performance.now()
    const connecting = chance() < 0.33
    const [requests, ms] = connecting
      ? [Infinity, chance() * killWhileConnectingMsMax]
      : [Math.floor(chance() * requestsOfRound), Infinity]
    if (!connecting) {
      while (discord.gateway.seen.identified === identified) await pause(5)
      await put()
      for (let count = 0; count < typedAtOnce; count++) type()
    }
    const asked = discord.asked.length
    while (discord.asked.length < asked + requests && performance.now() - startedMs < ms && workLeft()) await pause(1)
    if (!connecting) await pause(chance() * killAfterRequestMsMax)
  }
  let [kills, voided] = [0, 0]
  let next = new Victim(build, message => told.push(message))
  try {
    while (kills < rounds) {
      const victim = next
      await victim.ready
      next = new Victim(build, message => told.push(message))
      const identified = discord.gateway.seen.identified
      victim.tell(go)
      typedBefore = typed.length
      await put()
      await momentToKill(identified)
      await victim.kill()
      if (workLeft()) kills++
      else voided++
      if (voided > rounds) throw new Error(`${voided} kills came when all was done, and only ${kills} before`)
    }
    await next.ready
    next.tell(go)
    const acknowledged = () =>
      typed.filter(({ replies }) => replies.some(({ embeds }) => embeds[0]?.title === 'Ticket Submitted'))
    // A ticket whose user was never told may be in the log all the same, so it is the log that says what must come.
    for (;;) {
      const { mailRecords, discordRecords } = await recordsIn(folder)
      const wanted = new Set(mailRecords).size + new Set(discordRecords).size
      const all = new Set(mailRecords).size >= mails && wanted >= mails + acknowledged().length
      if (all && channelsOf(discord).size >= wanted && discord.guild.messages.length >= wanted) break
      await pause(200)
    }
    next.tell('stop')
    await next.ended
    return await outcomeOf({
      discord,
      folder,
      mails,
      told,
      kills,
      voided,
      acknowledged: acknowledged().map(({ id }) => id),
    })
  } finally {
    await next.kill()
    await box.close()
    await server.stop()
    await discord.stop()
    for (const each of [folder, build]) remove(each)
  }
}

/** How many channels each ticket has. */
const channelsOf = ({ guild }: DiscordDouble): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const { topic } of guild.channels.values()) {
    const id = ticketIdIn(topic)
    if (id !== undefined) found.set(id, (found.get(id) ?? 0) + 1)
  }
  return found
}

/** The text of every ticket that has its message. */
const bodiesOf = ({ guild }: DiscordDouble): ReadonlySet<string | undefined> =>
  new Set(guild.messages.map(({ embeds }) => embeds[0]?.fields?.find(({ name }) => name === 'Message')?.value))

interface Ended {
  readonly discord: DiscordDouble
  readonly folder: string
  readonly mails: number
  readonly told: readonly string[]
  readonly kills: number
  readonly voided: number
  readonly acknowledged: readonly string[]
}

const outcomeOf = async ({ discord, folder, ...ended }: Ended): Promise<Outcome> => {
  const { mailRecords, discordRecords } = await recordsIn(folder)
  const channels = channelsOf(discord)
  const ids = [
    ...[...new Set(mailRecords)].map(key => ticketIdOf('mail', key)),
    ...[...new Set(discordRecords)].map(key => ticketIdOf('discord', key)),
  ]
  const shown = discord.guild.messages.map(({ embeds }) => ticketIdIn(embeds[0]?.footer?.text))
  return {
    ...{ ...ended, mailRecords, discordRecords },
    ticketsWithoutChannel: ids.filter(id => !channels.has(id)).length,
    secondChannels: [...channels.values()].reduce((sum, count) => sum + count - 1, 0),
    secondMessages: shown.length - new Set(shown).size,
  }
}

const recordsIn = async (folder: string) => {
  const log = EmbeddedLog.open(folder)
  try {
    return { mailRecords: await keysOf(log, 'mailMSG'), discordRecords: await keysOf(log, 'discordMSG') }
  } finally {
    await log.close()
  }
}

const keysOf = async (log: EmbeddedLog, topic: string): Promise<string[]> => {
  const partitions = (await log.topic(topic))?.partitions ?? 0
  const found: string[] = []
  for (let partition = 0; partition < partitions; partition++) {
    const { records } = await log.read({ topic, partition }, 0, 100_000)
    for (const { key } of records) found.push(Buffer.from(key!).toString())
  }
  return found
}
