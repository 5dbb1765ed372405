// Task. Owns: the operators of one part for one partition number, their staged state, their intake and timers.
// Does not own: reading and committing (Worker), what the outbox does with appends (Worker).
// T1  one record at a time, walked through the steps to its end before the next is taken.
// T2  a record whose error policy lets the task go on leaves no output and no state behind but its dead letter.
// T3  changes() after beforeCommit() is all that differs from the committed state.

import { TopologyError } from '../errors.ts'
import type { ErrorPolicy, Node } from '../graph/graph.ts'
import type { Context, Opened, Origin, Step, View } from '../operators/operator.ts'
import { exchangeTopic, type Part, type Plan } from '../plan/plan.ts'
import type { Clock } from '../ports/clock.ts'
import type { Fetched, ReadableStore, StoreChanges, StoreName } from '../ports/log.ts'
import type { Observer } from '../ports/observer.ts'
import { Journal } from '../state/journal.ts'
import { Staged, type ValueCodec } from '../state/staged.ts'
import type { Codecs } from './codecs.ts'
import { Intake, Queue } from './intake.ts'
import type { Outbox } from './outbox.ts'
import { deadLetter, reportOf } from './policy.ts'
import { type Decoded, Source } from './source.ts'
import { KeptTime, noTime, timeCodec } from './time.ts'
import { Timers } from './timers.ts'
import { type Ports, reading, wire } from './wiring.ts'

/** What the tasks of one worker share. */
export interface TaskWorld {
  readonly plan: Plan
  readonly codecs: Codecs
  readonly counts: ReadonlyMap<string, number>
  readonly outbox: Outbox
  readonly clock: Clock
  readonly observer: Observer
  readonly globals: ReadonlyMap<string, View>
}

interface OpenStore {
  readonly name: StoreName
  readonly base: ReadableStore
  readonly views: Staged<unknown>[]
}

export class Task {
  readonly id: string
  readonly part: Part
  readonly partition: number
  readonly intake: Intake
  readonly #world: TaskWorld
  readonly #journal: Journal
  readonly #stores: ReadonlyMap<string, OpenStore>
  readonly #opened: ReadonlyMap<string, Opened>
  readonly #entries = new Map<Source, Step>()
  readonly #times: KeptTime[] = []
  readonly #beforeCommit: (() => void)[] = []
  readonly #streamTimers = new Timers()
  readonly wallTimers = new Timers()
  #streamTime = noTime
  #origin: Origin | undefined
  /** Something was taken or a timer fired since the last commit. */
  touched = false

  constructor(world: TaskWorld, part: Part, partition: number, stores: ReadonlyMap<string, ReadableStore>) {
    this.id = `${part.id}_${partition}`
    this.part = part
    this.partition = partition
    this.#world = world
    this.#journal = new Journal(lenient(world.plan))
    this.#stores = new Map(
      part.stores.map(({ facts, changelog }) => [
        facts.name,
        { name: { store: facts.name, partition, changelog }, base: stores.get(facts.name)!, views: [] },
      ]),
    )
    this.#opened = wire(part, (node, ports, view) => this.#context(node, ports, view))
    this.intake = new Intake(this.#queues())
  }

  #queues(): Queue[] {
    const { codecs, counts, clock } = this.#world
    return this.part.sources.flatMap(({ node, topic }) => {
      if (this.partition >= (counts.get(topic) ?? 0)) return []
      const { facts } = this.part.nodes.find(other => other.node.id === node)!.node
      const source = new Source(node, topic, facts.source, codecs.get(topic)!, clock)
      const opened = this.#opened.get(facts.exchange ? reading(node) : node)!
      this.#entries.set(source, opened.steps[0]!)
      return [new Queue(source, this.partition)]
    })
  }

  #context(node: Node, ports: Ports, view: (input: number) => View): Context {
    const { plan, codecs, outbox, observer, globals, clock } = this.#world
    const changelogOf = (store: string) => this.#stores.get(store)!.name.changelog
    return {
      id: node.id,
      partition: this.partition,
      emit: ports.of('out'),
      port: name => ports.of(name),
      codecs: store => codecs.get(changelogOf(store))!,
      topicCodecs: topic => codecs.get(topic)!,
      exchangeTopic: name => exchangeTopic(plan.name, name),
      staged: (store, codec) => this.#staged(store, codec),
      time: () => this.#timeOf(node),
      view,
      global: store => globals.get(store)!,
      origin: () => this.#origin,
      append: (topic, record) => outbox.append(topic, record, this.partition, this.#journal),
      deadLetter: (topic, error) => this.#bury(topic, error),
      drop: reason => observer.dropped?.(node.id, reason),
      beforeCommit: work => this.#beforeCommit.push(work),
      every: (which, intervalMs, work) =>
        (which === 'stream' ? this.#streamTimers : this.wallTimers).every(intervalMs, work),
      wallNow: () => clock.now(),
    }
  }

  #staged<V>(store: string, codec: ValueCodec<V>): Staged<V> {
    const { base, views } = this.#stores.get(store)!
    const staged = new Staged(base, codec, this.#journal)
    views.push(staged as unknown as Staged<unknown>)
    return staged
  }

  #timeOf(node: Node): KeptTime {
    const store = node.facts.stores?.[0]?.name
    const time = new KeptTime(node.id, store === undefined ? undefined : this.#staged(store, timeCodec), this.#journal)
    this.#times.push(time)
    return time
  }

  /** Works on one waiting record; false when there is none that may be taken now. */
  step(): boolean {
    const queue = this.intake.next()
    if (queue === undefined) return false
    this.#work(queue)
    return true
  }

  #work(queue: Queue): void {
    const taken = queue.take()
    const { source } = queue
    this.touched = true
    this.#world.observer.taken?.(this.id, { topic: source.topic, partition: queue.partition }, taken.record.offset)
    this.#journal.begin()
    this.#origin = { topic: source.topic, partition: queue.partition, record: taken.record }
    try {
      this.#walk(source, taken)
    } catch (error) {
      this.#meet(error, source.policy)
    }
    this.#passStreamTime(taken.timestamp)
  }

  #walk(source: Source, { item, error }: Decoded): void {
    if (error) throw error
    if (source.dropsTombstones && item!.value === null) this.#world.observer.dropped?.(source.node, 'tombstone')
    else this.#entries.get(source)!(item!)
  }

  #passStreamTime(timestamp: number): void {
    if (this.#streamTimers.empty || timestamp <= this.#streamTime) return
    this.#streamTime = timestamp
    this.#streamTimers.pass(timestamp, work => this.run(work))
  }

  /** Work without a record of its own: timers and answers. `origin` is what its dead letter would carry. */
  run(work: () => void, origin: Origin | undefined = this.#origin): void {
    this.touched = true
    this.#journal.begin()
    this.#origin = origin
    try {
      work()
    } catch (error) {
      this.#meet(error, undefined)
    }
  }

  /** Wall timers that are due, and quiet sources. */
  letTimePass(nowMs: number): void {
    if (!this.wallTimers.empty) this.wallTimers.pass(nowMs, work => this.run(work, undefined))
  }

  /** Lets time pass where the input has been quiet. */
  advance(time: number): void {
    for (const { node, role } of this.part.nodes) {
      if (role !== 'whole') continue
      const { advance } = this.#opened.get(node.id)!
      if (advance) this.run(() => advance(time), undefined)
    }
  }

  #meet(thrown: unknown, own: ErrorPolicy | undefined): void {
    const { plan, observer } = this.#world
    const error =
      thrown instanceof TopologyError ? thrown : new TopologyError('BROKEN', this.id, String(thrown), thrown)
    const policy = own ?? plan.graph.errors.policy
    const origin = this.#origin
    const stops = policy === 'fail' || error.code === 'BROKEN' || (policy !== 'skip' && origin === undefined)
    observer.failed?.(error.at, stops ? 'fail' : policy === 'skip' ? 'skip' : 'dead letter', error)
    if (stops) throw this.#placed(error)
    this.#journal.rollback()
    this.#journal.begin()
    if (policy !== 'skip') this.#bury((policy as { deadLetter: string }).deadLetter, error)
  }

  /** A dead letter, and the report on it. */
  #bury(topic: string, error: TopologyError): void {
    const { plan, codecs, outbox } = this.#world
    const origin = this.#origin
    if (origin === undefined) throw error
    outbox.append(topic, deadLetter(origin, error), this.partition, this.#journal)
    const { reports } = plan.graph.errors
    if (reports === undefined) return
    const { key, value } = codecs.get(reports.name)!
    const report = reportOf(plan.name, origin, error)
    const record = {
      key: key.encode(report.topic),
      value: value.encode(report),
      timestamp: report.timestamp,
      headers: [],
    }
    outbox.append(reports.name, record, this.partition, this.#journal)
  }

  /** Says which record it was, for an error that will stop the task. */
  #placed(error: TopologyError): TopologyError {
    const origin = this.#origin
    if (origin === undefined) return error
    const where = `${this.#world.plan.name}, ${error.at} (${origin.topic}-${origin.partition}, offset ${origin.record.offset})`
    return new TopologyError(error.code, where, error.detail, error.cause)
  }

  /** Lets operators finish what belongs to the commit at hand. */
  prepareCommit(): void {
    for (const work of this.#beforeCommit) this.run(work, undefined)
    for (const time of this.#times) time.keep()
  }

  changes(): StoreChanges[] {
    const changes: StoreChanges[] = []
    for (const { name, views } of this.#stores.values()) {
      const entries = views.flatMap(view => view.changes())
      if (entries.length > 0) changes.push({ ...name, entries })
    }
    return changes
  }

  get dirtyEntries(): number {
    let dirty = 0
    for (const { views } of this.#stores.values()) for (const view of views) dirty += view.dirtyEntries
    return dirty
  }

  committed(): void {
    this.touched = false
    for (const queue of this.intake.queues) queue.moved = false
    for (const { views } of this.#stores.values()) for (const view of views) view.committed()
  }

  /** The table of an operator, for queries and tests: staged changes included. */
  view(node: string): View | undefined {
    return this.#opened.get(node)?.view
  }

  /** Takes records of a global table, outside any commit. */
  absorb(fetched: Fetched): void {
    const queue = this.intake.queues.find(({ source }) => source.topic === fetched.topic)!
    queue.add(fetched, 0)
    while (queue.waiting > 0) this.#work(queue)
  }
}

/** Whether any error lets the task go on, so that a record's effects must be taken back. */
const lenient = (plan: Plan): boolean =>
  plan.graph.errors.policy !== 'fail' ||
  plan.graph.nodes.some(({ facts }) => facts.source?.onError !== undefined && facts.source.onError !== 'fail')
