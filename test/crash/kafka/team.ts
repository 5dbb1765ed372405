import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Victim } from '../victim.ts'
import type { GoKafka, Mine, MinePoint } from './child.ts'
import type { KafkaDefect } from './defects.ts'

// The runners of one topology, each a process with a name and a folder of its own that outlive it.

const stopDeadlineMs = 10_000
const missedMs = 10_000
/** A process that cannot work has to notice within this. */
const vainMs = 60_000

/** What the brokers of these tests are set to, and what a zombie has to outlast. */
export const sessionMs = 3_000
export const transactionTimeoutMs = 5_000

/** What a runner says that could not start for that. */
export const noBroker = /no broker at .* answered/

/** The most that any runner has held, ever. */
export interface Held {
  memoryMb: number
  files: number
}

export interface TeamOptions {
  readonly build: string
  /** How each runner reaches the brokers, by its name. */
  readonly brokersOf: (name: string) => string
  readonly groupProtocol?: 'consumer' | 'classic' | undefined
  readonly defect?: KafkaDefect | undefined
  readonly slack?: number | undefined
}

export class Team {
  readonly #options: TeamOptions
  readonly #folder = mkdtempSync(join(tmpdir(), 'franz-crash-kafka-'))
  readonly #victims = new Map<string, Victim>()
  readonly #dying = new Set<Victim>()
  readonly #gone = new Set<Victim>()
  /** Ends that nobody asked for. */
  readonly surprises: string[] = []
  /** Processes that were ended by SIGKILL while they worked. */
  killed = 0
  /** Starts that found no broker, said so and ended: whoever watches over them repeats them. */
  vainStarts = 0
  readonly held: Held = { memoryMb: 0, files: 0 }

  constructor(options: TeamOptions) {
    this.#options = options
  }

  get names(): readonly string[] {
    return [...this.#victims.keys()]
  }

  isThere(name: string): boolean {
    const victim = this.#victims.get(name)
    return victim !== undefined && !this.#gone.has(victim)
  }

  victim(name: string): Victim {
    return this.#victims.get(name)!
  }

  async start(name: string): Promise<Victim> {
    const victim = new Victim(this.#options.build, 'kafka/child')
    this.#victims.set(name, victim)
    let hasWorked = false
    victim.hear(message => {
      hasWorked ||= message === 'committed'
    })
    void victim.ended.then(how => {
      if (this.#dying.has(victim)) return
      this.#gone.add(victim)
      if (!hasWorked && noBroker.test(victim.words)) this.vainStarts++
      else this.surprises.push(`${name} ended by itself with ${how}: ${victim.words.slice(-1_500)}`)
    })
    await this.#go(victim, name, this.#folder)
    return victim
  }

  async #go(victim: Victim, name: string, folder: string): Promise<void> {
    await victim.ready
    const { brokersOf, groupProtocol, defect } = this.#options
    const told = { brokers: brokersOf(name), folder, instance: name, transactionTimeoutMs }
    victim.tell({ ...told, groupProtocol, defect } satisfies GoKafka)
  }

  /** What it said when it ended, for it could not start. */
  async startsInVain(name: string): Promise<string> {
    const victim = new Victim(this.#options.build, 'kafka/child')
    await this.#go(victim, name, this.#folder)
    const how = await Promise.race([
      victim.ended,
      pause(vainMs * (this.#options.slack ?? 1), 'not at all' as const, { ref: false }),
    ])
    victim.kill()
    return how === 1 ? victim.words : `it ended with ${how}. ${victim.words.slice(-1_500)}`
  }

  /** Starts a second process under a name that is taken: one of them must end and say why. What is wrong with how. */
  async twin(name: string, where: 'here' | 'elsewhere'): Promise<string | undefined> {
    const first = this.victim(name)
    const second = new Victim(this.#options.build, 'kafka/child')
    this.#dying.add(first)
    await this.#go(second, name, where === 'here' ? this.#folder : join(this.#folder, 'elsewhere'))
    const ended = await Promise.race([
      ...[first, second].map(victim => victim.ended.then(() => victim)),
      pause(vainMs * (this.#options.slack ?? 1), undefined, { ref: false }),
    ])
    if (ended === first) this.#victims.delete(name)
    else this.#dying.delete(first)
    second.kill()
    await second.ended
    if (ended === undefined) return `two processes go on under the name ${name}`
    const isTold = /(another process|process \d+) runs/.test(ended.words)
    const isSecond = where === 'elsewhere' || ended === second
    return isTold && isSecond ? undefined : `a second process was named ${name}: ${ended.words.slice(-1_500)}`
  }

  async kill(name: string): Promise<void> {
    const victim = this.victim(name)
    this.#dying.add(victim)
    victim.kill()
    await victim.ended
    this.killed++
    this.#victims.delete(name)
  }

  /** Lets it end itself at a moment of a commit; false when it never came there, and is still alive. */
  async mined(name: string, point: MinePoint, hit: number, leavingMs?: number): Promise<boolean> {
    const victim = this.victim(name)
    this.#dying.add(victim)
    victim.tell({ point, hit, ...(leavingMs !== undefined && { leavingMs }) } satisfies Mine)
    const how = await Promise.race([victim.ended, pause(missedMs, undefined, { ref: false })])
    if (how === 'SIGKILL') {
      this.killed++
      return this.#victims.delete(name)
    }
    this.#dying.delete(victim)
    victim.tell({ point, hit: Number.MAX_SAFE_INTEGER } satisfies Mine)
    return false
  }

  /** Asks it to stop; what is wrong with how it did. */
  async stop(name: string): Promise<string | undefined> {
    const victim = this.victim(name)
    this.#dying.add(victim)
    victim.tell('stop')
    const how = await Promise.race([
      victim.ended,
      pause(stopDeadlineMs * (this.#options.slack ?? 1), 'not yet' as const, { ref: false }),
    ])
    this.#victims.delete(name)
    victim.kill()
    // By SIGTERM ends itself who has a call at work that never answers.
    return how === 0 || how === 'SIGTERM'
      ? undefined
      : `${name} was told to stop: ${how}, ${victim.words.slice(-1_500)}`
  }

  /** Looks at what the runners hold now. */
  look(): void {
    for (const { pid } of this.#victims.values()) {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8')
        const memoryMb = Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
        this.held.memoryMb = Math.max(this.held.memoryMb, memoryMb)
        this.held.files = Math.max(this.held.files, readdirSync(`/proc/${pid}/fd`).length)
      } catch {
        // It has ended, or this system does not tell.
      }
    }
  }

  remove(): void {
    for (const name of this.names) {
      this.#dying.add(this.victim(name))
      this.victim(name).kill()
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
