// The sink into Postgres. Owns: rows and positions in one transaction, and who may write them.
// Does not own: the connection (OpenDatabase), what a row looks like (rows.ts), retries (the host).
// S1  rows and the positions behind them are visible together or not at all.
// S2  whoever took a partition before this one can write no more, and a database that was set back is noticed: each
//     transaction checks the epoch and the offset of each position.
// S3  a record that Postgres refuses holds back no other: it is refused by itself, with the reason.

import { type Kysely, sql } from 'kysely'
import type { Delivery, OpenSink, Outgoing, SinkConnector, SinkContext } from '../../../topology/index.ts'
import type { OpenDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import {
  countRow,
  eventRow,
  type LabeledTicket,
  Refused,
  type TicketCount,
  type TicketEvent,
  ticketRow,
} from './rows.ts'
import type { Database } from './schema.ts'
import { type Rows, writeRows } from './write.ts'

export interface PostgresSinkOptions {
  readonly database: OpenDatabase
  /** The topics of tickets, of events and of counts, by their names. */
  readonly topics: { readonly tickets: string; readonly events: string; readonly counts: string }
  /** What is told of each ticket that was written, in the commit of its position. */
  readonly exported?:
    | ((ticket: { readonly ticketId: string; readonly id: string; readonly at: number }) => Append)
    | undefined
}

type Append = NonNullable<Delivery['appends']>[number]
type Record = Outgoing<unknown, unknown>
type Place = Pick<Record, 'topic' | 'partition'>

/**
 * Writes tickets, their events and their counts to Postgres, each once.
 * @example sinks: { postgres: postgresSink({ database, topics: { tickets: 'tickets-labeled', events: 'ticket-events', counts: 'ticket-counts' } }) }
 */
export const postgresSink = (options: PostgresSinkOptions): SinkConnector<unknown, unknown> => ({
  async open(context) {
    await migrate(options.database.db)
    return new Writer(options, context)
  },
})

/** A position on its way from where it was left to where a batch ends. */
interface Move extends Place {
  readonly name: string
  readonly epoch: number
  readonly next: number
  readonly after: number
}

const nameOf = ({ topic, partition }: Place): string => `${topic}/${partition}`

/** Errors of PostgreSQL's classes 22 (data) and 23 (constraints) are the row's own; all others are nobody's, and are tried again. */
const isOfRow = (error: unknown): error is Error & { code: string } => /^2[23]/.test(codeOf(error))
const undefinedTable = '42P01'
const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code ?? '')

class Writer implements OpenSink<unknown, unknown> {
  readonly ended: Promise<never>
  readonly #options: PostgresSinkOptions
  readonly #context: SinkContext
  readonly #db: Kysely<Database>
  /** Of each partition that is ours: who we are in the database, and where it stands there. */
  readonly #held = new Map<string, { readonly epoch: number; readonly next: number }>()
  #end!: (error: unknown) => void

  constructor(options: PostgresSinkOptions, context: SinkContext) {
    this.#options = options
    this.#context = context
    this.#db = options.database.db
    this.ended = new Promise((_, reject) => {
      this.#end = reject
    })
    this.ended.catch(() => {})
  }

  get #place() {
    return { sink: `${this.#context.topology}.${this.#context.name}`, log_id: this.#context.logId }
  }

  async assigned(partitions: readonly Place[]) {
    const rows = await this.#db
      .insertInto('franz_positions')
      .values(
        partitions.map(({ topic, partition }) => ({ ...this.#place, topic, partition, next_offset: 0, epoch: 1 })),
      )
      .onConflict(conflict =>
        conflict
          .columns(['sink', 'log_id', 'topic', 'partition'])
          .doUpdateSet({ epoch: sql<number>`franz_positions.epoch + 1` }),
      )
      .returning(['topic', 'partition', 'next_offset', 'epoch'])
      .execute()
    for (const row of rows) this.#held.set(nameOf(row), { epoch: row.epoch, next: row.next_offset })
    return rows.map(({ topic, partition, next_offset }) => ({ topic, partition, offset: next_offset }))
  }

  async deliver(records: readonly Record[]): Promise<Delivery> {
    try {
      const refused = await this.#written(records)
      const lost = new Set(refused.map(({ record }) => record))
      const { exported } = this.#options
      const appends = exported === undefined ? [] : this.#ticketsOf(records, lost).map(exported)
      return { refused, appends }
    } catch (error) {
      // Its files were lost: it has to be made again, and everything written to it again.
      if (codeOf(error) === undefinedTable) this.#end(error)
      throw error
    }
  }

  #ticketsOf(records: readonly Record[], lost: ReadonlySet<Record>) {
    return records
      .filter(record => record.topic === this.#options.topics.tickets && record.value !== null && !lost.has(record))
      .map(({ value }) => {
        const { id, number, updatedAt } = value as LabeledTicket
        return { ticketId: id, id: String(number), at: updatedAt }
      })
  }

  async #written(records: readonly Record[]): Promise<NonNullable<Delivery['refused']>> {
    const { rows, refused, whole } = this.#rowsOf(records)
    try {
      await this.#transaction(records, db => writeRows(db, rows))
      return refused
    } catch (error) {
      if (!isOfRow(error)) throw error
      return [...refused, ...(await this.#oneByOne(records, whole))]
    }
  }

  /** One of them is at fault: each is written by itself, and the one is found. */
  async #oneByOne(records: readonly Record[], whole: readonly Record[]): Promise<NonNullable<Delivery['refused']>> {
    const refused: { record: Record; reason: string }[] = []
    await this.#transaction(records, async db => {
      for (const record of whole) {
        await sql`savepoint one`.execute(db)
        try {
          await writeRows(db, this.#rowsOf([record]).rows)
          await sql`release savepoint one`.execute(db)
        } catch (error) {
          if (!isOfRow(error)) throw error
          await sql`rollback to savepoint one`.execute(db)
          refused.push({ record, reason: `Postgres refuses it: ${error.message}` })
        }
      }
    })
    return refused
  }

  /** Takes the positions first: whoever else wants them waits, and finds them moved. */
  async #transaction(records: readonly Record[], write: (db: Kysely<Database>) => Promise<void>): Promise<void> {
    const moves = [...lastByPartition(records)].map(([name, { topic, partition, offset }]) => {
      const { epoch, next } = this.#held.get(name) ?? { epoch: 0, next: 0 }
      return { name, topic, partition, epoch, next, after: Math.max(next, offset + 1) }
    })
    await this.#db.transaction().execute(async db => {
      const moved = await this.#moved(db, moves)
      const lost = moves.filter(({ name }) => !moved.has(name))
      if (lost.length > 0) {
        const names = lost.map(({ name }) => name).join(', ')
        const fenced = new Error(`another process has taken ${names} in the database, or the database was set back`)
        this.#end(fenced)
        throw fenced
      }
      await write(db)
    })
    for (const { name, epoch, after } of moves) this.#held.set(name, { epoch, next: after })
  }

  /** All in one statement, for each is a way to the database and back. Says which of them stood where we left them. */
  async #moved(db: Kysely<Database>, moves: readonly Move[]): Promise<ReadonlySet<string>> {
    const rows = moves.map(
      ({ topic, partition, epoch, next, after }) =>
        sql`(${topic}, ${partition}::int, ${epoch}::bigint, ${next}::bigint, ${after}::bigint)`,
    )
    const { sink, log_id } = this.#place
    const { rows: moved } = await sql<Place>`
      update franz_positions as position set next_offset = move.after
      from (values ${sql.join(rows)}) as move (topic, partition, epoch, next, after)
      where position.sink = ${sink} and position.log_id = ${log_id}
        and position.topic = move.topic and position.partition = move.partition
        and position.epoch = move.epoch and position.next_offset = move.next
      returning position.topic, position.partition`.execute(db)
    return new Set(moved.map(nameOf))
  }

  #rowsOf(records: readonly Record[]) {
    const { logId } = this.#context
    const { topics } = this.#options
    const tickets: ReturnType<typeof ticketRow>[] = []
    const events: ReturnType<typeof eventRow>[] = []
    const counts: ReturnType<typeof countRow>[] = []
    const refused: { record: Record; reason: string }[] = []
    const whole: Record[] = []
    for (const record of records) {
      if (record.value === null) continue
      try {
        if (record.topic === topics.tickets) tickets.push(ticketRow(logId, record as Outgoing<unknown, LabeledTicket>))
        else if (record.topic === topics.events) events.push(eventRow(logId, record as Outgoing<unknown, TicketEvent>))
        else if (record.topic === topics.counts) counts.push(countRow(record as Outgoing<unknown, TicketCount>))
        else throw new Refused(`no table takes records of ${record.topic}`)
        whole.push(record)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        refused.push({ record, reason: error.message })
      }
    }
    const rows: Rows = { tickets, events, counts }
    return { rows, refused, whole }
  }

  async revoked(partitions: readonly Place[]): Promise<void> {
    for (const partition of partitions) this.#held.delete(nameOf(partition))
  }

  async close(): Promise<void> {
    this.#held.clear()
  }
}

const lastByPartition = (records: readonly Record[]): Map<string, Record> =>
  new Map(records.map(record => [nameOf(record), record]))
