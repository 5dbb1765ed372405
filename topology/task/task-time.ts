// TaskTime. Owns: what holds stream time back in one task, and telling its operators that time goes on without a record.
// Does not own: the stream times themselves (KeptTime), timers (Timers).
// P1  downstream of a call, time does not pass the oldest record that waits there.
// P2  a record from another task speaks for no later time than that task could speak for: it says so in a header.

import type { Node } from '../graph/graph.ts'
import type { Opened } from '../operators/operator.ts'
import { exchangeTopic, type Part, type Plan } from '../plan/plan.ts'
import type { LogRecord } from '../ports/log.ts'
import type { Journal } from '../state/journal.ts'
import { Claims } from './claims.ts'
import type { Outbox } from './outbox.ts'
import type { TaskState } from './task-state.ts'
import type { TimeLimits } from './time.ts'
import type { Timers } from './timers.ts'

const nothingHolds = Number.POSITIVE_INFINITY

/** Appends to the partition that is given, or to that of the key's bytes. */
type Append = (topic: string, record: LogRecord, place: Uint8Array | number) => void

export class TaskTime {
  readonly #part: Part
  readonly #state: TaskState
  readonly #timers: Timers
  readonly #journal: Journal
  readonly #outbox: Outbox
  readonly #run: (work: () => void) => void
  /** Without a call in the topology nothing holds time back. */
  readonly #limited: boolean
  #opened: ReadonlyMap<string, Opened> = new Map()
  /** Something downstream of a call goes by the time. */
  #heeded = false
  /** For each node the calls between the sources and it. */
  readonly #calls = new Map<string, readonly string[]>()
  /** The claim of the record at work. */
  #claimMs = nothingHolds
  #ceilings = ''
  readonly #claims: { readonly topic: string; readonly claims: Claims }[] = []
  readonly #exchanges: readonly { readonly topic: string; readonly partitions: number }[]

  constructor(
    plan: Plan,
    part: Part,
    state: TaskState,
    timers: Timers,
    journal: Journal,
    outbox: Outbox,
    run: (work: () => void) => void,
  ) {
    this.#part = part
    this.#state = state
    this.#timers = timers
    this.#journal = journal
    this.#outbox = outbox
    this.#run = run
    this.#exchanges = part.nodes
      .filter(({ role }) => role === 'writer')
      .map(({ node }) => exchangeTopic(plan.name, node.facts.exchange!.name))
      .map(topic => ({ topic, partitions: outbox.partitions(topic) }))
    this.#limited = plan.graph.nodes.some(({ facts }) => facts.call !== undefined)
    if (this.#limited) for (const { node, role } of part.nodes) if (role !== 'reader') this.#trace(node)
  }

  /** Nodes stand after their inputs, so theirs are known. */
  #trace(node: Node): void {
    const calls = new Set<string>()
    for (const { from } of node.inputs) {
      for (const call of this.#calls.get(from) ?? []) calls.add(call)
      const input = this.#part.nodes.find(other => other.node.id === from && other.role === 'whole')
      if (input?.node.facts.call !== undefined) calls.add(from)
    }
    this.#calls.set(node.id, [...calls])
    const { stores = [], exchange } = node.facts
    if (calls.size > 0 && (stores.length > 0 || exchange !== undefined)) this.#heeded = true
  }

  /** The operators are at work from now on. */
  attach(opened: ReadonlyMap<string, Opened>): void {
    this.#opened = opened
  }

  limitsOf(node: string): TimeLimits | undefined {
    if (!this.#limited) return undefined
    const calls = this.#calls.get(node) ?? []
    return {
      claimMs: () => this.#claimMs,
      ceilingMs: () => this.#ceilingOf(calls, false),
    }
  }

  #ceilingOf(calls: readonly string[], staying: boolean): number {
    let ceiling = nothingHolds
    for (const call of calls) ceiling = Math.min(ceiling, this.#opened.get(call)?.ceiling?.(staying) ?? nothingHolds)
    return ceiling
  }

  /** How the writer of an exchange appends: its records say for which time they speak, where that is not their own. */
  exchange(node: Node, topic: string): Append | undefined {
    if (!this.#limited || node.facts.exchange === undefined) return undefined
    const calls = this.#calls.get(node.id) ?? []
    const claims = new Claims(() => this.#ceilingOf(calls, true), this.#journal)
    this.#claims.push({ topic, claims })
    return (to, record, place) => {
      const partition = this.#outbox.partitionFor(to, place)
      this.#outbox.append(to, claims.stamp(record, partition, this.#claimMs), partition, 0, this.#journal)
    }
  }

  /** A record of this time is next, and may speak for another one. */
  before(timestamp: number, claimMs = nothingHolds): void {
    this.#claimMs = claimMs
    this.#timers.before(timestamp)
  }

  /** The record is through. */
  after(timestamp: number, claimMs?: number): void {
    this.#claimMs = nothingHolds
    if (claimMs !== undefined && claimMs > timestamp) this.advance(claimMs)
    else this.#timers.after()
  }

  /** Lets time pass without a record: for the operators in their order, then for timers. */
  advance(timeMs: number): void {
    for (const { node, role } of this.#part.nodes) {
      const { advance } = (role === 'whole' && this.#opened.get(node.id)) || {}
      if (advance) this.#run(() => advance(timeMs))
    }
    this.#state.advance(timeMs)
    this.#timers.after()
    this.#release(timeMs)
  }

  /** Records wait here for an answer. */
  get holds(): boolean {
    for (const { ceiling } of this.#opened.values()) if (ceiling && ceiling(false) < nothingHolds) return true
    return false
  }

  /** Tells every reader of what this task writes. */
  tell(record: LogRecord): void {
    for (const { topic, partitions } of this.#exchanges) {
      for (let partition = 0; partition < partitions; partition++)
        this.#outbox.append(topic, record, partition, 0, this.#journal)
    }
  }

  /** Tells the readers of exchanges what they need not wait for any more. */
  #release(passedMs?: number): void {
    for (const { topic, claims } of this.#claims) {
      for (const [partition, record] of claims.released(passedMs))
        this.#outbox.append(topic, record, partition, 0, this.#journal)
    }
  }

  /** Records that waited for answers have left: what they held back goes on. */
  rose(): void {
    if (!this.#heeded) return
    const ceilings = [...this.#opened.values()].flatMap(({ ceiling }) => (ceiling ? [ceiling(false)] : [])).join()
    if (ceilings === this.#ceilings) return
    this.#ceilings = ceilings
    for (const { node, role } of this.#part.nodes) {
      if (role !== 'whole' || (this.#calls.get(node.id) ?? []).length === 0) continue
      const { advance } = this.#opened.get(node.id)!
      const time = this.#state.timeOf(node.id)
      if (advance && time !== undefined && time.now >= 0) this.#run(() => advance(time.now))
    }
    this.#timers.after()
    this.#release()
  }
}
