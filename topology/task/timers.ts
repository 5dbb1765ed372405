/** Work that a task does when a clock passes the next multiple of an interval. */
interface Timer {
  readonly intervalMs: number
  readonly work: (time: number) => void
  due: number | undefined
}

/** The timers of one task on one clock. Several intervals passed at once are one call, as after a pause. */
export class Timers {
  readonly #timers: Timer[] = []

  every(intervalMs: number, work: (time: number) => void): void {
    this.#timers.push({ intervalMs, work, due: undefined })
  }

  get empty(): boolean {
    return this.#timers.length === 0
  }

  /** When the next one is due; undefined before the clock was first seen. */
  get due(): number | undefined {
    let due: number | undefined
    for (const timer of this.#timers)
      if (timer.due !== undefined && (due === undefined || timer.due < due)) due = timer.due
    return due
  }

  /** `run` decides what an error of the work meets. */
  pass(now: number, run: (work: () => void) => void): boolean {
    let any = false
    for (const timer of this.#timers) {
      timer.due ??= now + timer.intervalMs
      if (now < timer.due) continue
      timer.due += timer.intervalMs * (1 + Math.floor((now - timer.due) / timer.intervalMs))
      any = true
      run(() => timer.work(now))
    }
    return any
  }
}
