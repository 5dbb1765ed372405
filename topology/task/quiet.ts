// Quiet. Owns: how long nothing has come into one task, in wall time, and how far stream time goes for that.
// Does not own: stream time itself (TaskTime), what its passing does (the operators).
// Q1  a task is quiet while every input is: a topic that was read to its end, or an exchange all of whose writers say that they are quiet.
// Q2  stream time goes on from the last record at the pace of the wall clock: never faster, and never while anything waits.
// Q3  the longer the quiet, the longer the steps: a day of it costs a few hundred commits, and each window closes a hundredth late at most.

import { tasksOf } from '../plan/counts.ts'
import type { Part, Plan } from '../plan/plan.ts'
import { idleOf, quietWriters } from '../plan/quiet.ts'
import type { LogRecord } from '../ports/log.ts'
import { readTime, timeBytes, writeTime } from '../time-bytes.ts'
import type { Queue } from './intake.ts'
import { noTime } from './time.ts'

/** The header of what is no record: a writer says that it is quiet, who it is and for how long. */
const quietHeader = '__franz.quiet'

/** Steps are this part of the quiet time, once that is longer than `idle`. */
const stepsOfQuiet = 100
/** A writer that has not repeated itself for so many steps has found work. */
const silentStepsMax = 3

/** What a writer says of itself. */
export interface QuietWord {
  readonly writer: number
  readonly quietMs: number
}

export const quietRecord = ({ writer, quietMs }: QuietWord, timestamp: number): LogRecord => {
  const value = new Uint8Array(2 * timeBytes)
  writeTime(value, 0, writer)
  writeTime(value, timeBytes, quietMs)
  return { key: null, value: null, timestamp, headers: [[quietHeader, value]] }
}

export const quietOf = ({ headers }: LogRecord): QuietWord | undefined => {
  const header = headers.find(([name]) => name === quietHeader)
  if (header === undefined) return undefined
  return { writer: readTime(header[1]!, 0), quietMs: readTime(header[1]!, timeBytes) }
}

/** What the writers of one exchange have said. */
interface Writers {
  readonly count: number
  readonly words: Map<number, { readonly quietMs: number; readonly atMs: number }>
}

export class Quiet {
  readonly #idleMs: number
  readonly #queues: readonly Queue[]
  readonly #writers = new Map<string, Writers>()
  /** The highest timestamp, and when the last record came. */
  #baseMs: number
  #sinceMs: number
  /** So much of this quiet has been let pass. */
  #passedMs = 0

  private constructor(idleMs: number, queues: readonly Queue[], baseMs: number, nowMs: number) {
    this.#idleMs = idleMs
    this.#queues = queues
    this.#baseMs = baseMs
    this.#sinceMs = nowMs
  }

  /** Undefined where time never passes without records. `baseMs`: how far time had come when the task was last at work. */
  static of(
    plan: Plan,
    part: Part,
    counts: ReadonlyMap<string, number>,
    queues: readonly Queue[],
    baseMs: number,
    nowMs: number,
  ): Quiet | undefined {
    const idleMs = idleOf(plan, part)
    if (idleMs === undefined) return undefined
    const quiet = new Quiet(idleMs, queues, baseMs, nowMs)
    const writers = quietWriters(plan, part)
    for (const { source } of queues) {
      const writer = writers.get(source.node)
      if (writer) quiet.#writers.set(source.topic, { count: tasksOf(writer, counts)!, words: new Map() })
    }
    return quiet
  }

  /** A record has come. */
  taken(timestamp: number, nowMs: number): void {
    this.#baseMs = Math.max(this.#baseMs, timestamp)
    this.#sinceMs = nowMs
    this.#passedMs = 0
  }

  /** A writer has said that it is quiet. */
  heard(topic: string, { writer, quietMs }: QuietWord, nowMs: number): void {
    this.#writers.get(topic)?.words.set(writer, { quietMs, atMs: nowMs })
  }

  /** How long every input has been quiet; 0 where one is not. */
  #quietMs(nowMs: number): number {
    let quietMs = nowMs - this.#sinceMs
    for (const { waiting, drained } of this.#queues) if (waiting > 0 || !drained) return 0
    for (const { count, words } of this.#writers.values()) {
      if (words.size < count) return 0
      for (const word of words.values()) {
        if (nowMs - word.atMs > silentStepsMax * this.#stepMs(word.quietMs)) return 0
        quietMs = Math.min(quietMs, word.quietMs)
      }
    }
    return quietMs
  }

  #stepMs(quietMs: number): number {
    return Math.max(this.#idleMs, Math.floor(quietMs / stepsOfQuiet))
  }

  /** Where stream time goes now, and how long it has been quiet for that; undefined: it stays. No time: there never was a record. */
  pass(nowMs: number): { readonly timeMs: number; readonly quietMs: number } | undefined {
    const quietMs = this.#quietMs(nowMs)
    if (quietMs < this.#passedMs + this.#stepMs(this.#passedMs)) return undefined
    this.#passedMs = quietMs
    return { timeMs: this.#baseMs === noTime ? noTime : this.#baseMs + quietMs, quietMs }
  }

  /** When to look again, if nothing comes until then. Where a writer has to speak first, its word is what comes. */
  dueMs(nowMs: number): number | undefined {
    if (this.#queues.some(({ waiting, drained }) => waiting > 0 || !drained)) return undefined
    const nextMs = this.#passedMs + this.#stepMs(this.#passedMs)
    for (const { count, words } of this.#writers.values()) {
      if (words.size < count) return undefined
      for (const { quietMs } of words.values()) if (quietMs < nextMs) return undefined
    }
    return Math.max(nowMs, this.#sinceMs + nextMs)
  }
}
