// The door to the embedded engine: a topology on one machine, durable and exactly once, with nothing else installed.
export { DataFolderError } from '../lmdb/errors.ts'
export { EmbeddedLog } from './log.ts'
export { embeddedOperations } from './operations.ts'
