import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Pglite } from './pglite.ts'

/** kysely on PGlite. There is one connection: transactions and queries take turns, and none sees another's half. */
export const pgliteDialect = (pglite: Pglite): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new OneConnection(pglite),
  createIntrospector: db => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
})

class OneConnection implements Driver {
  readonly #pglite: Pglite
  readonly #connection: DatabaseConnection

  constructor(pglite: Pglite) {
    this.#pglite = pglite
    this.#connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        const { rows, affectedRows } = await pglite.query(sql, parameters)
        return {
          rows: rows as R[],
          ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }),
        }
      },
      // biome-ignore lint/correctness/useYield: it is refused before the first row.
      async *streamQuery() {
        throw new Error('PGlite gives all rows at once')
      },
    }
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#pglite.take()
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#pglite.release()
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin'))
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'))
  }

  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${name}`))
  }

  async rollbackToSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to savepoint ${name}`))
  }

  async releaseSavepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release savepoint ${name}`))
  }

  async destroy(): Promise<void> {
    await this.#pglite.close()
  }
}
