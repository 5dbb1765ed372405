import { TopologyError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { Calls } from '../ports/calls.ts'
import type { Clock } from '../ports/clock.ts'
import type { Observer } from '../ports/observer.ts'
import { CallLine } from './call-line.ts'

/** The calls of one worker: a line for each name, whichever tasks ask. */
export class CallDesk {
  readonly #calls: Calls | undefined
  readonly #clock: Clock
  readonly #lines = new Map<string, CallLine>()
  #ids = 0

  /** Refuses where a call of the plan has no implementation. */
  constructor(plan: Plan, calls: Calls | undefined, clock: Clock, observer: Observer) {
    this.#calls = calls
    this.#clock = clock
    for (const { id, facts } of plan.graph.nodes) {
      const { call } = facts
      if (call === undefined) continue
      const version = calls?.versionOf(call.name)
      if (calls === undefined || version === undefined) {
        throw new TopologyError('UNBOUND', plan.name, `nothing is bound to its call "${call.name}"`)
      }
      const figures = (outcome: 'answered' | 'failed' | 'timed out', tookMs: number) =>
        observer.called?.(call.name, outcome, tookMs)
      this.#lines.set(call.name, new CallLine(id, call, version, calls, () => ++this.#ids, figures))
    }
  }

  line(call: string): CallLine {
    return this.#lines.get(call)!
  }

  /** Attempts that are out. */
  get out(): number {
    let out = 0
    for (const line of this.#lines.values()) out += line.out
    return out
  }

  /** Something has ended and waits to be told. */
  get ready(): boolean {
    for (const line of this.#lines.values()) if (line.ready) return true
    return false
  }

  /** Resolves when an attempt has ended; undefined while none is out. */
  arrival(): Promise<void> | undefined {
    return this.out > 0 ? this.#calls!.arrival() : undefined
  }

  /** Tells who waits how their questions ended. */
  deliver(): void {
    if (this.#lines.size === 0) return
    const nowMs = this.#clock.now()
    for (const ended of this.#calls!.ended()) {
      for (const line of this.#lines.values()) if (line.owns(ended.id)) line.end(ended, nowMs)
    }
    for (const line of this.#lines.values()) line.deliver()
  }

  /** Looks at the clock: deadlines, retries, probes. */
  pass(): void {
    for (const line of this.#lines.values()) line.pass(this.#clock.now())
  }

  /** When the clock must be looked at again. */
  get dueMs(): number | undefined {
    const dues = [...this.#lines.values()].flatMap(line => line.dueMs ?? [])
    return dues.length === 0 ? undefined : Math.min(...dues)
  }

  committed(): void {
    for (const line of this.#lines.values()) line.committed()
  }

  close(): void {
    for (const line of this.#lines.values()) line.close()
  }
}
