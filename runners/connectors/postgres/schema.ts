import type { ColumnType, Generated, JSONColumnType } from 'kysely'

// The tables as kysely knows them. Whole numbers of 64 bits come as numbers: none here grows beyond 2^53.

/** Where in which log a row came from. */
interface Origin {
  readonly log_id: string | null
  readonly topic: string | null
  readonly partition: number | null
  readonly offset: number | null
}

type Time = ColumnType<Date, Date | string, Date | string>

export interface TicketTable extends Origin {
  /** The ticket's number. */
  readonly id: number
  readonly ticket_id: string | null
  readonly date: Time
  readonly contact: string
  readonly origin: string
  readonly subject: Generated<string>
  readonly body: string
  readonly category: string
  readonly priority: string
  readonly type: string
  readonly department: string | null
  readonly confidence: number | null
  readonly confidence_source: Generated<string>
  readonly label_source: Generated<string>
  readonly model: string | null
  readonly prompt_version: string | null
  readonly answer: string | null
  readonly review_reason: string | null
  readonly status: Generated<string>
  readonly created_at: Generated<Date | string>
  readonly updated_at: Generated<Date | string>
}

export interface TicketEventTable {
  readonly ticket_id: string
  readonly at: Time
  readonly event: string
  readonly details: JSONColumnType<Readonly<Record<string, unknown>>>
  readonly log_id: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export interface TicketCountTable {
  readonly window_start: Time
  readonly window_ms: number
  readonly dimension: string
  readonly value: string
  readonly count: number
}

export interface PositionTable {
  readonly sink: string
  readonly log_id: string
  readonly topic: string
  readonly partition: number
  readonly next_offset: number
  /** Raised by whoever takes the partition: older ones can write no more. */
  readonly epoch: number
}

export interface Database {
  readonly tickets: TicketTable
  readonly ticket_events: TicketEventTable
  readonly ticket_counts: TicketCountTable
  readonly franz_positions: PositionTable
}
