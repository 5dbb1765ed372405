// The door to the host: any topology on any log, with its connectors.
export { type Bindings, defineConfig, type Part, partsOf } from './bindings.ts'
export { hostRoutes } from './http/routes.ts'
export { type Answer, PortTaken, type Route, type Served, type ServeOptions, serve } from './http/server.ts'
export { type PauseLimits, pausesDefault } from './pauses.ts'
export { QueryError, type RangeOptions, type StoreQuery } from './query.ts'
export { partitionsDefault, type Running, type RunOptions, run } from './run.ts'
export { metricsText } from './watch/metrics.ts'
export { type Lag, type StoreSize, Watch } from './watch/watch.ts'
