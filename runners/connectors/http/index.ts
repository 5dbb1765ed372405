// HTTP in: programs post records as JSON, and are answered once they are committed.
export { type HttpSourceOptions, httpSource } from './source.ts'
