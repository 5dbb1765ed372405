import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Database } from './schema.ts'

/** A table that the seeds' own exporter made is taken over with its rows: every column is added where it is missing. */
const ticketColumns = [
  'ticket_id uuid unique',
  `subject text not null default ''`,
  'department text',
  'confidence double precision',
  `confidence_source text not null default 'None'`,
  `label_source text not null default 'Unknown'`,
  ...['model text', 'prompt_version text', 'answer text', 'review_reason text'],
  `status text not null default 'pending'`,
  'created_at timestamptz not null default now()',
  'updated_at timestamptz not null default now()',
  ...['log_id text', 'topic text', 'partition int', '"offset" bigint'],
]

const tables: Migration = {
  async up(db) {
    await sql`create table if not exists tickets (
      id serial primary key, date timestamptz not null, contact text not null, origin text not null, body text not null,
      category text not null, priority text not null, type text not null)`.execute(db)
    for (const column of ticketColumns)
      await sql`alter table tickets add column if not exists ${sql.raw(column)}`.execute(db)
    for (const column of ['date', 'category', 'priority', 'origin', 'status', 'updated_at'])
      await sql`create index if not exists ${sql.id(`tickets_by_${column}`)} on tickets (${sql.id(column)})`.execute(db)
    await sql`create table ticket_events (
      ticket_id uuid not null, at timestamptz not null, event text not null, details jsonb not null,
      log_id text not null, topic text not null, partition int not null, "offset" bigint not null,
      primary key (log_id, topic, partition, "offset"))`.execute(db)
    await sql`create index ticket_events_by_ticket on ticket_events (ticket_id, at)`.execute(db)
    await sql`create table ticket_counts (
      window_start timestamptz not null, window_ms bigint not null, dimension text not null, value text not null,
      count bigint not null, primary key (window_start, window_ms, dimension, value))`.execute(db)
    await sql`create table franz_positions (
      sink text not null, log_id text not null, topic text not null, partition int not null,
      next_offset bigint not null, epoch bigint not null, primary key (sink, log_id, topic, partition))`.execute(db)
  },
}

/** In the order of their names; one that has run is never changed. */
const migrations: Readonly<Record<string, Migration>> = { '001-tables': tables }

/** Brings the tables to today's shape; does nothing where they have it. */
export const migrate = async (db: Kysely<Database>): Promise<void> => {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: 'franz_migrations',
    migrationLockTableName: 'franz_migrations_lock',
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
