// HostedSource. Owns: membership of one source in the log, its commits, when its connector is open.
// Does not own: how records are got (SourceConnector), what is done with them (the tasks).
// S1  records and the cursor that speaks for them are in one commit, in the order in which they were appended.
// S2  the connector is open only while this instance owns the source; afterwards every append of it is refused.
// S3  an append resolves after its commit; where it rejects, nothing of it is in the log.

import { setImmediate } from 'node:timers/promises'
import { TopologyError } from '../../../topology/index.ts'
import type { Incoming, Note, SourceConnector } from '../../../topology/ports/connectors.ts'
import type { Member, Outcome } from '../../../topology/ports/log.ts'
import type { CodecPair } from '../../../topology/task/codecs.ts'
import { Pauses } from '../pauses.ts'
import { Encoder, gathered } from '../records.ts'
import type { Hosted } from '../tasks.ts'
import { fencedTwiceMs, idleWaitMs, noteOf, type World } from '../world.ts'
import { Cursor, makeSourceTopics, sourceNames } from './cursor.ts'
import { OpenConnector } from './open-connector.ts'
import { type Pending, PendingAppends } from './pending.ts'

export class HostedSource implements Hosted {
  readonly #world: World
  readonly #names: ReturnType<typeof sourceNames>
  readonly #note: Note
  readonly #encoder: Encoder
  readonly #connector: SourceConnector
  readonly #commitPauses: Pauses
  #ended!: Promise<void>
  #member!: Member
  #open: OpenConnector | undefined
  #pending = new PendingAppends()
  #cursor: Cursor | undefined
  #owned = false
  #stopping = false
  #fencedAtMs = Number.NEGATIVE_INFINITY

  private constructor(world: World, name: string, topic: string, codecs: CodecPair, connector: SourceConnector) {
    this.#world = world
    this.#names = sourceNames(world.plan.name, name)
    this.#note = noteOf(world, name)
    this.#encoder = new Encoder(this.#names.group, topic, codecs, world.counts.get(topic)!)
    this.#connector = connector
    this.#commitPauses = new Pauses(world.pauses)
  }

  /** Joins the log; the connector opens as soon as this instance owns the source. */
  static async start(
    world: World,
    name: string,
    topic: string,
    codecs: CodecPair,
    connector: SourceConnector,
  ): Promise<HostedSource> {
    const source = new HostedSource(world, name, topic, codecs, connector)
    await makeSourceTopics(world.log, source.#names)
    await source.#join()
    source.#ended = source.#work()
    source.#ended.catch(() => {})
    return source
  }

  get ended(): Promise<void> {
    return this.#ended
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#pending.arrival.ring()
    await this.#ended
  }

  async #join(): Promise<void> {
    this.#member = await this.#world.log.join(this.#names.group, this.#world.instance, [this.#names.control], {
      assigned: () => {
        this.#owned = true
      },
      revoked: () => this.#disown('revoked'),
      lost: () => this.#disown('lost'),
    })
  }

  async #disown(how: string): Promise<void> {
    this.#owned = false
    this.#cursor = undefined
    this.#pending.close(new Error(`${this.#names.group} is ${how}: another instance runs it now`))
    await this.#open?.close()
    this.#open = undefined
  }

  async #work(): Promise<void> {
    try {
      while (!this.#stopping) {
        if (this.#owned) await this.#keepOpen()
        await this.#turn(idleWaitMs)
      }
      await this.#finish()
    } finally {
      this.#pending.close(new Error(`${this.#names.group} has stopped`))
      await this.#open?.close()
      await this.#member.close()
    }
  }

  async #turn(waitMs: number): Promise<void> {
    if (this.#pending.empty) await this.#pending.arrival.during(arrived => this.#member.fetch(1, waitMs, arrived))
    else await this.#member.fetch(1, 0)
    if (this.#pending.empty || this.#cursor === undefined) return
    await this.#commit(this.#cursor)
    await setImmediate()
  }

  async #keepOpen(): Promise<void> {
    if (this.#open !== undefined) return
    this.#cursor = await Cursor.read(this.#member, this.#names)
    this.#pending = new PendingAppends()
    const pending = this.#pending
    const { pauses, observer } = this.#world
    this.#open = new OpenConnector(
      this.#connector,
      pauses,
      this.#note,
      () => this.#cursor?.value,
      async (records, cursor) => {
        await pending.add(this.#encoded(records), cursor)
        observer.brought?.(this.#names.group, records.length)
      },
    )
  }

  #encoded(records: readonly Incoming<never, never>[]): Pending['records'] {
    return records.map(record => this.#encoder.encode(record))
  }

  async #commit(cursor: Cursor): Promise<void> {
    const pending = this.#pending.next()
    const { kept, changes } = cursor.next(pending.findLast(each => each.cursor !== undefined)?.cursor)
    const appends = gathered(pending.flatMap(({ records }) => records))
    let outcome: Outcome
    try {
      outcome = await this.#member.commit({ appends, changes: [changes], positions: [] })
    } catch (error) {
      // The log says why, as a full disk: whoever appended knows, and what comes next is tried anew.
      this.#note('error', `nothing was appended: ${(error as Error).message}`)
      this.#pending.fail(error)
      return
    }
    if (outcome === 'fenced') return this.#fenced()
    if (outcome !== 'committed') {
      this.#note('warn', `a commit was ${outcome}: looking whether it is there`)
      await this.#member.recover()
      this.#cursor = await Cursor.read(this.#member, this.#names)
      // What is not there stays at the head of the queue, for the next turn after a pause.
      if (!this.#cursor.holds(kept)) {
        await this.#member.fetch(1, this.#commitPauses.nextMs())
        return
      }
    } else cursor.committed(kept)
    this.#commitPauses.reset()
    this.#pending.done(pending)
  }

  async #fenced(): Promise<void> {
    const nowMs = performance.now()
    if (nowMs - this.#fencedAtMs < fencedTwiceMs)
      throw new TopologyError('FENCED', this.#names.group, `another process runs as ${this.#world.instance}`)
    this.#fencedAtMs = nowMs
    await this.#disown('fenced')
    await this.#member.close()
    await this.#join()
  }

  /** The connector closes while its last appends are still committed; then nothing is left to do. */
  async #finish(): Promise<void> {
    let closed = this.#open === undefined
    const closing = this.#open?.close().then(() => {
      closed = true
      this.#pending.arrival.ring()
    })
    while (!closed || !this.#pending.empty) await this.#turn(idleWaitMs)
    await closing
  }
}
