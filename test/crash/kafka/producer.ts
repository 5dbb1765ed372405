import { asked, loadNative, type Producer } from '../../../runners/kafka/native.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import { partitions } from '../pipeline.ts'

// Produces transfers for as long as the runners are tormented, and keeps what the brokers have acknowledged.

const accounts = 40
const everyMs = 10
const recordsMaxAtOnce = 6

export class TransferProducer {
  readonly acknowledged = new Set<string>()
  readonly #producer: Producer
  #timer: NodeJS.Timeout | undefined
  #number = 0
  #nowMs = 1_700_000_000_000
  #state: number

  private constructor(producer: Producer, seed: number) {
    this.#producer = producer
    this.#state = seed >>> 0 || 1
    const ids = producer as unknown as {
      on(event: 'delivery-report', heard: (error: unknown, report: { opaque: string }) => void): void
    }
    ids.on('delivery-report', (error, { opaque }) => {
      if (!error) this.acknowledged.add(opaque)
    })
  }

  static async open(brokers: string, seed: number): Promise<TransferProducer> {
    const settings = { 'bootstrap.servers': brokers, 'enable.idempotence': true, 'message.timeout.ms': 300_000 }
    const producer = new (loadNative().Producer)({ ...settings, 'linger.ms': 2, dr_cb: true }, {})
    await asked<unknown>(done => producer.connect({ timeout: 15_000 }, done))
    producer.setPollInBackground(true)
    return new TransferProducer(producer, seed)
  }

  #roll(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return this.#state / 2 ** 32
  }

  start(): void {
    this.#timer = setInterval(() => {
      for (let left = 1 + Math.floor(this.#roll() * recordsMaxAtOnce); left > 0; left--) this.#produce()
    }, everyMs)
  }

  #produce(): void {
    const account = (): number => Math.floor(this.#roll() * accounts)
    const from = account()
    const id = `${this.#number++}`
    this.#nowMs += Math.floor(this.#roll() * 8)
    // Most come in order, some late, a few too late for their window.
    const timestamp = this.#nowMs - (this.#roll() < 0.1 ? Math.floor(this.#roll() * 3_000) : 0)
    const amount = 1 + Math.floor(this.#roll() * 100)
    const transfer = { id, from: `account-${from}`, to: `account-${account()}`, amount }
    const produce = this.#producer.produce.bind(this.#producer) as (...args: unknown[]) => void
    const key = Buffer.from(transfer.from)
    produce('transfers', partitionOf(key, partitions), Buffer.from(JSON.stringify(transfer)), key, timestamp, id)
  }

  /** Until all that was produced is acknowledged. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await asked<void>(done => this.#producer.flush(120_000, done))
    await new Promise<void>(done => this.#producer.disconnect(() => done()))
  }
}
