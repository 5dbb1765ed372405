/** Work that takes no longer than this is not worth a line. */
const quietMs = 1_000
const redrawMs = 200

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

/** How far work has come, on a terminal: how much, how fast, and how long it will still take where its end is known. */
export class Progress {
  readonly #what: string
  readonly #total: number | undefined
  readonly #startedMs = performance.now()
  #drawnMs = 0
  #drawn = false

  constructor(what: string, total?: number) {
    this.#what = what
    this.#total = total
  }

  at(done: number): void {
    const nowMs = performance.now()
    if (!process.stderr.isTTY || nowMs - this.#startedMs < quietMs || nowMs - this.#drawnMs < redrawMs) return
    this.#drawnMs = nowMs
    this.#drawn = true
    process.stderr.write(`\r\x1b[K${progressText(this.#what, done, this.#total, nowMs - this.#startedMs)}`)
  }

  /** Takes the line away: what came of it is said by whoever did it. */
  end(): void {
    if (this.#drawn) process.stderr.write('\r\x1b[K')
  }
}

export const progressText = (what: string, done: number, total: number | undefined, tookMs: number): string => {
  const rate = tookMs === 0 ? 0 : (done * 1_000) / tookMs
  const pace = `${whole.format(rate)}/s`
  if (total === undefined) return `${what}: ${whole.format(done)}, ${pace}`
  const percent = total === 0 ? 100 : Math.floor((100 * done) / total)
  const leftSeconds = rate === 0 ? Number.POSITIVE_INFINITY : (total - done) / rate
  const left = Number.isFinite(leftSeconds) ? `, ${timeText(leftSeconds)} left` : ''
  return `${what}: ${whole.format(done)} of ${whole.format(total)} (${percent} %), ${pace}${left}`
}

const timeText = (seconds: number): string => {
  if (seconds < 60) return `${Math.ceil(seconds)} s`
  if (seconds < 3_600) return `${Math.ceil(seconds / 60)} min`
  return `${(seconds / 3_600).toFixed(1)} h`
}
