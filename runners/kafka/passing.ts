import { codes } from './native.ts'

// What brokers say that will be otherwise in a moment.

/** Between two leaders a partition has none. */
const withoutLeader: ReadonlySet<number> = new Set([codes.leaderMissing, codes.leaderMoved])

/** After a broker's restart a client may know the old leader for minutes, and asks in vain: a new client learns the new one. */
const stale: ReadonlySet<number> = new Set([codes.leaderEpochOld, codes.leaderEpochUnknown])

const passing: ReadonlySet<number> = new Set([
  ...withoutLeader,
  ...stale,
  codes.coordinatorLoading,
  codes.coordinatorMissing,
  codes.coordinatorMoved,
])

export const hasNoLeader = (code: number): boolean => withoutLeader.has(code)

export const isStale = (code: number): boolean => stale.has(code)

export const isPassing = (code: number): boolean => passing.has(code)
