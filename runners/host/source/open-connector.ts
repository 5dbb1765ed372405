import type { Incoming, Note, Opened, SourceConnector } from '../../../topology/ports/connectors.ts'
import { within } from '../bell.ts'
import { type PauseLimits, Pauses } from '../pauses.ts'
import { closeDeadlineMs } from '../world.ts'

type Append = (records: readonly Incoming<never, never>[], cursor: string | undefined) => Promise<void>

/** Open for so long, a source has recovered from what failed before. */
const healthyMs = 60_000

/** A source's connector, kept open: what it throws when it opens, or what ends it later, is met by a pause and another try. */
export class OpenConnector {
  readonly #connector: SourceConnector
  readonly #note: Note
  readonly #cursor: () => string | undefined
  readonly #append: Append
  readonly #pauses: Pauses
  readonly #over = new AbortController()
  readonly #work: Promise<void>

  constructor(
    connector: SourceConnector,
    pauses: PauseLimits,
    note: Note,
    cursor: () => string | undefined,
    append: Append,
  ) {
    this.#connector = connector
    this.#pauses = new Pauses(pauses)
    this.#note = note
    this.#cursor = cursor
    this.#append = append
    this.#work = this.#keepOpen()
  }

  /** Closes it, and waits no longer than a connector may take for that. */
  async close(): Promise<void> {
    this.#over.abort()
    if (await within(this.#work, 2 * closeDeadlineMs)) return
    this.#note('error', `the source did not end within ${(2 * closeDeadlineMs) / 1_000} s and is left alone`)
  }

  async #keepOpen(): Promise<void> {
    const { signal } = this.#over
    const over = new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
    while (!signal.aborted) {
      const sinceMs = performance.now()
      let opened: Opened | undefined
      const own = new AbortController()
      signal.addEventListener('abort', () => own.abort(), { once: true })
      try {
        const opening = this.#connector.open(this.#feed(own.signal))
        opened = (await Promise.race([opening, over.then(() => undefined)])) ?? (await this.#late(opening))
        if (!signal.aborted) await Promise.race([over, opened?.ended ?? over])
      } catch (error) {
        if (performance.now() - sinceMs > healthyMs) this.#pauses.reset()
        const pauseMs = this.#pauses.nextMs()
        this.#note('warn', `${(error as Error).message}. Trying again in ${(pauseMs / 1_000).toFixed(1)} s.`)
        own.abort()
        await this.#closed(opened)
        opened = undefined
        await Promise.race([over, pause(pauseMs)])
      }
      own.abort()
      await this.#closed(opened)
    }
  }

  /** Told to stop while it opens: it may still come, and is closed then. */
  async #late(opening: Promise<Opened>): Promise<Opened | undefined> {
    let opened: Opened | undefined
    const taken = opening.then(
      late => {
        opened = late
      },
      () => {},
    )
    await within(taken, closeDeadlineMs)
    return opened
  }

  async #closed(opened: Opened | undefined): Promise<void> {
    // What ended it has been told; nobody waits for its end any more.
    opened?.ended?.catch(() => {})
    if (opened === undefined) return
    try {
      if (!(await within(opened.close(), closeDeadlineMs)))
        this.#note('error', `the source did not close within ${closeDeadlineMs / 1_000} s`)
    } catch (error) {
      this.#note('warn', `closing the source failed: ${(error as Error).message}`)
    }
  }

  #feed(signal: AbortSignal) {
    const cursor = this.#cursor()
    return {
      cursor,
      signal,
      note: this.#note,
      append: (records: readonly Incoming<never, never>[], next?: string) => this.#append(records, next),
    }
  }
}

const pause = (pauseMs: number): Promise<void> =>
  new Promise(resolve => {
    setTimeout(resolve, pauseMs).unref()
  })
