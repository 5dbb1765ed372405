import {
  type Compilable,
  DummyDriver,
  type InferResult,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { Database } from '../ports.ts'
import type { Tables } from './tables.ts'

/** Writes statements with their types; `rowsOf` has them run. */
export const statements = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

/** The rows of a statement, typed as it says. */
export const rowsOf = async <R>(database: Database, statement: Compilable<R>): Promise<InferResult<Compilable<R>>> => {
  const { sql, parameters } = statement.compile()
  const { rows } = await database.read(sql, parameters)
  return rows as InferResult<Compilable<R>>
}
