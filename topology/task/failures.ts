// Failures. Owns: which record or timer is at work, and what becomes of the error that it meets.
// Does not own: taking back what it did (Journal), who reads dead letters (the log).
// F1  an error ends the task, or is passed over, or becomes a dead letter, and is counted as that, once.
// F2  what goes on afterwards finds nothing of what the failed work did.

import { TopologyError } from '../errors.ts'
import type { ErrorPolicy } from '../graph/graph.ts'
import type { Origin } from '../operators/operator.ts'
import type { Plan } from '../plan/plan.ts'
import type { Observer } from '../ports/observer.ts'
import type { Journal } from '../state/journal.ts'
import type { Codecs } from './codecs.ts'
import type { Outbox } from './outbox.ts'
import { deadLetter, placed, reportOf, reportRecord } from './policy.ts'

export interface FailureWorld {
  readonly plan: Plan
  readonly codecs: Codecs
  readonly outbox: Outbox
  readonly observer: Observer
}

export class Failures {
  readonly #task: string
  readonly #partition: number
  readonly #world: FailureWorld
  readonly #journal: Journal
  #origin: Origin | undefined
  /** The error that ends the task: on its way out it meets no policy again. */
  #stopping: TopologyError | undefined

  constructor(task: string, partition: number, world: FailureWorld, journal: Journal) {
    this.#task = task
    this.#partition = partition
    this.#world = world
    this.#journal = journal
  }

  /** What a dead letter of the work at hand would carry. */
  get origin(): Origin | undefined {
    return this.#origin
  }

  /** Does work of that origin. Its error meets the policy, and only what the work did is taken back. */
  apart(work: () => void, origin: Origin | undefined, policy?: ErrorPolicy): void {
    const { mark } = this.#journal
    const outer = this.#origin
    this.#origin = origin
    try {
      work()
    } catch (error) {
      this.#meet(error, mark, policy ?? this.#world.plan.graph.errors.policy)
    } finally {
      this.#origin = outer
    }
  }

  #meet(thrown: unknown, mark: number, policy: ErrorPolicy): void {
    if (thrown === this.#stopping) throw thrown
    const { plan, observer } = this.#world
    const error =
      thrown instanceof TopologyError ? thrown : new TopologyError('BROKEN', this.#task, String(thrown), thrown)
    const origin = this.#origin
    const stops = policy === 'fail' || error.code === 'BROKEN' || (policy !== 'skip' && origin === undefined)
    if (stops) {
      observer.failed?.(error.at, 'fail', error)
      this.#stopping = placed(error, plan.name, origin)
      throw this.#stopping
    }
    this.#journal.rollback(mark)
    if (policy === 'skip') observer.failed?.(error.at, 'skip', error)
    else this.bury((policy as { deadLetter: string }).deadLetter, error)
  }

  /** Makes a dead letter of what is at work, and reports it. */
  bury(topic: string, error: TopologyError): void {
    const { plan, codecs, outbox, observer } = this.#world
    const origin = this.#origin
    if (origin === undefined) throw error
    observer.failed?.(error.at, 'dead letter', error)
    const letter = deadLetter(origin, error)
    outbox.append(topic, letter, letter.key, this.#partition, this.#journal)
    const { reports } = plan.graph.errors
    if (reports === undefined) return
    const report = reportRecord(reportOf(plan.name, origin, error, topic), codecs.get(reports.name)!)
    outbox.append(reports.name, report, report.key, this.#partition, this.#journal)
  }
}
