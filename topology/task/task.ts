// Task. Owns: the operators of one part for one partition number, their staged state, their intake and timers.
// Does not own: reading and committing (Worker), what the outbox does with appends (Worker).
// T1  one record at a time, walked through the steps to its end before the next is taken.
// T2  a record whose error policy lets the task go on leaves no output and no state behind but its dead letter.
// T3  changes() after beforeCommit() is all that differs from the committed state.

import { TopologyError } from '../errors.ts'
import type { Node } from '../graph/graph.ts'
import type { Asking, Context, DropReason, Opened, Origin, Step, View } from '../operators/operator.ts'
import { exchangeTopic, type Part, type Plan } from '../plan/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Fetched, ReadableStore, StoreChanges } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import { Journal } from '../state/journal.ts'
import type { Strictness } from '../state/staged.ts'
import type { CallDesk } from './call-desk.ts'
import type { Codecs } from './codecs.ts'
import { Failures } from './failures.ts'
import { Intake, Queue } from './intake.ts'
import type { Outbox } from './outbox.ts'
import { timerOrigin } from './policy.ts'
import { Quiet, quietRecord } from './quiet.ts'
import { type Decoded, Source } from './source.ts'
import { TaskState } from './task-state.ts'
import { TaskTime } from './task-time.ts'
import { Timers } from './timers.ts'
import { located, type Ports, reading, wire } from './wiring.ts'

/** What the tasks of one worker share. */
export interface TaskWorld {
  readonly plan: Plan
  readonly codecs: Codecs
  readonly counts: ReadonlyMap<string, number>
  readonly outbox: Outbox
  readonly clock: Clock
  readonly observer: Observer
  readonly globals: ReadonlyMap<string, View>
  readonly strict: Strictness
  /** Undefined for global tables, which call nobody. */
  readonly calls?: CallDesk
}

export class Task {
  readonly id: string
  readonly part: Part
  readonly partition: number
  readonly intake: Intake
  readonly #world: TaskWorld
  readonly #journal: Journal
  readonly #state: TaskState
  readonly #time: TaskTime
  readonly #quiet: Quiet | undefined
  readonly #opened: ReadonlyMap<string, Opened>
  readonly #full: readonly (() => boolean)[]
  #soon: (() => void)[] = []
  readonly #entries = new Map<Source, Step>()
  readonly #beforeCommit: (() => void)[] = []
  readonly #timers = new Timers((work, operator, key, timeMs) => this.#runTimer(work, operator, key, timeMs))
  readonly #failures: Failures
  /** Something was taken or a timer fired since the last commit. */
  touched = false

  constructor(world: TaskWorld, part: Part, partition: number, stores: ReadonlyMap<string, ReadableStore>) {
    this.id = `${part.id}_${partition}`
    this.part = part
    this.partition = partition
    this.#world = world
    this.#journal = new Journal(world.plan.graph.errors.policy !== 'fail')
    this.#failures = new Failures(this.id, partition, world, this.#journal)
    this.#state = new TaskState(part, partition, stores, this.#journal, node => this.#time.limitsOf(node), world.strict)
    const run = (work: () => void) => this.run(work, undefined)
    this.#time = new TaskTime(world.plan, part, this.#state, this.#timers, this.#journal, world.outbox, run)
    this.#opened = wire(part, (node, ports, view) => this.#context(node, ports, view))
    this.#time.attach(this.#opened)
    this.#full = [...this.#opened.values()].flatMap(({ full }) => full ?? [])
    this.intake = new Intake(this.#queues())
    const { plan, counts, clock } = world
    this.#quiet = Quiet.of(plan, part, counts, this.intake.queues, this.#state.latestMs, clock.now())
  }

  #queues(): Queue[] {
    const { codecs, counts, clock } = this.#world
    return this.part.sources.flatMap(({ node, topic, reads }) => {
      const count = counts.get(topic) ?? 0
      const own = this.partition < count ? [this.partition] : []
      const partitions = reads === 'all' ? Array.from({ length: count }, (_, partition) => partition) : own
      if (partitions.length === 0) return []
      const { facts } = this.part.nodes.find(other => other.node.id === node)!.node
      const source = new Source(node, topic, facts.source, codecs.get(topic)!, clock)
      const opened = this.#opened.get(facts.exchange ? reading(node) : node)!
      this.#entries.set(source, opened.steps[0]!)
      return partitions.map(partition => new Queue(source, partition))
    })
  }

  #context(node: Node, ports: Ports, view: (input: number) => View): Context {
    const { plan, codecs, outbox, globals, clock } = this.#world
    const state = this.#state
    const timers = this.#timers
    const failures = this.#failures
    const exchange = this.#time.exchange(node, exchangeTopic(plan.name, node.facts.exchange?.name ?? ''))
    return {
      id: node.id,
      partition: this.partition,
      emit: ports.of('out'),
      port: name => ports.of(name),
      codecs: store => codecs.get(state.changelog(store))!,
      topicCodecs: topic => codecs.get(topic)!,
      exchangeTopic: name => exchangeTopic(plan.name, name),
      staged: (store, codec, prefix) => state.staged(store, codec, prefix),
      time: () => state.time(node),
      view,
      global: store => globals.get(store)!,
      origin: () => failures.origin,
      append: (topic, record, placedBy) =>
        exchange
          ? exchange(topic, record, placedBy ?? this.partition)
          : outbox.append(topic, record, placedBy, this.partition, this.#journal),
      deadLetter: (topic, error) => failures.bury(topic, error),
      drop: reason => this.#drop(node, reason),
      // Consumers are opened first, so that the last one in is furthest upstream.
      beforeCommit: work => this.#beforeCommit.unshift(work),
      apart: (work, origin = failures.origin) => failures.apart(located(work, node.id), origin),
      undo: work => this.#journal.open && this.#journal.note(work),
      every: (which, name, intervalMs, work) =>
        state.every(timers, node, which, name, { intervalMs, work }, clock.now()),
      alarms: (which, name, ring) => state.alarms(timers, node, which, name, ring),
      call: () => this.#asking(node),
      soon: work => this.#soon.push(work),
      wallNow: () => clock.now(),
    }
  }

  #drop(node: Node, reason: DropReason): void {
    const { plan, observer } = this.#world
    if (reason === 'null key' && plan.graph.errors.nullKeys === 'refuse') {
      throw new TopologyError('KEY_MISSING', node.id, 'the record has no key, and one is needed here')
    }
    observer.dropped?.(node.id, reason)
  }

  /** Answers come between two records, each by itself. */
  #asking(node: Node): Asking {
    return this.#world.calls!.line(node.facts.call!.name).asking(work => {
      this.run(work, undefined)
      this.#time.rose()
    })
  }

  /** What operators wanted to do by itself. */
  catchUp(): void {
    const soon = this.#soon
    if (soon.length === 0) return
    this.#soon = []
    for (const work of soon) this.run(work, undefined)
    this.#time.rose()
  }

  /** An operator holds so much that no record should be taken. */
  get full(): boolean {
    return this.#full.some(full => full())
  }

  close(): void {
    for (const { close } of this.#opened.values()) close?.()
  }

  /** Works on one waiting record; false when there is none that may be taken now. */
  step(): boolean {
    const queue = this.full ? undefined : this.intake.next()
    if (queue === undefined) return false
    this.#work(queue)
    return true
  }

  #work(queue: Queue): void {
    const taken = queue.take()
    const { source } = queue
    this.touched = true
    if (taken.item === undefined && taken.error === undefined) {
      if (taken.quiet) this.#quiet?.heard(source.topic, taken.quiet, this.#world.clock.now())
      else this.#time.advance(taken.timestamp)
      return
    }
    this.#quiet?.taken(taken.timestamp, this.#world.clock.now())
    // Bytes that cannot be read say nothing about time.
    if (taken.error === undefined) this.#time.before(taken.timestamp, taken.claimMs)
    this.#world.observer.taken?.(this.id, { topic: source.topic, partition: queue.partition }, taken.record.offset)
    this.#journal.begin()
    const text = source.isText ? (taken.item?.key as string | undefined) : undefined
    const origin = { topic: source.topic, partition: queue.partition, record: taken.record, text }
    // The source's own policy is for what cannot be read; what a step makes of it meets the topology's.
    this.#failures.apart(() => this.#walk(source, taken), origin, taken.error && source.policy)
    if (taken.error === undefined) this.#time.after(taken.timestamp, taken.claimMs)
  }

  #walk(source: Source, { item, error }: Decoded): void {
    if (error) throw error
    if (source.dropsTombstones && item!.value === null) this.#world.observer.dropped?.(source.node, 'tombstone')
    else this.#entries.get(source)!(item!)
  }

  /** Work without a record of its own: timers and answers. `origin` is what its dead letter would carry. */
  run(work: () => void, origin: Origin | undefined): void {
    this.touched = true
    this.#journal.begin()
    this.#failures.apart(work, origin)
  }

  /** The state's key is all that a timer's dead letter can carry. */
  #runTimer(work: () => void, operator: string, key: string | null, timeMs: number): void {
    const store = this.part.stores.find(({ node }) => node === operator)
    this.run(work, timerOrigin(operator, store?.changelog ?? '', this.partition, key, timeMs))
  }

  /** Wall timers that are due, and quiet sources. */
  letTimePass(nowMs: number): void {
    this.#timers.passWall(nowMs)
    // What is not committed yet, or waits for an answer, is no quiet.
    if (this.#quiet === undefined || this.touched || this.#time.holds) return
    const passed = this.#quiet.pass(nowMs)
    if (passed === undefined) return
    this.touched = true
    if (passed.timeMs >= 0) this.#time.advance(passed.timeMs)
    this.#time.tell(quietRecord({ writer: this.partition, quietMs: passed.quietMs }, Math.max(0, passed.timeMs)))
  }

  /** When the wall clock must be looked at again. */
  get wallDueMs(): number | undefined {
    const timersMs = this.#timers.wallDueMs
    if (this.#quiet === undefined || this.#time.holds) return timersMs
    const quietMs = this.#quiet.dueMs(this.#world.clock.now())
    return timersMs === undefined || quietMs === undefined ? (timersMs ?? quietMs) : Math.min(timersMs, quietMs)
  }

  /** Lets operators finish what belongs to the commit at hand. */
  prepareCommit(): void {
    for (const work of this.#beforeCommit) this.run(work, undefined)
    this.#state.keepTimes()
  }

  changes(): StoreChanges[] {
    return this.#state.changes()
  }

  get dirtyEntries(): number {
    return this.#state.dirtyEntries
  }

  committed(): void {
    this.touched = false
    for (const queue of this.intake.queues) queue.moved = false
    this.#state.committed()
  }

  /** The table of an operator, for queries and tests: staged changes included. */
  view(node: string, store = ''): View | undefined {
    const opened = this.#opened.get(node)
    return opened?.views?.[store] ?? opened?.view
  }

  /** Takes records of a global table, outside any commit. */
  absorb(fetched: Fetched): void {
    const { topic, partition } = fetched
    const queue = this.intake.queues.find(other => other.source.topic === topic && other.partition === partition)!
    queue.add(fetched)
    while (queue.waiting > 0) this.#work(queue)
  }
}
