import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cleanPoints } from '../../runners/embedded/cleaning.ts'
import { appendPoints, commitPoints, EmbeddedLog, type Point } from '../../runners/embedded/log.ts'
import type { Go } from './child.ts'
import { copyOfInput } from './copy.ts'
import type { Defect } from './defects.ts'
import { type Cut, check } from './oracle/check.ts'
import { checkCleaned, lettingGo } from './oracle/cleaned.ts'
import type { Breach } from './oracle/findings.ts'
import { partitions } from './pipeline.ts'
import type { Produce } from './producer.ts'
import { compiled, remove, Victim } from './victim.ts'

/** After so many rounds a folder is healed and judged, and another one begun: a replay reads all of it each time. */
const folderRoundsMax = 15
const hitsMax = 12
const randomMsMax = 120
/** A runner that has not come to its point, or not to its first commit, within this has missed. */
const missedMs = 10_000
/** Progress after a restart comes within this, and all work that is left is done within six times as much. */
export const restartMsMax = 10_000

export interface CrashOptions {
  readonly rounds: number
  readonly seed?: number
  readonly defect?: Defect | undefined
  /** Ends at the first breach. */
  readonly untilBreach?: boolean
  /** Every second folder has topics that let go what is over; false: none. */
  readonly cleaning?: boolean
  readonly progress?: (done: number, voids: number) => void
}

export interface CrashReport {
  rounds: number
  /** Rounds in which nothing was left to do, or in which the kill missed: they were repeated. */
  voids: number
  readonly kills: Record<string, number>
  readonly breaches: (Breach & { readonly at: string })[]
  restartMs: number
  acknowledged: number
  records: number
  late: number
  /** Folders that were healed, read to their end and compared with a run without crashes. */
  folders: number
  /** Records that topics had let go, in the folders where they do. */
  gone: number
  tookMs: number
}

type Kill = 'at random' | Point

/** Kills runners and producers, and holds what is committed after each kill against the oracle. */
export const crash = async (options: CrashOptions): Promise<CrashReport> => {
  const build = compiled()
  try {
    return await new Crashes(build, options).run()
  } finally {
    remove(build)
  }
}

class Crashes {
  readonly #build: string
  readonly #options: CrashOptions
  readonly #report: CrashReport = {
    rounds: 0,
    voids: 0,
    kills: {},
    breaches: [],
    restartMs: 0,
    acknowledged: 0,
    records: 0,
    late: 0,
    folders: 0,
    gone: 0,
    tookMs: 0,
  }
  #seed: number
  #kills: Kill[] = []
  #spare: Victim
  #producer!: Victim
  #folder = ''
  #lives = 0
  #begun = 0
  #acknowledged = new Set<string>()

  constructor(build: string, options: CrashOptions) {
    this.#build = build
    this.#options = options
    this.#seed = options.seed ?? 1
    this.#spare = new Victim(build, 'child')
  }

  async run(): Promise<CrashReport> {
    const startedMs = performance.now()
    const { rounds } = this.#options
    try {
      while (this.#report.rounds < rounds && !this.#over)
        await this.#inFolder(Math.min(folderRoundsMax, rounds - this.#report.rounds))
    } finally {
      this.#spare.kill()
      this.#producer.kill()
    }
    this.#report.tookMs = performance.now() - startedMs
    return this.#report
  }

  get #over(): boolean {
    return (this.#options.untilBreach ?? false) && this.#report.breaches.length > 0
  }

  /** Whether the topics of this folder let go what is over. */
  get #cleans(): boolean {
    return (this.#options.cleaning ?? true) && this.#options.defect === undefined && this.#begun % 2 === 0
  }

  async #check(folder: string, acknowledged: ReadonlySet<string>): Promise<Cut> {
    return this.#cleans ? checkCleaned(folder, acknowledged) : check(folder, acknowledged)
  }

  #roll(sides: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#seed / 2 ** 32) * sides)
  }

  /** Every kill in turn, in another order each time. */
  #nextKill(): Kill {
    if (this.#kills.length === 0) {
      const all: Kill[] = ['at random', 'at random', 'at random', ...commitPoints, ...appendPoints]
      if (this.#cleans) all.push(...cleanPoints)
      while (all.length > 0) this.#kills.push(...all.splice(this.#roll(all.length), 1))
    }
    return this.#kills.pop()!
  }

  async #inFolder(rounds: number): Promise<void> {
    this.#folder = mkdtempSync(join(tmpdir(), 'franz-crash-'))
    this.#begun++
    this.#kills = []
    this.#acknowledged = new Set()
    const log = EmbeddedLog.open(this.#folder)
    await log.create([{ name: 'transfers', partitions, cleanup: 'delete' }])
    if (this.#cleans) await log.create(lettingGo.map(topic => ({ ...topic, partitions })))
    await log.close()
    const until = this.#report.rounds + rounds
    await this.#produce()
    let voids = 0
    while (this.#report.rounds < until && !this.#over) {
      const counted = await this.#round(this.#nextKill())
      if (!counted) this.#report.voids++
      voids = counted ? 0 : voids + 1
      if (voids > 30) throw new Error(`30 rounds in a row were void; the runner says:\n${this.#spare.words}`)
      this.#options.progress?.(this.#report.rounds, this.#report.voids)
    }
    await this.#endProducer()
    if (!this.#over) await this.#heal()
    this.#report.acknowledged += this.#acknowledged.size
    remove(this.#folder)
  }

  async #produce(point?: Point, hit?: number): Promise<void> {
    const producer = new Victim(this.#build, 'producer')
    this.#producer = producer
    const acknowledged = this.#acknowledged
    producer.hear(message => {
      if (Array.isArray(message)) for (const id of message) acknowledged.add(id as string)
    })
    await producer.ready
    const tellsEarly = this.#options.defect === 'acknowledged before it is written'
    producer.tell({ folder: this.#folder, life: this.#lives++, point, hit, tellsEarly } satisfies Produce)
  }

  async #endProducer(): Promise<void> {
    this.#producer.tell('stop')
    await this.#producer.ended
  }

  /** True when it counts. */
  async #round(kill: Kill): Promise<boolean> {
    const ofProducer = (appendPoints as readonly Kill[]).includes(kill)
    const named = kill === 'at random' || ofProducer ? undefined : (kill as Point)
    const runner = this.#take()
    await runner.ready
    const startedMs = performance.now()
    runner.tell({
      folder: this.#folder,
      point: named,
      hit: 1 + this.#roll(hitsMax),
      defect: this.#options.defect,
      cleans: this.#cleans,
    } satisfies Go)
    const first = runner.says('committed')
    const limit = new AbortController()
    const missed = pause(missedMs, false, { signal: limit.signal }).catch(() => false)
    const began = await Promise.race([first, missed])
    if (began) this.#report.restartMs = Math.max(this.#report.restartMs, performance.now() - startedMs)
    if (ofProducer) await this.#killProducer(kill as Point)
    if (named === undefined) {
      await pause(this.#roll(randomMsMax))
      runner.kill()
    } else await Promise.race([runner.ended, missed])
    limit.abort()
    runner.kill()
    const how = await runner.ended
    const cut = await this.#judge(`round ${this.#report.rounds + 1}, killed ${kill}`)
    if (how !== 'SIGKILL') {
      this.#breach('I8', `the runner ended by itself with ${how}: ${runner.words}`, kill)
      return true
    }
    if (cut.left === 0 || (named === undefined && !began)) return false
    this.#report.rounds++
    this.#report.kills[kill] = (this.#report.kills[kill] ?? 0) + 1
    return true
  }

  #take(): Victim {
    const runner = this.#spare
    this.#spare = new Victim(this.#build, 'child')
    return runner
  }

  /** The producer of this round ends itself at a point, and another one takes its place. */
  async #killProducer(point: Point): Promise<void> {
    await this.#endProducer()
    await this.#produce(point, 1 + this.#roll(hitsMax))
    const how = await this.#producer.ended
    if (how !== 'SIGKILL')
      this.#breach('I8', `the producer ended by itself with ${how}: ${this.#producer.words}`, point)
    await this.#produce()
  }

  #breach(invariant: string, what: string, at: string): void {
    this.#report.breaches.push({ invariant, what, at } as Breach & { at: string })
  }

  async #judge(at: string): Promise<Cut> {
    const cut = await this.#check(this.#folder, new Set(this.#acknowledged))
    this.#report.breaches.push(...cut.breaches.map(breach => ({ ...breach, at })))
    return cut
  }

  /** Nobody is killed any more: all that is left must be done, and be what a run without crashes makes of the same input. */
  async #heal(): Promise<void> {
    const cut = await this.#toTheEnd(this.#folder)
    this.#report.breaches.push(...cut.breaches.map(breach => ({ ...breach, at: 'after healing' })))
    this.#report.records += cut.taken
    this.#report.late += cut.late
    this.#report.gone += cut.gone ?? 0
    const clean = await copyOfInput(this.#folder)
    const again = await this.#toTheEnd(clean)
    for (const [name, lines] of Object.entries(cut.outputs)) {
      const other = again.outputs[name]!
      const at = lines.findIndex((line, index) => line !== other[index])
      if (at >= 0 || lines.length !== other.length)
        this.#breach(
          'I11',
          `${name} differs from a run without crashes at ${at}: ${lines[at]} and ${other[at]}`,
          'after healing',
        )
    }
    remove(clean)
    this.#report.folders++
  }

  async #toTheEnd(folder: string): Promise<Cut> {
    const runner = this.#take()
    await runner.ready
    runner.tell({ folder, defect: this.#options.defect, cleans: this.#cleans } satisfies Go)
    await runner.says('committed')
    const untilMs = performance.now() + 6 * restartMsMax
    for (;;) {
      const cut = await this.#check(folder, new Set())
      if (cut.left === 0 || performance.now() > untilMs) {
        if (cut.left > 0) this.#breach('I8', `${cut.left} records are left, the runner says ${runner.words}`, 'healing')
        runner.tell('stop')
        const how = await runner.ended
        if (how !== 0)
          this.#breach('I8', `a runner that was told to stop ended with ${how}: ${runner.words}`, 'healing')
        return await this.#check(folder, folder === this.#folder ? this.#acknowledged : new Set())
      }
      await pause(100)
    }
  }
}
