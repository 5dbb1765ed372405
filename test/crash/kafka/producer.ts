import { asked, loadNative, type PlaceAt, type Producer } from '../../../runners/kafka/native.ts'
import { bytesFor } from '../../../runners/kafka/records.ts'
import { partitionOf } from '../../../topology/task/partitioner.ts'
import { partitions } from '../pipeline.ts'

// Produces transfers for as long as the runners are tormented, and keeps what the brokers have acknowledged.

const everyMs = 10
const recordsMaxAtOnce = 6

/** What comes, and how much of it. */
export interface Traffic {
  /** How many of the records cannot be handled. */
  readonly poisonShare: number
  readonly timesAsMany: number
  /** One makes a key hot. */
  readonly accounts: number
}

const usual: Traffic = { poisonShare: 0.01, timesAsMany: 1, accounts: 40 }

export class TransferProducer {
  readonly acknowledged = new Set<string>()
  readonly #producer: Producer
  readonly #places = new Map<string, string>()
  #timer: NodeJS.Timeout | undefined
  #number = 0
  #nowMs = 1_700_000_000_000
  #state: number
  #traffic = usual

  private constructor(producer: Producer, seed: number) {
    this.#producer = producer
    this.#state = seed >>> 0 || 1
    const ids = producer as unknown as {
      on(event: 'delivery-report', heard: (error: unknown, report: PlaceAt & { opaque: string }) => void): void
    }
    ids.on('delivery-report', (error, { opaque, partition, offset }) => {
      if (error) return
      this.acknowledged.add(opaque)
      this.#places.set(opaque, `transfers-${partition}, offset ${offset}`)
    })
  }

  static async open(brokers: string, seed: number): Promise<TransferProducer> {
    const settings = { 'bootstrap.servers': brokers, 'enable.idempotence': true, 'message.timeout.ms': 300_000 }
    const producer = new (loadNative().Producer)({ ...settings, 'linger.ms': 2, dr_cb: true }, {})
    await asked<unknown>(done => producer.connect({ timeout: 15_000 }, done))
    producer.setPollInBackground(true)
    return new TransferProducer(producer, seed)
  }

  /** Where the brokers said that it stands. */
  placeOf(name: string): string {
    return this.#places.get(name) ?? 'nowhere'
  }

  #roll(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0
    return this.#state / 2 ** 32
  }

  start(): void {
    // What comes first cannot be handled.
    for (let partition = 0; partition < partitions; partition++) {
      const name = `broken ${this.#number++}`
      this.#send(`account-${partition}`, name, this.#nowMs, name, partition)
    }
    this.#timer = setInterval(() => {
      const records = (1 + Math.floor(this.#roll() * recordsMaxAtOnce)) * this.#traffic.timesAsMany
      for (let left = records; left > 0; left--) this.#produce()
    }, everyMs)
  }

  /** From now on; without it, as usual. */
  become(traffic: Partial<Traffic> = {}): void {
    this.#traffic = { ...usual, ...traffic }
  }

  #produce(): void {
    const account = (): number => Math.floor(this.#roll() * this.#traffic.accounts)
    const from = account()
    const id = `${this.#number++}`
    this.#nowMs += Math.floor(this.#roll() * 8)
    // Most come in order, some late, a few too late for their window.
    const timestamp = this.#nowMs - (this.#roll() < 0.1 ? Math.floor(this.#roll() * 3_000) : 0)
    const amount = 1 + Math.floor(this.#roll() * 100)
    const transfer = { id, from: `account-${from}`, to: `account-${account()}`, amount }
    if (this.#roll() < this.#traffic.poisonShare) this.#produceWrong(transfer, timestamp)
    else this.#send(transfer.from, JSON.stringify(transfer), timestamp, id)
  }

  /** What cannot be read, what is empty, and what is refused by the pipeline in the middle of its work. */
  #produceWrong(
    transfer: { readonly id: string; readonly from: string; readonly to: string },
    timestamp: number,
  ): void {
    const { id, from } = transfer
    const kind = Math.floor(this.#roll() * 3)
    if (kind === 0) this.#send(from, `broken ${id}`, timestamp, `broken ${id}`)
    else if (kind === 1) this.#send(from, '', timestamp, '')
    else this.#send(from, JSON.stringify({ ...transfer, amount: 1_000_000 }), timestamp, id)
  }

  #send(account: string, value: string, timestamp: number, name: string, at?: number): void {
    const produce = this.#producer.produce.bind(this.#producer) as (...args: unknown[]) => void
    const key = Buffer.from(account)
    produce('transfers', at ?? partitionOf(key, partitions), bytesFor(Buffer.from(value)), key, timestamp, name)
  }

  /** Until all that was produced is acknowledged. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await asked<void>(done => this.#producer.flush(120_000, done))
    await new Promise<void>(done => this.#producer.disconnect(() => done()))
  }
}
