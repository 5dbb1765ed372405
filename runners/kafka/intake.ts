import type { Consumer, Message, NativeError, PlaceAt } from './native.ts'

/** Records that one call of the client brings at most: what a turn of the worker takes. */
const batchRecordsMax = 2_000
/** So many records are drawn ahead: a commit leaves the thread idle, and drawing is half of the work on a record. */
const aheadRecordsMax = 8_000
/** And no more bytes than these. */
const aheadBytesMax = 16 * 1024 * 1024
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
 * Draws records from a consumer, some calls ahead of whoever works on them; never two at once, which would lose their order.
 * A call takes what is there and waits for nothing, so that an idle consumer holds no thread.
 */
export class Intake {
  readonly #consumer: Consumer
  #ready: Batch[] = []
  #readyRecords = 0
  #readyBytes = 0
  #ends: PlaceAt[] = []
  #asking: Promise<void> | undefined
  #woken = false
  #held = false
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
    this.#ask()
  }

  get #isAhead(): boolean {
    return this.#readyRecords >= aheadRecordsMax || this.#readyBytes >= aheadBytesMax
  }

  #ask(): void {
    if (this.#stopped || this.#held || this.#asking !== undefined || this.#isAhead) return
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
    // Its own list for each batch: what comes later must not be told before the records in between.
    const ends = this.#ends
    this.#ends = []
    const records = messages?.length ?? 0
    const empty = records === 0 && ends.length === 0
    if (!empty) {
      this.#ready.push({ messages: messages ?? [], ends })
      this.#readyRecords += records
      this.#readyBytes += bytesOf(messages ?? [])
    }
    if (!empty || error) this.announce()
    // A full call left more behind; a partial one has emptied the queue, of which the client says when it fills.
    if (this.#woken || records >= batchRecordsMax) this.#ask()
    if (this.#asking === undefined && this.#ready.length === 0)
      this.#timer = setTimeout(() => this.#ask(), askAgainMs).unref()
  }

  /** Takes of what has come as much as one call brings, or all of it, and asks for more at once. */
  take(recordsMax = batchRecordsMax): readonly Batch[] {
    const taken: Batch[] = []
    for (let records = 0; records < recordsMax && this.#ready.length > 0; ) {
      const batch = this.#ready.shift()!
      taken.push(batch)
      records += batch.messages.length
      this.#readyRecords -= batch.messages.length
      this.#readyBytes -= bytesOf(batch.messages)
    }
    this.#ask()
    return taken
  }

  /** Whoever waits looks again. */
  announce(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
  }

  /** Resolves when something has come, when `until` settles, or after a while. */
  async arrival(waitMs: number, until?: Promise<void>): Promise<void> {
    if (this.#ready.length > 0 || this.failure !== undefined) return
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

  /**
   * Waits for the call under way, and makes no other until `release`: what the client has drawn for partitions as they were
   * has come then, and is to be taken before they change.
   */
  async hold(): Promise<void> {
    this.#held = true
    while (this.#asking !== undefined) await this.#asking
  }

  release(): void {
    this.#held = false
    this.#ask()
  }

  /** Drops what was drawn and not taken: after this, only what the client has yet to hand over comes. */
  async settle(): Promise<void> {
    while (this.#asking !== undefined) await this.#asking
    this.#ready = []
    this.#readyRecords = 0
    this.#readyBytes = 0
    this.#ends = []
  }

  /** No call to the client is under way when this resolves, and none follows. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.settle()
  }
}

const bytesOf = (messages: readonly Message[]): number => {
  let bytes = 0
  for (const { key, value } of messages) bytes += (key?.length ?? 0) + (value?.length ?? 0)
  return bytes
}
