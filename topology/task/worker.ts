// Worker. Owns: the tasks of one instance of a topology, when they commit, and what follows each outcome of a commit.
// Does not own: who has which partition (Member), the content of a commit (Task), waiting between turns (the runner).
// W1  one commit spans all tasks. Between commits nothing of what they did is visible to anybody.
// W2  after any outcome but `committed`, no staged state, no waiting record and no position survives in memory.
// W3  a task runs only while all its partitions are owned.

import { messageOf, TopologyError } from '../errors.ts'
import type { View } from '../operators/operator.ts'
import type { Plan } from '../plan/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Commit, Member, Outcome, Ownership, StoreChanges } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import type { Strictness } from '../state/staged.ts'
import { Ahead } from './ahead.ts'
import { CallDesk } from './call-desk.ts'
import { type Codecs, openCodecs } from './codecs.ts'
import { CommitPace } from './commit-pace.ts'
import { Globals } from './globals.ts'
import { HoldBack } from './hold-back.ts'
import { Outbox } from './outbox.ts'
import { TaskSet } from './task-set.ts'
import { ensureTopics } from './topics.ts'
import type { WorkerOptions } from './worker-options.ts'

/** What one turn did, for whoever decides when the next one comes. */
export interface Turn {
  readonly records: number
  readonly committed: boolean
  /** Nothing was done, nothing waits: until something arrives, or `wakeAtMs` comes. */
  readonly idle: boolean
  /** When there is something to do though nothing arrives. `turn` itself waits no longer than that. */
  readonly wakeAtMs: number | undefined
  /** Questions that are out for an answer. */
  readonly calls: number
}

/** Records read at once, for all partitions. */
const fetchRecordsMax = 5_000
/** Records worked on before a turn looks at the clock and at the log again. */
const turnRecordsMax = 2_000
/** And no more than these while calls are out: who has ended is not kept from its next question by records that only come to wait. */
const callingRecordsMax = 100
/** Appends that are given to a log early, so that it works while the tasks do. */
const earlyRecordsMin = 500
/** Staged records or changes that bring the next commit forward. */
const stagedEntriesMax = 50_000
/** Where records wait and none may be taken, the log is waited at for so long. */
const stuckWaitMs = 10
/** Fenced a second time within this, another process runs under our name. */
const fencedTwiceMs = 60_000

export class Worker {
  readonly plan: Plan
  readonly codecs: Codecs
  readonly counts: ReadonlyMap<string, number>
  readonly tasks: TaskSet
  readonly #options: WorkerOptions
  readonly #clock: Clock
  readonly #observer: Observer
  readonly #outbox: Outbox
  readonly #globals: Globals
  readonly #pace: CommitPace
  readonly #ahead: Ahead
  readonly #desk: CallDesk
  readonly #holdBack = new HoldBack()
  readonly #strict: Strictness = { on: false }
  #member!: Member
  /** The last turn found nothing to work on. */
  #stuck = false
  #fencedAt: number | undefined
  /** What was read since the last commit was given up, so it is to be read again. */
  #rewind = false
  /** Appends of the next commit that the log has already. */
  #early = 0

  private constructor(options: WorkerOptions, codecs: Codecs, counts: ReadonlyMap<string, number>) {
    this.#options = options
    this.plan = options.plan
    this.codecs = codecs
    this.counts = counts
    this.#clock = options.clock
    this.#observer = options.observer ?? {}
    this.#outbox = new Outbox(counts)
    this.#pace = new CommitPace(options.commitIntervalMs ?? 100, options.clock)
    const views = new Map<string, View>()
    this.#desk = new CallDesk(this.plan, options.calls, this.#clock, this.#observer)
    const world = {
      ...{ plan: this.plan, codecs, counts, clock: this.#clock, observer: this.#observer },
      ...{ globals: views, outbox: this.#outbox, strict: this.#strict },
    }
    this.#globals = new Globals(world, options.log, views)
    this.tasks = new TaskSet({ ...world, calls: this.#desk })
    this.#ahead = new Ahead(codecs, this.#clock, this.#observer)
  }

  /** Joins the log. Topics that are missing are made or refused, codecs opened, global tables read to their end. */
  static async start(options: WorkerOptions): Promise<Worker> {
    const counts = await ensureTopics(options.plan, options.log, options.partitionsDefault)
    const codecs = await openCodecs(options.plan, options.registry)
    const worker = new Worker(options, codecs, counts)
    await worker.#globals.read()
    await worker.#join()
    return worker
  }

  /** A global table of this instance, by the name of its store. */
  globalTable(store: string): View | undefined {
    return this.#globals.tables.get(store)
  }

  async #join(): Promise<void> {
    const { plan, log, instance } = this.#options
    const topics = plan.parts.flatMap(part =>
      part.sources.filter(({ reads }) => reads === 'own').map(({ topic }) => topic),
    )
    this.#member = await log.join(plan.name, instance, topics, this.#ownership())
  }

  #ownership(): Ownership {
    return {
      assigned: partitions => this.tasks.own(partitions),
      revoked: async partitions => {
        // What cannot be committed now is given up: its next owner starts from the last commit.
        if (this.tasks.touched && (await this.#commit()) !== 'committed') this.#forget()
        this.tasks.disown(partitions)
      },
      lost: partitions => {
        this.#forget()
        this.tasks.disown(partitions)
      },
    }
  }

  /** One round: read, work, let time pass, commit where that is due. `waitMs` is how long an empty log may be waited at. */
  async turn(waitMs = 0): Promise<Turn> {
    if (this.#rewind) await this.#recover()
    await this.#globals.read()
    // No record is joined with a table that is only half there.
    const opened = this.#globals.complete
      ? await this.tasks.open(name => this.#member.store(name), this.#member.restores)
      : []
    if (opened.length > 0) this.#member.resume(opened)
    const patienceMs = this.#patienceMs(waitMs)
    const read = await this.#member.fetch(fetchRecordsMax, patienceMs, this.#desk.arrival())
    // Where ownership changed meanwhile, all of it may come again.
    if (!this.#rewind) for (const fetched of read) this.#ahead.add(fetched)
    for (const fetched of await this.#ahead.ready()) this.tasks.add(fetched)
    this.tasks.expect(this.#ahead.held)
    this.#holdBack.look(this.tasks.queues(), this.#member)
    this.tasks.catchUp()
    this.#desk.deliver()
    this.#desk.pass()
    const recordsMax = this.#desk.out > 0 ? callingRecordsMax : turnRecordsMax
    const records = this.tasks.work(recordsMax)
    this.tasks.letTimePass(this.#clock.now())
    this.#desk.pass()
    this.#stuck = records === 0
    if (this.#outbox.records >= earlyRecordsMin) await this.#appendEarly()
    const dry = records < recordsMax
    const committed = await this.#commitIfDue(dry)
    const done = records === 0 && !committed && !this.tasks.touched
    const idle = done && this.tasks.waiting === 0 && !this.#desk.ready
    return { records, committed, idle, wakeAtMs: this.#wakeAtMs, calls: this.#desk.out }
  }

  get #wakeAtMs(): number | undefined {
    const dues = [
      this.tasks.wallDueMs,
      this.#desk.dueMs,
      this.tasks.touched ? this.#pace.dueAtMs(this.#desk.out > 0) : undefined,
    ]
    const known = dues.filter(due => due !== undefined)
    return known.length === 0 ? undefined : Math.min(...known)
  }

  /** How long an empty log may be waited at: not at all while there is work, and no longer than until something is due. */
  #patienceMs(waitMs: number): number {
    if (this.#desk.ready) return 0
    if (this.tasks.opening > 0) return Math.min(waitMs, stuckWaitMs)
    // Records that nobody could take wait for others, which may be on their way.
    if (this.tasks.waiting > 0) return this.#stuck ? Math.min(waitMs, stuckWaitMs) : 0
    const wakeAtMs = this.#wakeAtMs
    return wakeAtMs === undefined ? waitMs : Math.max(0, Math.min(waitMs, wakeAtMs - this.#clock.now()))
  }

  async #appendEarly(): Promise<void> {
    if (this.#member.append === undefined) return
    this.#early += this.#outbox.records
    await this.#member.append(this.#outbox.take())
  }

  async #commitIfDue(dry: boolean): Promise<boolean> {
    if (!this.tasks.touched) return false
    const full = this.#early + this.#outbox.records + this.tasks.dirtyEntries >= stagedEntriesMax
    if (!full && !this.#pace.due(dry, this.#desk.out > 0)) return false
    await this.#settle(await this.#commit())
    return true
  }

  /** Commits what has been done so far, whatever the interval says. */
  async flush(): Promise<void> {
    if (this.tasks.touched) await this.#settle(await this.#commit())
  }

  async #commit(): Promise<Outcome> {
    const startedMs = this.#clock.now()
    this.tasks.prepareCommit()
    const changes = this.#changes()
    if (changes === undefined) return 'aborted'
    const commit: Commit = {
      appends: this.#outbox.take(),
      changes,
      positions: this.tasks.positions(),
    }
    const outcome = await this.#member.commit(commit)
    const tookMs = this.#clock.now() - startedMs
    this.#pace.done(tookMs)
    if (outcome !== 'committed') return outcome
    const early = this.#early
    this.#early = 0
    this.#strict.on = false
    this.tasks.committed()
    this.#desk.committed()
    const count = (lists: readonly { readonly length: number }[]) => lists.reduce((sum, list) => sum + list.length, 0)
    this.#observer.committed?.({
      appends: early + count(commit.appends.map(({ records }) => records)),
      changes: count(commit.changes.map(({ entries }) => entries)),
      tookMs,
    })
    return outcome
  }

  /** Undefined: a value cannot be written. All since the last commit is to be done again, watching for the record that made it. */
  #changes(): StoreChanges[] | undefined {
    try {
      return this.tasks.changes()
    } catch (error) {
      if (this.#strict.on) throw error
      this.#strict.on = true
      this.#observer.note?.('warn', `${messageOf(error)} Looking for its record.`, { topology: this.plan.name })
      return undefined
    }
  }

  async #settle(outcome: Outcome): Promise<void> {
    if (outcome === 'committed') return
    this.#forget()
    this.#observer.note?.('warn', `a commit was ${outcome}: going back to the last one`, { topology: this.plan.name })
    if (outcome !== 'fenced') {
      await this.#recover()
      return
    }
    const now = this.#clock.now()
    if (this.#fencedAt !== undefined && now - this.#fencedAt < fencedTwiceMs) {
      throw new TopologyError('FENCED', this.plan.name, `another process runs as ${this.#options.instance}`)
    }
    this.#fencedAt = now
    await this.#member.close()
    this.tasks.disownAll()
    this.#rewind = false
    await this.#join()
  }

  async #recover(): Promise<void> {
    await this.#member.recover()
    this.#rewind = false
  }

  /** Drops all that has not been committed. Tasks open again with the next turn. */
  #forget(): void {
    this.#observer.rewound?.()
    this.#rewind = true
    this.#early = 0
    this.#outbox.clear()
    this.#ahead.clear()
    this.#holdBack.clear()
    this.tasks.forget()
  }

  /** Leaves without committing: of what has failed, nothing may be kept. */
  async abandon(): Promise<void> {
    this.#forget()
    this.#desk.close()
    await this.#member.close()
  }

  /** Commits and leaves. */
  async stop(): Promise<void> {
    await this.flush()
    this.#desk.close()
    await this.#member.close()
  }
}
