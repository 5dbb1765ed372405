// The door to the host: any topology on any log, with its connectors.
export { type Bindings, defineConfig, type Part, partsOf } from './bindings.ts'
export { type PauseLimits, pausesDefault } from './pauses.ts'
export { partitionsDefault, type Running, type RunOptions, run } from './run.ts'
