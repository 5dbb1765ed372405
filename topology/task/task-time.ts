// TaskTime. Owns: what holds stream time back in one task, and telling its operators that time goes on without a record.
// Does not own: the stream times themselves (KeptTime), timers (Timers).
// P1  downstream of a call, time does not pass the oldest record that waits there.
// P2  a record from another task speaks for no later time than that task could speak for: it says so in a header.

import type { Node } from '../graph/graph.ts'
import type { Opened } from '../operators/operator.ts'
import type { Part, Plan } from '../plan/plan.ts'
import type { LogRecord } from '../ports/log.ts'
import type { Journal } from '../state/journal.ts'
import { readTime, timeBytes, viewOf, writeTime } from '../time-bytes.ts'
import type { TaskState } from './task-state.ts'
import { KeptTime, type TimeLimits } from './time.ts'
import type { Timers } from './timers.ts'

/** The header of a record in an exchange that speaks for another time than its own. */
const claimHeader = '__franz.time'

const nothingHolds = Number.POSITIVE_INFINITY

/** The time that a record from an exchange speaks for, and the record without that header. */
export const claimOf = <R extends LogRecord>(
  record: R,
): { readonly record: R; readonly claimMs: number | undefined } => {
  const header = record.headers.find(([name]) => name === claimHeader)
  if (header === undefined) return { record, claimMs: undefined }
  const headers = record.headers.filter(other => other !== header)
  return { record: { ...record, headers }, claimMs: readTime(viewOf(header[1]!), 0) }
}

const claiming = (record: LogRecord, claimMs: number): LogRecord => {
  const value = new Uint8Array(timeBytes)
  writeTime(viewOf(value), 0, claimMs)
  return { ...record, headers: [...record.headers, [claimHeader, value]] }
}

export class TaskTime {
  readonly #part: Part
  readonly #state: TaskState
  readonly #timers: Timers
  readonly #journal: Journal
  readonly #run: (work: () => void) => void
  /** Without a call in the topology nothing holds time back. */
  readonly #limited: boolean
  #opened: ReadonlyMap<string, Opened> = new Map()
  /** For each node the calls between the sources and it. */
  readonly #calls = new Map<string, readonly string[]>()
  /** The claim of the record at work. */
  #claimMs = nothingHolds
  #ceilings = ''

  constructor(
    plan: Plan,
    part: Part,
    state: TaskState,
    timers: Timers,
    journal: Journal,
    run: (work: () => void) => void,
  ) {
    this.#part = part
    this.#state = state
    this.#timers = timers
    this.#journal = journal
    this.#run = run
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
      ceilingMs: () => {
        let ceiling = nothingHolds
        for (const call of calls) ceiling = Math.min(ceiling, this.#opened.get(call)?.ceiling?.() ?? nothingHolds)
        return ceiling
      },
    }
  }

  /** What the writer of an exchange does to its records: each says for which time it speaks, where that is not its own. */
  claims(node: Node): ((record: LogRecord) => LogRecord) | undefined {
    if (!this.#limited || node.facts.exchange === undefined) return undefined
    const time = new KeptTime('', undefined, this.#journal, this.limitsOf(node.id))
    return record => {
      time.advance(record.timestamp)
      const { now } = time
      return now === record.timestamp ? record : claiming(record, now)
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
  }

  /** Records that waited for answers have left: what they held back goes on. */
  rose(): void {
    const ceilings = [...this.#opened.values()].flatMap(({ ceiling }) => (ceiling ? [ceiling()] : [])).join()
    if (ceilings === this.#ceilings) return
    this.#ceilings = ceilings
    for (const { node, role } of this.#part.nodes) {
      if (role !== 'whole' || (this.#calls.get(node.id) ?? []).length === 0) continue
      const { advance } = this.#opened.get(node.id)!
      const time = this.#state.timeOf(node.id)
      if (advance && time !== undefined && time.now >= 0) this.#run(() => advance(time.now))
    }
    this.#timers.after()
  }
}
