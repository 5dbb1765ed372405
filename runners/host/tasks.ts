import { setImmediate } from 'node:timers/promises'
import type { Worker } from '../../topology/task/worker.ts'
import { idleWaitMs } from './world.ts'

/** Part of a running topology: it works until it is stopped, or until something ends it. */
export interface Hosted {
  /** Resolves after `stop`, rejects with what ended it. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Lets a worker take its turns. */
export const hostTasks = (worker: Worker): Hosted => {
  let stopping = false
  const ended = (async () => {
    try {
      while (!stopping) {
        const { idle } = await worker.turn(idleWaitMs)
        // Everything on LMDB is synchronous: without this pause, signals and sockets would starve under load.
        if (!idle) await setImmediate()
      }
      await worker.stop()
    } catch (error) {
      // It leaves the log, so that it can be started again; what has ended it is what is told.
      await worker.abandon().catch(() => {})
      throw error
    }
  })()
  ended.catch(() => {})
  return {
    ended,
    async stop() {
      stopping = true
      await ended
    },
  }
}
