import { PGlite } from '@electric-sql/pglite'
import { type Database, DatabaseAway, QueryOverTime } from '../../dashboards/api/index.ts'

/** The desk's tables as its exporter makes them. */
export const tablesSql = `
  create table tickets (
    id integer primary key, ticket_id uuid not null unique, date timestamptz not null, contact text not null,
    origin text not null, subject text not null default '', body text not null, category text not null,
    priority text not null, type text not null, department text, confidence double precision,
    confidence_source text not null, label_source text not null, model text, prompt_version text, answer text,
    review_reason text, status text not null default 'pending', created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(), log_id text, topic text, partition int, "offset" bigint
  );
  create index on tickets (date desc, id desc);
  create index on tickets (updated_at desc, id desc);
  create table ticket_events (
    ticket_id uuid not null, at timestamptz not null, event text not null, details jsonb not null default '{}',
    log_id text not null, topic text not null, partition int not null, "offset" bigint not null,
    primary key (log_id, topic, partition, "offset")
  );
  create index on ticket_events (at);
  create table ticket_counts (
    window_start timestamptz not null, window_ms bigint not null, dimension text not null, value text not null,
    count bigint not null, primary key (window_start, window_ms, dimension, value)
  );
  create table franz_positions (
    sink text not null, log_id text not null, topic text not null, partition int not null, next_offset bigint not null,
    epoch bigint not null, primary key (sink, log_id, topic, partition)
  );`

/** A ticket as a row; what a test does not care about is filled in. */
export interface Row {
  readonly id: number
  readonly ticket_id?: string
  readonly date?: string
  readonly contact?: string
  readonly origin?: string
  readonly subject?: string
  readonly body?: string
  readonly category?: string
  readonly priority?: string
  readonly type?: string
  readonly department?: string | null
  readonly confidence?: number | null
  readonly status?: string
  readonly answer?: string | null
}

export const uuidOf = (id: number): string => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`

/** PostgreSQL in this process, which can be told to be away. */
export class TestDatabase implements Database {
  readonly #server: PGlite
  isAway = false

  private constructor(server: PGlite) {
    this.#server = server
  }

  static async open(): Promise<TestDatabase> {
    const server = await PGlite.create()
    await server.exec(tablesSql)
    return new TestDatabase(server)
  }

  async read(sql: string, parameters: readonly unknown[]) {
    if (this.isAway) throw new DatabaseAway('connection refused')
    return this.#server
      .transaction(async transaction => {
        await transaction.exec('set transaction read only')
        const { fields, rows } = await transaction.query<Record<string, unknown>>(sql, [...parameters])
        return { fields, rows }
      })
      .catch((error: { code?: string }) => {
        throw error.code === '57014' ? new QueryOverTime('over time') : error
      })
  }

  async insert(...rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const whole = {
        ticket_id: uuidOf(row.id),
        date: new Date(Date.UTC(2026, 0, 1) + row.id * 1_000).toISOString(),
        contact: 'Ada',
        origin: 'API',
        subject: `Ticket ${row.id}`,
        body: 'Something does not work.',
        category: 'BACK',
        priority: 'LOW',
        type: 'BUG',
        confidence_source: 'Keywords',
        label_source: 'Keywords',
        ...row,
      }
      const names = Object.keys(whole)
      await this.#server.query(
        `insert into tickets (${names.join(', ')}) values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
        Object.values(whole),
      )
    }
  }

  async run(sql: string): Promise<void> {
    await this.#server.exec(sql)
  }

  async close(): Promise<void> {
    await this.#server.close()
  }
}
