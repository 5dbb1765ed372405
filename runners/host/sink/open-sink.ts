import type {
  Delivery,
  Note,
  OpenSink,
  Outgoing,
  SinkConnector,
  SinkContext,
} from '../../../topology/ports/connectors.ts'
import type { Partition, Position } from '../../../topology/ports/log.ts'
import { Bell, within } from '../bell.ts'
import { closeDeadlineMs } from '../world.ts'

/** A delivery that takes longer is given up: the sink is closed, opened again and given the same records. */
const deliverDeadlineMs = 120_000

type AnyOpenSink = OpenSink<unknown, unknown>

/** A sink's connector, opened when it is needed, with a limit on everything that may hang. */
export class SinkSession {
  readonly #connector: SinkConnector
  readonly #context: Omit<SinkContext, 'signal'>
  readonly #note: Note
  #over = new AbortController()
  #open: AnyOpenSink | undefined
  /** Ends a delivery that is under way when there is no more time for it. */
  readonly #cut = new Bell()
  #stopping = false
  /** What has ended it by itself. */
  #broken: { readonly error: unknown } | undefined

  constructor(connector: SinkConnector, context: Omit<SinkContext, 'signal'>) {
    this.#connector = connector
    this.#context = context
    this.#note = context.note
  }

  /** Whether it has been opened by this, and knows nothing yet of what is its own. */
  async open(): Promise<boolean> {
    if (this.#broken !== undefined) {
      const { error } = this.#broken
      await this.close()
      throw error
    }
    if (this.#open !== undefined) return false
    this.#over = new AbortController()
    if (this.#stopping) this.#over.abort()
    const open = (await this.#connector.open({ ...this.#context, signal: this.#over.signal })) as AnyOpenSink
    open.ended?.catch(error => {
      if (this.#open === open) this.#broken = { error }
    })
    this.#open = open
    return true
  }

  /** Positions that the sink keeps by itself, of partitions that are its own from now on. */
  async assigned(partitions: readonly Partition[]): Promise<readonly Position[]> {
    return (await this.#open?.assigned?.(partitions)) ?? []
  }

  async revoked(partitions: readonly Partition[]): Promise<void> {
    await this.#open?.revoked?.(partitions)
  }

  /** What is under way may end within a short time; what does not is given up, and comes again at the next start. */
  stop(): void {
    this.#stopping = true
    this.#over.abort()
    setTimeout(() => this.#cut.ring(), closeDeadlineMs).unref()
  }

  async deliver(records: readonly Outgoing<unknown, unknown>[]): Promise<Delivery | undefined> {
    let delivery: Delivery | undefined
    const delivering = this.#open!.deliver(records).then(made => {
      delivery = made
    })
    const startedMs = performance.now()
    if (await within(delivering, deliverDeadlineMs, this.#cut)) return delivery
    delivering.catch(() => {})
    await this.close()
    const waitedMs = Math.round(performance.now() - startedMs)
    throw new Error(`nothing was heard of ${records.length} records for ${waitedMs / 1_000} s`)
  }

  async close(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    this.#broken = undefined
    this.#over.abort()
    if (open === undefined) return
    try {
      if (!(await within(open.close(), closeDeadlineMs)))
        this.#note('error', `the sink did not close within ${closeDeadlineMs / 1_000} s`)
    } catch (error) {
      this.#note('warn', `closing the sink failed: ${(error as Error).message}`)
    }
  }
}
