import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Note } from '../../../topology/ports/connectors.ts'
import { type Answer, Pglite } from './pglite.ts'
import { pgliteDialect } from './pglite-dialect.ts'
import type { Database } from './schema.ts'

const limits = {
  connectionsMax: 8,
  connectDeadlineMs: 5_000,
  queryDeadlineMs: 30_000,
} as const

export interface DatabaseOptions {
  /** A PostgreSQL, as `postgres://user:password@host:5432/name`. Without it, PGlite in the folder. */
  readonly url?: string | undefined
  /** Where PGlite keeps its files. One process has it open. */
  readonly folder: string
  readonly note: Note
  /** A query that takes longer is given up. */
  readonly queryDeadlineMs?: number | undefined
}

/** A database, for whoever writes to it and whoever shows it. It connects with the first query, and again after an outage. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  /** What it is, for people; without the password. */
  readonly says: string
  /** Runs a statement of a reader that cannot write; on PGlite alone, whose one connection is shared by all. */
  readonly read: ((sql: string, parameters: readonly unknown[], deadlineMs: number) => Promise<Answer>) | undefined
  close(): Promise<void>
}

/**
 * Opens PostgreSQL where there is an address, or else PGlite in a folder: the same SQL, and nothing to install.
 * @example const { db, close } = openDatabase({ url: process.env.DATABASE_URL, folder: './data/postgres', note })
 */
export const openDatabase = (options: DatabaseOptions): OpenDatabase =>
  options.url === undefined ? onPglite(options) : onPostgres(options.url, options)

const onPglite = ({ folder, note, queryDeadlineMs }: DatabaseOptions): OpenDatabase => {
  const pglite = new Pglite({ folder, note, queryDeadlineMs })
  const db = new Kysely<Database>({ dialect: pgliteDialect(pglite) })
  return {
    db,
    says: `PGlite in ${folder}`,
    async read(sql, parameters, deadlineMs) {
      await pglite.take()
      try {
        await pglite.query('begin read only', [])
        try {
          return await pglite.query(sql, parameters, deadlineMs)
        } finally {
          await pglite.query('rollback', [])
        }
      } finally {
        pglite.release()
      }
    },
    async close() {
      await db.destroy()
      await pglite.close()
    },
  }
}

/** Whole numbers of 64 bits as numbers, as PGlite gives them. */
const int8 = 20

const onPostgres = (url: string, { note, queryDeadlineMs = limits.queryDeadlineMs }: DatabaseOptions): OpenDatabase => {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.connectionsMax,
    connectionTimeoutMillis: limits.connectDeadlineMs,
    statement_timeout: queryDeadlineMs,
    query_timeout: queryDeadlineMs + 1_000,
    keepAlive: true,
    application_name: 'franz',
    types: {
      getTypeParser: ((type: number, format?: 'text') =>
        type === int8 ? Number : pg.types.getTypeParser(type, format)) as typeof pg.types.getTypeParser,
    },
  })
  // A connection that breaks while nobody uses it is replaced by the next query.
  pool.on('error', error => note('warn', `a connection to PostgreSQL broke: ${error.message}`))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return { db, says: `PostgreSQL at ${withoutSecrets(url)}`, read: undefined, close: () => db.destroy() }
}

const withoutSecrets = (url: string): string => {
  if (!URL.canParse(url)) return 'the address in DATABASE_URL'
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}
