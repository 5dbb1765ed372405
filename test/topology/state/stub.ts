import { text } from '../../../topology/index.ts'
import type { Context, StreamTime } from '../../../topology/operators/operator.ts'
import { Journal } from '../../../topology/state/journal.ts'
import { Staged } from '../../../topology/state/staged.ts'
import { MemoryStore } from '../../../topology/testing.ts'

const codec = text.open({ topic: 't', part: 'value' }, undefined)

/** A store of texts under texts, committed and reopened by hand: for tests of what keeps its content in one. */
export const stubStore = () => {
  const base = new MemoryStore()
  let views: { changes(): [Uint8Array, Uint8Array | null][]; committed(): void }[] = []
  let beforeCommit: (() => void)[] = []
  const context = (): Context => {
    views = []
    beforeCommit = []
    const opened: Partial<Context> = {
      codecs: () => ({ key: codec, value: codec }) as ReturnType<Context['codecs']>,
      staged(_store, valueCodec, prefix) {
        const staged = new Staged(base, valueCodec, new Journal(false), undefined, prefix)
        views.push(staged as Staged<never>)
        return staged
      },
      undo: () => {},
      beforeCommit: work => void beforeCommit.push(work),
    }
    return opened as Context
  }
  return {
    base,
    /** Opens it, from what is committed alone. */
    context,
    commit() {
      for (const work of beforeCommit) work()
      const changes = views.flatMap(view => view.changes())
      base.write(changes, { logId: 'log', topicId: 'topic', offset: 0, timeMs: 0 })
      for (const view of views) view.committed()
    },
  }
}

export const plainTime = (now = -1): StreamTime & { now: number } => {
  const time = {
    now,
    advance(timestamp: number) {
      time.now = Math.max(time.now, timestamp)
    },
  }
  return time
}

/** A seeded order of things, the same on every machine: whole numbers below `sides`. */
export const dice = (seed: number) => {
  let state = seed
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}
