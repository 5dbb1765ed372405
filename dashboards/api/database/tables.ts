import type { ColumnType } from 'kysely'

// The desk's tables as they are read here. The exporter that fills them has the same names and types; a test holds the
// two against each other.

type Read<T> = ColumnType<T, never, never>

export interface TicketsTable {
  /** The ticket's number. */
  readonly id: Read<number>
  /** Null in rows that are older than this desk. */
  readonly ticket_id: Read<string | null>
  readonly date: Read<Date>
  readonly contact: Read<string>
  readonly origin: Read<string>
  readonly subject: Read<string>
  readonly body: Read<string>
  readonly category: Read<string>
  readonly priority: Read<string>
  readonly type: Read<string>
  readonly department: Read<string | null>
  readonly confidence: Read<number | null>
  readonly confidence_source: Read<string>
  readonly label_source: Read<string>
  readonly model: Read<string | null>
  readonly prompt_version: Read<string | null>
  readonly answer: Read<string | null>
  readonly review_reason: Read<string | null>
  readonly status: Read<string>
  readonly created_at: Read<Date | string>
  readonly updated_at: Read<Date | string>
}

export interface Tables {
  readonly tickets: TicketsTable
}
