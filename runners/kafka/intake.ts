import type { Consumer, Message, NativeError, PlaceAt } from './native.ts'

/** Records that one call of the client brings at most: what a turn of the worker takes. */
const batchRecordsMax = 2_000
/** A client that says nothing is asked again after this: it also serves what is not a record, as a change of ownership. */
const askAgainMs = 200
/** After a failure the client is asked again after this. */
const failedPauseMs = 100

/** What one call brought, in the order of each partition. */
export interface Batch {
  readonly messages: readonly Message[]
  /** Partitions that were read to their committed end, with the offset there. */
  readonly ends: readonly PlaceAt[]
}

/**
 * Draws records from a consumer, one call ahead of whoever works on them; never two at once, which would lose their order.
 * A call takes what is there and waits for nothing, so that an idle consumer holds no thread.
 */
export class Intake {
  readonly #consumer: Consumer
  #ready: Batch | undefined
  #ends: PlaceAt[] = []
  #asking: Promise<void> | undefined
  #woken = false
  #stopped = false
  #againAtMs = 0
  #until: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #waiting: (() => void)[] = []
  /** What the client said instead of bringing records; taken by who reads it. */
  failure: NativeError | undefined

  constructor(consumer: Consumer) {
    this.#consumer = consumer
    consumer.setDefaultConsumeTimeout(0)
    consumer.setDefaultIsTimeoutOnlyForFirstMessage(false)
    consumer.on('partition.eof', end => this.#ends.push(end))
  }

  /** For the setting `queue_non_empty_cb`: something has come. */
  wake(): void {
    this.#woken = true
    if (this.#asking === undefined && this.#ready === undefined) this.#ask()
  }

  #ask(): void {
    if (this.#stopped || this.#asking !== undefined) return
    clearTimeout(this.#timer)
    const pauseMs = this.#againAtMs - performance.now()
    if (pauseMs > 0) {
      this.#timer = setTimeout(() => this.#ask(), pauseMs).unref()
      return
    }
    this.#woken = false
    this.#asking = new Promise(done => {
      this.#consumer.consume(batchRecordsMax, (error, messages) => {
        this.#asking = undefined
        done()
        this.#came(error, messages)
      })
    })
  }

  #came(error: NativeError | null | undefined, messages: Message[]): void {
    if (error) {
      this.failure = error
      // Brokers that are away fail at once, and would be asked without end.
      this.#againAtMs = performance.now() + failedPauseMs
    }
    const ends = this.#ends
    if (ends.length > 0) this.#ends = []
    const empty = (messages?.length ?? 0) === 0 && ends.length === 0
    if (!empty) this.#ready = { messages: messages ?? [], ends }
    if (!empty || error) this.announce()
    else if (this.#woken) this.#ask()
    if (this.#asking === undefined && this.#ready === undefined)
      this.#timer = setTimeout(() => this.#ask(), askAgainMs).unref()
  }

  /** Takes what has come and asks for more at once. */
  take(): Batch | undefined {
    const ready = this.#ready
    this.#ready = undefined
    this.#ask()
    return ready
  }

  /** Whoever waits looks again. */
  announce(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  /** Resolves when something has come, when `until` settles, or after a while. */
  async arrival(waitMs: number, until?: Promise<void>): Promise<void> {
    if (this.#ready !== undefined || this.failure !== undefined) return
    this.#ask()
    await new Promise<void>(resolve => {
      const done = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(done, waitMs)
      this.#waiting.push(done)
      this.#hear(until)
    })
  }

  /** Whoever waits looks again once it is settled; asked with the same one again and again, it is heard once. */
  #hear(until: Promise<void> | undefined): void {
    if (until === undefined || until === this.#until) return
    this.#until = until
    const settled = () => {
      if (this.#until === until) this.#until = undefined
      this.announce()
    }
    until.then(settled, settled)
  }

  /** No call to the client is under way: what it has brought can be taken. */
  async still(): Promise<void> {
    while (this.#asking !== undefined) await this.#asking
  }

  /** Drops what was drawn and not taken: after this, only what the client has yet to hand over comes. */
  async settle(): Promise<void> {
    await this.still()
    this.#ready = undefined
    this.#ends = []
  }

  /** No call to the client is under way when this resolves, and none follows. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.settle()
  }
}
