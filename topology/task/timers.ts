// Timers. Owns: what the operators of one task want to be woken for, in stream time and in wall time.
// Does not own: what an error of the work meets (Task), the alarms' storage (Alarms).
// R1  an alarm rings once: before the first record that is later, or after the one that brings stream time to it.
// R2  a periodic timer in stream time fires after the record that brings its next multiple, once however many it passed.
// R3  work that sets an alarm for a time that is over rings it at the next occasion, never in the same round.

import type { Alarms } from '../state/alarms.ts'
import type { Timed } from '../state/time-index.ts'
import { type KeptTime, noTime } from './time.ts'

/** Runs work by itself; a dead letter of it would carry that key and time. */
export type Run = (work: () => void, operator: string, key: string | null, timeMs: number) => void

interface Ringing {
  readonly alarms: Alarms
  readonly ring: (key: string, timeMs: number) => void
}

export interface Periodic {
  readonly intervalMs: number
  readonly work: (timeMs: number) => void
}

/** A number that outlives the process. */
export interface Kept {
  get(): number | undefined
  put(value: number): void
}

/** What one operator waits for in stream time. */
class StreamTimers {
  readonly operator: string
  readonly time: KeptTime
  readonly ringing: Ringing[] = []
  readonly periodic: Periodic[] = []
  /** The periodic timers have fired for all time up to here. */
  passedMs: number

  constructor(operator: string, time: KeptTime) {
    this.operator = operator
    this.time = time
    this.passedMs = time.now
  }

  /** When a periodic timer fires next: at the next multiple of its interval, at once when there was no time yet. */
  dueMs({ intervalMs }: Periodic): number {
    return this.passedMs === noTime ? 0 : (Math.floor(this.passedMs / intervalMs) + 1) * intervalMs
  }
}

interface WallPeriodic extends Periodic {
  readonly operator: string
  readonly kept: Kept | undefined
  dueMs: number
}

interface Round extends Ringing {
  readonly operator: string
  readonly untilMs: number
}

export class Timers {
  readonly #stream = new Map<string, StreamTimers>()
  readonly #wallRinging: (Ringing & { readonly operator: string })[] = []
  readonly #wallPeriodic: WallPeriodic[] = []
  readonly #run: Run

  constructor(run: Run) {
    this.#run = run
  }

  get empty(): boolean {
    return this.#stream.size === 0
  }

  #of(operator: string, time: () => KeptTime): StreamTimers {
    let timers = this.#stream.get(operator)
    if (timers === undefined) {
      timers = new StreamTimers(operator, time())
      this.#stream.set(operator, timers)
    }
    return timers
  }

  /** Fires at every multiple of the interval; the first time as soon as there is a record. */
  everyStream(operator: string, time: () => KeptTime, periodic: Periodic): void {
    this.#of(operator, time).periodic.push(periodic)
  }

  ringStream(operator: string, time: () => KeptTime, ringing: Ringing): void {
    this.#of(operator, time).ringing.push(ringing)
  }

  /** Fires each time that the interval has passed since `nowMs`, or since what is kept says. */
  everyWall(operator: string, periodic: Periodic, nowMs: number, kept: Kept | undefined): void {
    const before = kept?.get()
    const dueMs = Math.min(before ?? Number.POSITIVE_INFINITY, nowMs + periodic.intervalMs)
    if (before !== dueMs) kept?.put(dueMs)
    this.#wallPeriodic.push({ ...periodic, operator, kept, dueMs })
  }

  ringWall(operator: string, ringing: Ringing): void {
    this.#wallRinging.push({ ...ringing, operator })
  }

  /** A record of this time is next. */
  before(timestamp: number): void {
    if (this.empty) return
    this.#ringStream(({ time }) => time.after(timestamp - 1))
    for (const { time } of this.#stream.values()) time.advance(timestamp)
  }

  /** The record is through, or time has passed without one. */
  after(): void {
    if (this.empty) return
    this.#ringStream(({ time }) => time.now)
    this.#fireStream()
  }

  /** Lets stream time pass without a record. */
  advance(timeMs: number): void {
    for (const { time } of this.#stream.values()) time.advance(timeMs)
    this.after()
  }

  #ringStream(untilOf: (timers: StreamTimers) => number): void {
    const rounds: Round[] = []
    for (const timers of this.#stream.values()) {
      const untilMs = untilOf(timers)
      for (const ringing of timers.ringing) {
        const { earliestMs } = ringing.alarms
        if (earliestMs !== undefined && earliestMs <= untilMs)
          rounds.push({ ...ringing, operator: timers.operator, untilMs })
      }
    }
    this.#ring(rounds)
  }

  /** The earliest first, whichever operator set it. */
  #ring(rounds: readonly Round[]): void {
    const past = new Map<Round, Timed>()
    for (;;) {
      let first: Timed | undefined
      let of: Round | undefined
      for (const round of rounds) {
        const next = round.alarms.next(round.untilMs, past.get(round))
        if (next === undefined || (first !== undefined && next.timeMs >= first.timeMs)) continue
        first = next
        of = round
      }
      if (first === undefined || of === undefined) return
      const { key, timeMs } = first
      const { alarms, ring, operator } = of
      past.set(of, first)
      // Not part of the work: should it fail and the policy let the others go on, the alarm is over all the same.
      alarms.cancel(key)
      this.#run(() => ring(key, timeMs), operator, key, timeMs)
    }
  }

  #fireStream(): void {
    const due: { readonly dueMs: number; readonly fire: () => void }[] = []
    for (const timers of this.#stream.values()) {
      const { now } = timers.time
      if (now <= timers.passedMs) continue
      for (const periodic of timers.periodic) {
        const dueMs = timers.dueMs(periodic)
        if (dueMs > now) continue
        due.push({ dueMs, fire: () => this.#run(() => periodic.work(now), timers.operator, null, now) })
      }
      timers.passedMs = now
    }
    due.sort((a, b) => a.dueMs - b.dueMs)
    for (const { fire } of due) fire()
  }

  /** The wall clock has gone on. */
  passWall(nowMs: number): void {
    if (this.#wallRinging.length + this.#wallPeriodic.length === 0) return
    this.#ring(this.#wallRinging.map(ringing => ({ ...ringing, untilMs: nowMs })))
    const due = this.#wallPeriodic.filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs)
    for (const timer of due) {
      const { intervalMs, work, operator, kept } = timer
      timer.dueMs += intervalMs * (1 + Math.floor((nowMs - timer.dueMs) / intervalMs))
      kept?.put(timer.dueMs)
      this.#run(() => work(nowMs), operator, null, nowMs)
    }
  }

  /** When the wall clock must be looked at again. */
  get wallDueMs(): number | undefined {
    if (this.#wallRinging.length + this.#wallPeriodic.length === 0) return undefined
    const dues = this.#wallPeriodic.map(({ dueMs }) => dueMs)
    for (const { alarms } of this.#wallRinging) if (alarms.earliestMs !== undefined) dues.push(alarms.earliestMs)
    return dues.length === 0 ? undefined : Math.min(...dues)
  }
}
