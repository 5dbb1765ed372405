import pg from 'pg'
import { limits } from '../limits.ts'
import { type Database, DatabaseAway, QueryOverTime, type Rows } from '../ports.ts'

export interface PoolOptions {
  readonly url: string
  /** A role that may only select; without one the connections are read-only by setting. */
  readonly role?: string | undefined
  readonly connectionsMax?: number | undefined
}

/** A PostgreSQL server, over connections that can only read. */
export interface PooledDatabase extends Database {
  close(): Promise<void>
}

const connectDeadlineMs = 2_000
/** What the server is asked to do about a slow statement happens first; this is for a server that does not answer at all. */
const silenceMs = limits.queryDeadlineMs + 1_000

export const openPool = ({ url, role, connectionsMax = 8 }: PoolOptions): PooledDatabase => {
  const settings = [
    '-c default_transaction_read_only=on',
    `-c statement_timeout=${limits.queryDeadlineMs}`,
    '-c idle_in_transaction_session_timeout=10000',
    ...(role === undefined ? [] : [`-c role=${role}`]),
  ]
  const pool = new pg.Pool({
    connectionString: url,
    options: settings.join(' '),
    max: connectionsMax,
    connectionTimeoutMillis: connectDeadlineMs,
    query_timeout: silenceMs,
    application_name: 'franz armaturenbrett',
  })
  // A connection that breaks while nobody uses it is no one's error: the next request opens another.
  pool.on('error', () => {})
  return {
    async read(text, parameters): Promise<Rows> {
      try {
        const { fields, rows } = await pool.query({ text, values: [...parameters] })
        return { fields, rows }
      } catch (error) {
        throw asOurs(error)
      }
    },
    close: () => pool.end(),
  }
}

const asOurs = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error
  const code = (error as { code?: unknown }).code
  if (code === '57014') return new QueryOverTime('the statement ran over its time', { cause: error })
  const isAway =
    (typeof code === 'string' && /^(08|57P0|53300|E[A-Z]+$)/.test(code)) ||
    /terminated|timeout|Connection|closed/i.test(code === undefined ? error.message : '')
  return isAway ? new DatabaseAway(error.message, { cause: error }) : error
}
