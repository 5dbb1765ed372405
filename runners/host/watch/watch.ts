import type { Plan } from '../../../topology/plan/plan.ts'
import type { Log, Partition } from '../../../topology/ports/log.ts'
import { waitingIn } from '../../../topology/task/look.ts'
import { Figures } from './figures.ts'
import { WatchedLog } from './watched-log.ts'

/** Records of a partition that a group has not taken yet. */
export interface Lag extends Partition {
  readonly group: string
  readonly position: number
  readonly lag: number
}

export interface StoreSize {
  readonly store: string
  readonly partition: number
  readonly entries: number
  readonly bytes: number | undefined
}

/** A part that was not asked for records for so long is stuck. */
const stuckMs = 60_000
/** Counting a large store takes a while: it is counted again after so many times as long as it took. */
const countPauseTimes = 20

/** What there is to see of a topology at work. */
export class Watch {
  readonly figures = new Figures()
  readonly log: WatchedLog
  readonly plan: Plan
  /** What has ended it, once something has. */
  ended: { readonly error: unknown } | undefined
  #sizes: readonly StoreSize[] = []
  #countAgainMs = 0

  constructor(plan: Plan, log: Log) {
    this.plan = plan
    this.log = new WatchedLog(log, this.figures)
  }

  async lags(): Promise<readonly Lag[]> {
    const standing = [...this.log.members].flatMap(([group, member]) =>
      member.standing().map(position => ({ group, ...position })),
    )
    return Promise.all(
      standing.map(async ({ group, topic, partition, offset }) => {
        const { next } = await this.log.ends({ topic, partition })
        return { group, topic, partition, position: offset, lag: Math.max(0, next - offset) }
      }),
    )
  }

  sizes(): readonly StoreSize[] {
    const startedMs = performance.now()
    if (startedMs < this.#countAgainMs) return this.#sizes
    const stores = this.log.members.get(this.plan.name)?.stores.values() ?? []
    this.#sizes = [...stores].map(({ store, partition, content }) => ({
      store,
      partition,
      entries: content.size,
      bytes: content.bytes,
    }))
    const tookMs = performance.now() - startedMs
    this.#countAgainMs = performance.now() + countPauseTimes * tookMs
    return this.#sizes
  }

  /** Records that wait for the answer of a call, by call: their store has other entries, too. */
  waiting(): readonly { readonly call: string; readonly records: number }[] {
    const stores = [...(this.log.members.get(this.plan.name)?.stores.values() ?? [])]
    return this.plan.graph.nodes.flatMap(({ facts: { call } }) => {
      if (call === undefined) return []
      const own = stores.filter(({ store }) => store === call.name)
      return [{ call: call.name, records: own.reduce((sum, { content }) => sum + waitingIn(content), 0) }]
    })
  }

  /** What is wrong with it, in words; undefined: nothing. */
  trouble(): string | undefined {
    if (this.ended !== undefined) {
      const { error } = this.ended
      return error instanceof Error ? error.message : String(error)
    }
    for (const [group, { lastTurnMs }] of this.log.members) {
      const quietMs = performance.now() - lastTurnMs
      if (quietMs > stuckMs) return `${group} has been stuck for ${Math.round(quietMs / 1_000)} s`
    }
    return undefined
  }
}
