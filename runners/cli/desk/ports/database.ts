import { type Database, DatabaseAway, limits, openPool, QueryOverTime } from '../../../../dashboards/api/index.ts'
import { type OpenDatabase, QueryOverTime as OverTime } from '../../../connectors/postgres/index.ts'

/** The exporter makes the tables when it opens: until then there is no database to ask. */
const tablesMissing = '42P01'

/** The tables, to be read by the dashboard: PGlite through its one connection, PostgreSQL by connections of its own. */
export const readingDatabase = (
  { read }: OpenDatabase,
  url: string | undefined,
  role: string | undefined,
): Database & { close(): Promise<void> } => {
  if (url !== undefined) return openPool({ url, role })
  return {
    async read(sql, parameters) {
      try {
        return await read!(sql, parameters, limits.queryDeadlineMs)
      } catch (error) {
        if (error instanceof OverTime) throw new QueryOverTime(error.message, { cause: error })
        // What PostgreSQL itself says has a code; anything else is that it could not be asked.
        const { code } = error as { code?: unknown }
        if (code !== undefined && code !== tablesMissing) throw error
        throw new DatabaseAway((error as Error).message, { cause: error })
      }
    },
    close: async () => {},
  }
}
