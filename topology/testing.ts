// The second public door: what tests of topologies and of adapters need.

export { MemoryStore } from './state/memory-store.ts'
export type { Check } from './testing/contracts/check.ts'
export { type LogSubject, logContract } from './testing/contracts/log.ts'
export { type OutsideSink, type SinkSubject, sinkContract } from './testing/contracts/sink.ts'
export { type OutsideSource, type SourceSubject, sourceContract } from './testing/contracts/source.ts'
export { durableStoreContract, type StoreSubject, storeContract } from './testing/contracts/store.ts'
export { type DespiteFaultsOptions, sameDespiteFaults, seededFaults } from './testing/despite-faults.ts'
export { Drive, type DriveOptions, drive, type ReadRecord } from './testing/drive.ts'
export { type CommitStep, Crashed, commitSteps, type Fault, type Faults, MemoryLog } from './testing/memory-log.ts'
export type { VirtualAttempt, VirtualCall } from './testing/virtual-calls.ts'
