import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, type Selectable } from 'kysely'
import { type Database, DatabaseAway, QueryOverTime, type Tables } from '../../dashboards/api/index.ts'
import { migrate, type Database as Written } from '../../runners/connectors/postgres/index.ts'

/** What is read is what is written: another type of a column is an error here. */
export const asRead = (row: Selectable<Written['tickets']>): Selectable<Tables['tickets']> => row

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
  readonly confidence_source?: string
  readonly label_source?: string
  readonly model?: string | null
  readonly prompt_version?: string | null
  readonly review_reason?: string | null
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
    await migrate(new Kysely<Written>({ dialect: new PGliteDialect({ pglite: server }) }))
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
