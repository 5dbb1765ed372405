export { type OpenDatabase, openDatabase } from './database.ts'
export { migrate } from './migrate.ts'
export type { Database } from './schema.ts'
export { type PostgresSinkOptions, postgresSink } from './sink.ts'
