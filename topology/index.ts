// The public door of the library. Whatever is exported here carries one sentence and an example that the tests compile.
export type { Cogroup, SessionCogroup, WindowedCogroup } from './dsl/cogroup.ts'
export type { Duration } from './dsl/duration.ts'
export { type Call, call, type EnrichOptions } from './dsl/enrich.ts'
export type { GlobalTable } from './dsl/global-table.ts'
export type { AggregateOptions, Aggregation, AnyGroup, BareGroup, Group, RowAggregateOptions } from './dsl/group.ts'
export type { GroupedTable } from './dsl/grouped-table.ts'
export { type Keyed, type KeyTimers, type KeyValues, keyed, type OwnCode } from './dsl/process.ts'
export { rest } from './dsl/rest.ts'
export type { BareStream, DedupeOptions, RowOptions, SourceOptions, Stream } from './dsl/stream.ts'
export type { Table } from './dsl/table.ts'
export { type Sink, type Source, type Topic, topic } from './dsl/topic.ts'
export type { Keeping } from './dsl/topic-keeping.ts'
export { type Draft, type GlobalTableOptions, type Topology, type TopologyOptions, topology } from './dsl/topology.ts'
export { windowed } from './dsl/windowed.ts'
export type {
  BareSessionGroup,
  BareWindowedGroup,
  Merging,
  SessionGroup,
  WindowedGroup,
  WindowOptions,
} from './dsl/windowed-group.ts'
export type { OpenWindows, SuppressOptions, WindowedTable } from './dsl/windowed-table.ts'
export type { Hopping, Session, Sliding, Tumbling } from './dsl/windows.ts'
export { TopologyError } from './errors.ts'
export { bytes, json, real, text, whole } from './formats.ts'
export { type DescribeOptions, describe, description } from './plan/describe/describe.ts'
export type { Description } from './plan/describe/description.ts'
export type { Change } from './plan/diff/change.ts'
export { type Diff, diff, diffAll } from './plan/diff/diff.ts'
export { diffText } from './plan/diff/print.ts'
export { type LockFile, lock } from './plan/lock/lock-file.ts'
export { parseLock } from './plan/lock/parse.ts'
export { writeLock } from './plan/lock/write.ts'
export { plan } from './plan/parts.ts'
export type { Plan } from './plan/plan.ts'
export { refuseTogether } from './plan/refusals/topics.ts'
export type { Codec, Format, Place } from './ports/codec.ts'
export type {
  Delivery,
  Feed,
  Incoming,
  Opened,
  OpenSink,
  Outgoing,
  SinkConnector,
  SinkContext,
  SourceConnector,
} from './ports/connectors.ts'
export type { ErrorReport } from './ports/error-report.ts'
export type { Registry } from './ports/registry.ts'
export { BoundCalls, type CallAttempt, type CallFunction, type VersionedCall } from './task/bound-calls.ts'
export { openFormats } from './task/codecs.ts'
export type { Windowed } from './windowed.ts'
