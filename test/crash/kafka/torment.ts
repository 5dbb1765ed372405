import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { KafkaLog } from '../../../runners/kafka/index.ts'
import { type Kafka, startKafka } from '../../parts/kafka.ts'
import { type Cut, judge } from '../oracle/check.ts'
import { partitions } from '../pipeline.ts'
import { compiled, remove } from '../victim.ts'
import type { KafkaDefect } from './defects.ts'
import { crew, type FaultName, faults, goesOnWithinMs, type Scene } from './faults.ts'
import { Onlooker } from './onlooker.ts'
import { TransferProducer } from './producer.ts'
import { CommitProxy } from './proxy.ts'
import { sessionMs, Team } from './team.ts'

// Torments runners on a real broker, heals them, and holds all that is committed against an oracle that shares no code.

const lookMs = 50
/** What a runner holds is looked at this often. */
const heldLookMs = 1_000
/** Whatever comes: its memory that is no file's, and what it has open. */
const memoryMbMax = 512
const filesMax = 512
const healingMs = 120_000
/** With a planted defect it may never be done. */
const healingWithDefectMs = 20_000
const voidsMax = 5
/** Of what a runner said, so much is shown. */
const wordsMax = 3_000

export interface TormentOptions {
  /** In their order, while records keep coming. */
  readonly faults: readonly FaultName[]
  readonly seed: number
  readonly groupProtocol?: 'consumer' | 'classic' | undefined
  readonly defect?: KafkaDefect | undefined
  /** How many times the limits of time are allowed: a guard where the machine has other work, too. */
  readonly slack?: number
  readonly progress?: (fault: FaultName, tookMs: number) => void
}

export interface Torment {
  readonly breaches: readonly { readonly invariant: string; readonly what: string; readonly at: string }[]
  /** How often each fault took place. */
  readonly counts: Readonly<Partial<Record<FaultName, number>>>
  /** The longest time from the end of such a fault until every partition had moved on. */
  readonly goesOnMs: Readonly<Partial<Record<FaultName, number>>>
  readonly voids: number
  /** Processes that were ended by SIGKILL while they worked. */
  readonly killed: number
  /** Starts that found no broker, said so and were repeated. */
  readonly vainStarts: number
  /** The most that any runner has held. */
  readonly memoryMb: number
  readonly files: number
  readonly acknowledged: number
  readonly taken: number
  readonly late: number
  /** Records that could not be handled. */
  readonly buried: number
}

export const torment = async (options: TormentOptions): Promise<Torment> => {
  const build = compiled()
  const proxy = new CommitProxy()
  const proxyPort = await proxy.listen()
  const settings = { 'group.consumer.session.timeout.ms': sessionMs, 'group.consumer.heartbeat.interval.ms': 300 }
  const kafka = await startKafka({ proxyPort, settings })
  proxy.forward(kafka.portBehind)
  const tormentor = new Tormentor(options, build, kafka, proxy)
  try {
    return await tormentor.run()
  } finally {
    await tormentor.close()
    await proxy.close()
    await kafka.stop()
    remove(build)
  }
}

class Tormentor {
  readonly #options: TormentOptions
  readonly #kafka: Kafka
  readonly #proxy: CommitProxy
  #scene!: Scene
  readonly #team: Team
  readonly #breaches: { invariant: string; what: string; at: string }[] = []
  readonly #counts: Partial<Record<FaultName, number>> = {}
  readonly #goesOnMs: Partial<Record<FaultName, number>> = {}
  #voids = 0
  #seed: number
  #now = 'start'
  #producer!: TransferProducer
  #onlooker!: Onlooker

  constructor(options: TormentOptions, build: string, kafka: Kafka, proxy: CommitProxy) {
    this.#options = options
    this.#kafka = kafka
    this.#proxy = proxy
    this.#seed = options.seed
    const brokersOf = (name: string): string => (name === crew[0] ? kafka.bootstrapBehind : kafka.bootstrap)
    this.#team = new Team({
      ...{ build, brokersOf },
      ...{ groupProtocol: options.groupProtocol, defect: options.defect, slack: options.slack },
    })
  }

  #roll(sides: number): number {
    this.#seed = (Math.imul(this.#seed, 1664525) + 1013904223) >>> 0
    return Math.floor((this.#seed / 2 ** 32) * sides)
  }

  #breach(invariant: string, what: string): void {
    this.#breaches.push({ invariant, what, at: this.#now })
  }

  async #stands(what: string): Promise<void> {
    const unsettled = await this.#onlooker.unsettled()
    const words = this.#team.names.map(name => `${name}: ${this.#team.victim(name).words.slice(-wordsMax)}`).join('\n')
    this.#breach('I8', `${what}. Open transactions: ${unsettled.join('; ') || 'none'}.\n${words}`)
  }

  async run(): Promise<Torment> {
    await this.#begin()
    const looking = setInterval(() => this.#team.look(), heldLookMs)
    for (const name of this.#options.faults) await this.#suffer(name)
    const { taken, late, buried = 0 } = await this.#heal()
    clearInterval(looking)
    const { memoryMb, files } = this.#team.held
    if (memoryMb > memoryMbMax || files > filesMax)
      this.#breach('I9', `a runner held ${Math.round(memoryMb)} MB of memory and ${files} files`)
    return {
      ...{ breaches: this.#breaches, counts: this.#counts, goesOnMs: this.#goesOnMs, voids: this.#voids },
      ...{ killed: this.#team.killed, vainStarts: this.#team.vainStarts, memoryMb, files },
      ...{ acknowledged: this.#producer.acknowledged.size, taken, late, buried },
    }
  }

  async #begin(): Promise<void> {
    const log = await KafkaLog.open({ brokers: this.#kafka.bootstrap, folder: join(tmpdir(), 'franz-crash-unused') })
    await log.create([{ name: 'transfers', partitions, cleanup: 'delete' }])
    await log.close()
    this.#producer = await TransferProducer.open(this.#kafka.bootstrap, this.#options.seed)
    this.#producer.start()
    this.#scene = {
      ...{ team: this.#team, kafka: this.#kafka, proxy: this.#proxy, producer: this.#producer },
      roll: sides => this.#roll(sides),
      breach: what => this.#breach('I8', what),
      progress: withinMs => this.#goesOn(withinMs).then(() => {}),
    }
    const first = await this.#team.start(crew[0])
    if (!(await first.says('committed'))) throw new Error(`the first runner did not start: ${first.words}`)
    this.#onlooker = await Onlooker.open(this.#kafka.bootstrap)
    for (const name of crew.slice(1)) await this.#team.start(name)
    await this.#goesOn(goesOnWithinMs.kill)
  }

  async #suffer(name: FaultName): Promise<void> {
    for (let tries = 0; ; tries++) {
      this.#now = `${name}, number ${(this.#counts[name] ?? 0) + 1}`
      if (await faults[name](this.#scene)) break
      this.#voids++
      if (tries === voidsMax) throw new Error(`${name} missed ${voidsMax} times in a row`)
    }
    this.#counts[name] = (this.#counts[name] ?? 0) + 1
    const tookMs = await this.#goesOn(goesOnWithinMs[name])
    this.#goesOnMs[name] = Math.max(this.#goesOnMs[name] ?? 0, tookMs)
    for (const surprise of this.#team.surprises.splice(0)) this.#breach('I8', surprise)
    for (const runner of crew) if (!this.#team.isThere(runner)) await this.#team.start(runner)
    this.#options.progress?.(name, tookMs)
  }

  /** Until every partition of the input has moved on. */
  async #goesOn(limitMs: number): Promise<number> {
    const withinMs = limitMs * (this.#options.slack ?? 1)
    const startedMs = performance.now()
    const marks = await this.#onlooker.inputPositions()
    for (;;) {
      const now = await this.#onlooker.inputPositions()
      const stuck = now.flatMap((position, partition) => (position > marks[partition]! ? [] : [partition]))
      const tookMs = performance.now() - startedMs
      if (stuck.length === 0) return tookMs
      if (tookMs > withinMs) {
        await this.#stands(`partitions ${stuck.join(', ')} do not go on within ${withinMs} ms`)
        return tookMs
      }
      await pause(lookMs)
    }
  }

  /** Nobody is tormented any more: all that is left must be done, and be what the input must become. */
  async #heal(): Promise<Cut> {
    this.#now = 'healing'
    await this.#producer.stop()
    const withinMs = this.#options.defect === undefined ? healingMs : healingWithDefectMs
    const endMs = performance.now() + withinMs
    for (;;) {
      if (await this.#onlooker.isDone()) break
      if (performance.now() > endMs) {
        await this.#stands(`${await this.#onlooker.left()} records are left after ${withinMs} ms`)
        break
      }
      await pause(100)
    }
    for (const name of this.#team.names) {
      const wrong = await this.#team.stop(name)
      if (wrong !== undefined) this.#breach('I8', wrong)
    }
    await this.#onlooker.caughtUp()
    await this.#onlooker.left()
    return await this.#judged()
  }

  /** What looks wrong is looked at once more, by one who reads all from the beginning. */
  async #judged(): Promise<Cut> {
    const cut = judge(this.#onlooker, this.#producer.acknowledged)
    if (cut.breaches.length === 0) return cut
    const again = await Onlooker.open(this.#kafka.bootstrap)
    await again.caughtUp()
    await again.left()
    const second = judge(again, this.#producer.acknowledged)
    await again.close()
    const seen = second.breaches.map(({ what }) => what)
    for (const { invariant, what } of cut.breaches) {
      const gone = /acknowledged records are gone, as (.+)/.exec(what)?.[1]
      const where = gone === undefined ? '' : `, which was acknowledged at ${this.#producer.placeOf(gone)}`
      const once = seen.includes(what) ? '' : ' (who reads it all once more does not find that)'
      this.#breach(invariant, `${what}${where}${once}`)
    }
    return cut
  }

  async close(): Promise<void> {
    this.#team.remove()
    await this.#onlooker?.close()
  }
}
