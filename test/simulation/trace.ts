import type { Partition } from '../../topology/ports/log.ts'
import type { Observer } from '../../topology/ports/observer.ts'
import type { Drive, Fault, Faults } from '../../topology/testing.ts'

export interface Taken extends Partition {
  readonly task: string
  readonly offset: number
}

/** One commit that the log has: what its tasks had taken, in which order, and in which order they committed. */
export interface CommittedWork {
  readonly instance: string
  readonly taken: readonly Taken[]
  readonly tasks: readonly string[]
}

/** Notes what the log really committed: the steps of a commit tell it, not the member, who may never learn. */
export class Trace {
  readonly commits: CommittedWork[] = []
  world: Drive | undefined
  readonly #taken = new Map<string, Taken[]>()
  readonly #inCommit = new Map<string, Omit<CommittedWork, 'instance'>>()

  observer(instance: string): Observer {
    const taken: Taken[] = []
    this.#taken.set(instance, taken)
    return {
      taken: (task, { topic, partition }, offset) => taken.push({ task, topic, partition, offset }),
      rewound: () => taken.splice(0),
    }
  }

  /** Wraps the faults of a run, for they are asked at every step of every commit. */
  watching(faults: Faults): Faults {
    return (step, instance): Fault | undefined => {
      if (step === 'begin') {
        const tasks = this.world?.tasks(instance).map(({ id }) => id) ?? []
        this.#inCommit.set(instance, { taken: this.#taken.get(instance)!.splice(0), tasks })
      }
      if (step === 'committed') this.commits.push({ instance, ...this.#inCommit.get(instance)! })
      return faults(step, instance)
    }
  }
}
