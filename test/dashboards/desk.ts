import type {
  DeadLetter,
  Desk,
  Filed,
  Labels,
  LoggedEvent,
  PipelineFigures,
  TicketEvent,
} from '../../dashboards/api/index.ts'
import { Unfit, UnknownPosition } from '../../dashboards/api/index.ts'
import type { Description } from '../../topology/index.ts'
import { TestDatabase } from './tables.ts'

/** PostgreSQL opens in a second or two; this is for a machine that does much else. */
export const openWithinMs = 120_000

const nothingFlows: PipelineFigures = { topics: [], readers: [], stores: [], calls: [] }

/** A desk whose log is a list in memory and whose database is PostgreSQL in this process. */
export class TestDesk implements Desk {
  readonly database: TestDatabase
  readonly tickets: Filed[] = []
  readonly events: TicketEvent[] = []
  readonly letters: DeadLetter[] = []
  readonly redriven: { readonly id: string; readonly value: string | undefined }[] = []
  readonly labelled = new Map<string, Labels>()
  topologies: readonly Description[] = []
  flowing: PipelineFigures = nothingFlows
  states: Record<string, 'healthy' | 'degraded' | 'unreachable'> = { etikett: 'healthy' }
  /** What is filed is labelled and exported at once, as by the services behind the log. */
  isAtWork = false
  #waiting: (() => void)[] = []

  private constructor(database: TestDatabase) {
    this.database = database
  }

  static async open(): Promise<TestDesk> {
    return new TestDesk(await TestDatabase.open())
  }

  readonly intake = {
    file: async (ticket: Filed) => {
      this.tickets.push(ticket)
      this.tell({ ticketId: ticket.ticketId, at: ticket.timestamp, event: 'created', details: {} })
      if (this.isAtWork) await this.#carryOn(ticket)
    },
    filed: async (ticketId: string) => this.tickets.find(ticket => ticket.ticketId === ticketId),
    labels: async (ticketId: string) => this.labelled.get(ticketId),
  }

  readonly story = {
    of: async (ticketId: string) => this.events.filter(event => event.ticketId === ticketId),
    end: async () => `memory:${this.events.length}`,
    start: async () => 'memory:0',
    follow: (from: string, signal: AbortSignal) => this.#follow(from, signal),
  }

  get pipeline() {
    return { topologies: this.topologies, figures: async () => this.flowing }
  }

  readonly deadLetters = {
    topics: async () =>
      [...new Set(this.letters.map(({ topic }) => topic))].map(name => ({
        name,
        records: this.letters.filter(({ topic }) => topic === name).length,
      })),
    list: async ({ topic, text, before, limit }: { topic?: string; text?: string; before?: string; limit: number }) => {
      const newest = [...this.letters].reverse()
      const after = before === undefined ? newest : newest.slice(newest.findIndex(({ id }) => id === before) + 1)
      return after
        .filter(letter => topic === undefined || letter.topic === topic)
        .filter(letter => text === undefined || JSON.stringify(letter).includes(text))
        .slice(0, limit)
    },
    show: async (id: string) => this.letters.find(letter => letter.id === id),
    redrive: async (id: string, value?: string) => {
      if (value !== undefined && !value.startsWith('{')) throw new Unfit('value: is no JSON object')
      this.redriven.push({ id, value })
      const at = this.letters.findIndex(letter => letter.id === id)
      this.letters[at] = { ...this.letters[at]!, redriven_at: new Date().toISOString() }
      return { topic: this.letters[at]!.origin!.topic, partition: 0 }
    },
  }

  readonly health = { services: async () => this.states }
  readonly metrics = async () => '# HELP franz_up Whether it runs.\n# TYPE franz_up gauge\nfranz_up 1\n'

  tell(event: TicketEvent): void {
    this.events.push(event)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  deadLetter(offset: number, more: Partial<DeadLetter> = {}): DeadLetter {
    const letter: DeadLetter = {
      id: `tickets-labeled-dlq-0-${offset}`,
      topic: 'tickets-labeled-dlq',
      partition: 0,
      offset,
      at: '2026-01-01T00:00:00.000Z',
      key: 'key',
      value: '{"body":"help!"}',
      format: 'json',
      headers: [{ name: '__streams.errors.message', value: 'the body is shorter than 10 characters' }],
      error: { message: 'the body is shorter than 10 characters', exception: null, stack: null },
      origin: { topic: 'tickets-formatted', partition: 0, offset: 7 },
      attempts: 1,
      redriven_at: null,
      ...more,
    }
    this.letters.push(letter)
    return letter
  }

  async close(): Promise<void> {
    await this.database.close()
  }

  async #carryOn({ ticketId, timestamp: date, ...ticket }: Filed): Promise<void> {
    const { rows } = await this.database.read('select max(id) as last from tickets', [])
    const id = Number(rows[0]?.last ?? 0) + 1
    const { userName, title: subject, description: body } = ticket
    await this.database.insert({ id, ticket_id: ticketId, date, contact: userName, subject, body, priority: 'HIGH' })
    for (const event of ['labelled', 'exported']) this.tell({ ticketId, at: date, event, details: {} })
  }

  async *#follow(from: string, signal: AbortSignal): AsyncGenerator<readonly LoggedEvent[]> {
    const [log, at] = from.split(':')
    let next = Number(at)
    if (log !== 'memory' || !Number.isInteger(next)) throw new UnknownPosition(from)
    while (!signal.aborted) {
      const batch = this.events.slice(next).map((event, index) => ({ ...event, after: `memory:${next + index + 1}` }))
      next += batch.length
      if (batch.length > 0) yield batch
      else
        await new Promise<void>(done => {
          const wake = () => {
            signal.removeEventListener('abort', wake)
            done()
          }
          this.#waiting.push(wake)
          signal.addEventListener('abort', wake)
        })
    }
  }
}
