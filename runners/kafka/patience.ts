import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaError } from './failure.ts'

/** Brokers that were there and are away are waited for so long: nothing is lost meanwhile, it only waits. */
export const awayMsMax = 600_000
const firstPauseMs = 100
const pauseMsMax = 2_000

/** Tries again while no broker can be reached. Any other trouble is told at once. */
export const patiently = async <T>(work: () => Promise<T>, trouble: (error: KafkaError) => void): Promise<T> => {
  const endMs = performance.now() + awayMsMax
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMsMax, pauseMs * 2)) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof KafkaError) || error.trouble !== 'unreachable' || performance.now() > endMs) throw error
      trouble(error)
      await sleep(pauseMs)
    }
  }
}

let cannotEnd = false

/**
 * A native call that never answers holds a thread, and Node waits for its threads when it ends: such a process ends itself
 * by a signal when all else is done.
 */
const endBySignal = (): void => {
  if (cannotEnd) return
  cannotEnd = true
  process.once('exit', code => {
    process.removeAllListeners('SIGTERM')
    process.kill(process.pid, code === 0 ? 'SIGTERM' : 'SIGKILL')
  })
}

/** The answer of the client, or the error that says that it gave none: it has calls without any limit of their own. */
export const within = async <T>(answer: Promise<T>, endMs: number, none: () => Error): Promise<T> => {
  const stop = new AbortController()
  const late = sleep(Math.max(0, endMs - performance.now()), undefined, { signal: stop.signal }).then(() => {
    endBySignal()
    throw none()
  })
  late.catch(() => {})
  try {
    return await Promise.race([answer, late])
  } finally {
    stop.abort()
  }
}
