import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CommitPoint } from '../../../runners/kafka/producer.ts'
import { Victim } from '../victim.ts'
import type { GoKafka, Mine } from './child.ts'
import type { KafkaDefect } from './defects.ts'

// The runners of one topology, each a process with a name and a folder of its own that outlive it.

const stopDeadlineMs = 10_000
const missedMs = 10_000

/** What the brokers of these tests are set to, and what a zombie has to outlast. */
export const sessionMs = 3_000
export const transactionTimeoutMs = 5_000

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
  /** Ends that nobody asked for. */
  readonly surprises: string[] = []
  /** Processes that were ended by SIGKILL while they worked. */
  killed = 0

  constructor(options: TeamOptions) {
    this.#options = options
  }

  get names(): readonly string[] {
    return [...this.#victims.keys()]
  }

  victim(name: string): Victim {
    return this.#victims.get(name)!
  }

  async start(name: string): Promise<Victim> {
    const victim = new Victim(this.#options.build, 'kafka/child')
    this.#victims.set(name, victim)
    void victim.ended.then(how => {
      if (!this.#dying.has(victim))
        this.surprises.push(`${name} ended by itself with ${how}: ${victim.words.slice(-1_500)}`)
    })
    await victim.ready
    const { brokersOf, groupProtocol, defect } = this.#options
    const told = { brokers: brokersOf(name), folder: this.#folder, instance: name, transactionTimeoutMs }
    victim.tell({ ...told, groupProtocol, defect } satisfies GoKafka)
    return victim
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
  async mined(name: string, point: CommitPoint, hit: number): Promise<boolean> {
    const victim = this.victim(name)
    this.#dying.add(victim)
    victim.tell({ point, hit } satisfies Mine)
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

  remove(): void {
    for (const name of this.names) {
      this.#dying.add(this.victim(name))
      this.victim(name).kill()
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
