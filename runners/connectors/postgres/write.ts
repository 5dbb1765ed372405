import { type Insertable, type Kysely, sql, type Transaction } from 'kysely'
import type { countRow, eventRow } from './rows.ts'
import type { Database, TicketTable } from './schema.ts'

/** Rows of one delivery, ready to be written. */
export interface Rows {
  readonly tickets: readonly Insertable<TicketTable>[]
  readonly events: readonly ReturnType<typeof eventRow>[]
  readonly counts: readonly ReturnType<typeof countRow>[]
}

/** The last of each key: one statement cannot write one row twice. */
const lastOf = <T>(rows: readonly T[], key: (row: T) => string): T[] => [
  ...new Map(rows.map(row => [key(row), row])).values(),
]

/** Writes rows, each as often as it comes: what is there already stays, or is overwritten by what came later in the log. */
export const writeRows = async (db: Kysely<Database> | Transaction<Database>, rows: Rows): Promise<void> => {
  const tickets = await withFreeIds(
    db,
    lastOf(rows.tickets, row => row.ticket_id!),
  )
  if (tickets.length > 0) await upsertTickets(db, tickets)
  if (rows.events.length > 0)
    await db
      .insertInto('ticket_events')
      .values(rows.events)
      .onConflict(conflict => conflict.doNothing())
      .execute()
  const counts = lastOf(rows.counts, row => `${row.window_start} ${row.window_ms} ${row.dimension} ${row.value}`)
  if (counts.length > 0)
    await db
      .insertInto('ticket_counts')
      .values(counts)
      .onConflict(conflict =>
        conflict
          .columns(['window_start', 'window_ms', 'dimension', 'value'])
          .doUpdateSet({ count: sql<number>`excluded.count` }),
      )
      .execute()
}

/** What a later record of a ticket may change: all but its number and when it was made. */
const changed = [
  ...(['date', 'contact', 'origin', 'subject', 'body', 'category', 'priority', 'type', 'department'] as const),
  ...(['confidence', 'confidence_source', 'label_source', 'model', 'prompt_version', 'answer'] as const),
  ...(['review_reason', 'status', 'updated_at', 'log_id', 'topic', 'partition', 'offset'] as const),
]

const upsertTickets = async (db: Kysely<Database>, rows: readonly Insertable<TicketTable>[]): Promise<void> => {
  await db
    .insertInto('tickets')
    .values(rows)
    .onConflict(conflict =>
      conflict
        .column('ticket_id')
        .doUpdateSet(Object.fromEntries(changed.map(column => [column, sql.ref(`excluded.${column}`)])))
        .where(sql<boolean>`tickets.log_id is distinct from excluded.log_id or tickets."offset" <= excluded."offset"`),
    )
    .execute()
}

/** Another log has counted from 1 as well: where its ticket has the number, this one gets the next that is free. */
const withFreeIds = async (
  db: Kysely<Database>,
  rows: readonly Insertable<TicketTable>[],
): Promise<readonly Insertable<TicketTable>[]> => {
  if (rows.length === 0) return rows
  const taken = await db
    .selectFrom('tickets')
    .select(['id', 'ticket_id'])
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  const ownerOf = new Map(taken.map(({ id, ticket_id }) => [id, ticket_id]))
  const clashes = (row: Insertable<TicketTable>): boolean =>
    ownerOf.has(row.id) && ownerOf.get(row.id) !== row.ticket_id
  if (!rows.some(clashes)) return rows
  const { last } = await db
    .selectFrom('tickets')
    .select(({ fn }) => fn.max('id').as('last'))
    .executeTakeFirstOrThrow()
  let next = Math.max(Number(last), ...rows.map(({ id }) => id))
  return rows.map(row => (clashes(row) ? { ...row, id: ++next } : row))
}
