import type { Member, Partition } from '../ports/log.ts'
import { type Queue, waitingRecordsMax } from './intake.ts'

/** Stops the reading of a partition of which many records wait, until half of them are done. */
export class HoldBack {
  readonly #paused = new Set<string>()

  look(queues: Iterable<readonly [Queue, Partition]>, member: Member): void {
    for (const [queue, partition] of queues) {
      const name = `${partition.topic}/${partition.partition}`
      if (queue.waiting >= waitingRecordsMax && !this.#paused.has(name)) {
        this.#paused.add(name)
        member.pause([partition])
      } else if (queue.waiting < waitingRecordsMax / 2 && this.#paused.delete(name)) member.resume([partition])
    }
  }

  /** Reading begins anew, and nothing waits. */
  clear(): void {
    this.#paused.clear()
  }
}
