// HostedSink. Owns: membership of one sink in the log, the order of fetch, deliver and commit, what follows each failure.
// Does not own: how records are written (SinkConnector), what a refused one becomes (Outcomes).
// D1  a position is committed only after the sink has written everything before it, or the error policy was met.
// D2  where the sink keeps positions by itself, the earlier one of the sink and the log counts, at each assignment and
//     after each unknown end.
// D3  one batch is under way: a sink that is slow or away holds back its own reading, and nothing else.

import { setImmediate } from 'node:timers/promises'
import { TopologyError } from '../../../topology/index.ts'
import type { Note, SinkConnector } from '../../../topology/ports/connectors.ts'
import type { Member, Outcome, Partition, Position } from '../../../topology/ports/log.ts'
import type { Codecs } from '../../../topology/task/codecs.ts'
import { Bell } from '../bell.ts'
import { Pauses } from '../pauses.ts'
import { gathered } from '../records.ts'
import type { Hosted } from '../tasks.ts'
import { fencedTwiceMs, idleWaitMs, noteOf, type World } from '../world.ts'
import { type Batch, decoded } from './batch.ts'
import { SinkSession } from './open-sink.ts'
import { Outcomes } from './outcome.ts'
import { readTopic } from './read.ts'

/** Records of one delivery at most. */
const batchRecordsMax = 500

const nameOf = ({ topic, partition }: Partition): string => `${topic}/${partition}`

export class HostedSink implements Hosted {
  readonly #world: World
  readonly #group: string
  readonly #topics: readonly string[]
  readonly #note: Note
  readonly #codecs: Codecs
  readonly #outcomes: Outcomes
  readonly #session: SinkSession
  readonly #pauses: Pauses
  readonly #stop = new Bell()
  readonly #owned = new Map<string, Partition>()
  #ended!: Promise<void>
  #member!: Member
  /** Owned, and the sink has not been told since. */
  #fresh = new Set<string>()
  #batch: Batch | undefined
  #stopping = false
  #fencedAtMs = Number.NEGATIVE_INFINITY

  private constructor(world: World, name: string, topics: readonly string[], codecs: Codecs, connector: SinkConnector) {
    this.#world = world
    this.#group = `${world.plan.name}.${name}`
    this.#topics = topics
    this.#note = noteOf(world, name)
    this.#codecs = codecs
    this.#outcomes = new Outcomes(world, this.#group, codecs)
    this.#pauses = new Pauses(world.pauses)
    this.#session = new SinkSession(connector, {
      topology: world.plan.name,
      name,
      logId: world.log.id,
      note: this.#note,
      read: topic => readTopic(world, this.#group, topic),
    })
  }

  static async start(
    world: World,
    name: string,
    topics: readonly string[],
    codecs: Codecs,
    connector: SinkConnector,
  ): Promise<HostedSink> {
    const sink = new HostedSink(world, name, topics, codecs, connector)
    await sink.#join()
    sink.#ended = sink.#work()
    sink.#ended.catch(() => {})
    return sink
  }

  get ended(): Promise<void> {
    return this.#ended
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#session.stop()
    this.#stop.ring()
    await this.#ended
  }

  async #join(): Promise<void> {
    this.#member = await this.#world.log.join(this.#group, this.#world.instance, this.#topics, {
      assigned: partitions => {
        for (const partition of partitions) {
          this.#owned.set(nameOf(partition), partition)
          this.#fresh.add(nameOf(partition))
        }
      },
      revoked: partitions => this.#disown(partitions),
      lost: partitions => this.#disown(partitions),
    })
  }

  /** Between two calls of the sink: what it has written is committed, what waits is given up and read by the next owner. */
  async #disown(partitions: readonly Partition[]): Promise<void> {
    for (const partition of partitions) {
      this.#owned.delete(nameOf(partition))
      this.#fresh.delete(nameOf(partition))
    }
    this.#again()
    await this.#session.revoked(partitions)
  }

  /** Nothing that was read counts any more: all of it is read again from where the sink or the log says. */
  #again(): void {
    this.#batch = undefined
    for (const name of this.#owned.keys()) this.#fresh.add(name)
  }

  async #work(): Promise<void> {
    try {
      while (!this.#stopping) {
        try {
          await this.#turn()
        } catch (error) {
          if (error instanceof TopologyError) throw error
          await this.#failed(error as Error)
        }
      }
    } finally {
      await this.#session.close()
      await this.#member.close()
    }
  }

  /** The sink or the log did not take it: the same again after a pause, in which membership is kept. */
  async #failed(error: Error): Promise<void> {
    const pauseMs = this.#pauses.nextMs()
    this.#note('warn', `${error.message}. Trying again in ${(pauseMs / 1_000).toFixed(1)} s.`, {
      failures: this.#pauses.failures,
    })
    this.#member.pause([...this.#owned.values()])
    const untilMs = performance.now() + pauseMs
    while (!this.#stopping && performance.now() < untilMs) {
      const leftMs = Math.max(1, untilMs - performance.now())
      await this.#stop.during(stopped => this.#member.fetch(1, leftMs, stopped))
      await setImmediate()
    }
    this.#member.resume([...this.#owned.values()].filter(partition => !this.#fresh.has(nameOf(partition))))
  }

  async #turn(): Promise<void> {
    if (this.#owned.size > 0) {
      if (await this.#session.open()) {
        this.#again()
        await this.#member.recover()
      }
      if (this.#fresh.size > 0) await this.#begin()
    }
    this.#batch ??= await this.#next()
    const batch = this.#batch
    if (batch === undefined) return
    const delivery = batch.outgoing.length === 0 ? undefined : await this.#session.deliver(batch.outgoing)
    const appends = gathered(await this.#outcomes.appends(batch, delivery))
    const outcome = await this.#member.commit({ appends, changes: [], positions: batch.positions })
    await this.#settle(outcome, batch)
    await setImmediate()
  }

  async #next(): Promise<Batch | undefined> {
    const fetched = await this.#stop.during(stopped => this.#member.fetch(batchRecordsMax, idleWaitMs, stopped))
    if (this.#stopping || !fetched.some(({ records }) => records.length > 0)) {
      await setImmediate()
      return undefined
    }
    return this.#decoded(fetched)
  }

  async #decoded(fetched: Awaited<ReturnType<Member['fetch']>>): Promise<Batch> {
    try {
      return await decoded(this.#group, fetched, this.#codecs)
    } catch (error) {
      // The registry is out of reach: the member has gone past these records, and must come back to them.
      this.#again()
      await this.#member.recover()
      throw error
    }
  }

  /** Goes on where the sink says, or else the log. */
  async #begin(): Promise<void> {
    const partitions = [...this.#fresh].map(name => this.#owned.get(name)!)
    const kept = await this.#beforeBoth(await this.#session.assigned(partitions))
    if (kept.length > 0) {
      const outcome = await this.#member.commit({ appends: [], changes: [], positions: kept })
      if (outcome !== 'committed') return this.#settle(outcome, undefined)
      await this.#member.recover()
      // Recovering has paused every partition.
      this.#member.resume([...this.#owned.values()])
    } else this.#member.resume(partitions)
    this.#fresh.clear()
  }

  /**
   * A sink ahead of the log has written a batch whose commit is missing: the batch comes again, for its dead letters and for
   * what the sink appends. A sink behind the log has lost what it had written.
   */
  async #beforeBoth(kept: readonly Position[]): Promise<readonly Position[]> {
    if (kept.length === 0) return kept
    for (const position of kept) await this.#refuseBeyond(position)
    const committed = new Map((await this.#member.positions()).map(position => [nameOf(position), position.offset]))
    return kept.filter(position => position.offset < (committed.get(nameOf(position)) ?? 0))
  }

  /** A position beyond the end would skip whatever comes until then. */
  async #refuseBeyond(position: Position): Promise<void> {
    const { next } = await this.#world.log.ends(position)
    if (position.offset <= next) return
    const detail = `the sink has kept offset ${position.offset} of ${nameOf(position)}, which ends at ${next}: it has written for another log`
    throw new TopologyError('FENCED', this.#group, detail)
  }

  async #settle(outcome: Outcome, batch: Batch | undefined): Promise<void> {
    if (outcome === 'committed') {
      this.#batch = undefined
      this.#pauses.reset()
      if (batch !== undefined) this.#world.observer.delivered?.(this.#group, batch.outgoing.length)
      return
    }
    this.#again()
    this.#note('warn', `a commit was ${outcome}: going back to the last one`)
    if (outcome !== 'fenced') return this.#member.recover()
    const nowMs = performance.now()
    if (nowMs - this.#fencedAtMs < fencedTwiceMs)
      throw new TopologyError('FENCED', this.#group, `another process runs as ${this.#world.instance}`)
    this.#fencedAtMs = nowMs
    await this.#session.close()
    await this.#member.close()
    this.#owned.clear()
    this.#fresh.clear()
    await this.#join()
  }
}
