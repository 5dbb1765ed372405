import type { Partition } from './log.ts'

/** What a runner may watch: figures, logs, the order of intake. Each call is cheap, synchronous and never throws. */
export interface Observer {
  /** A record was taken from its partition to be worked on. */
  taken?(task: string, from: Partition, offset: number): void
  /** An item went no further at an operator. */
  dropped?(operator: string, reason: string): void
  /** A record met its error policy. */
  failed?(operator: string, policy: 'fail' | 'skip' | 'dead letter', error: Error): void
  /** All that was taken since the last commit is given up, and will be taken again. */
  rewound?(): void
  /** An attempt at a call has ended. */
  called?(call: string, outcome: 'answered' | 'failed' | 'timed out', tookMs: number): void
  /** A source has brought records, and they are committed. */
  brought?(source: string, records: number): void
  /** A sink has written records, and its position is committed. */
  delivered?(sink: string, records: number): void
  committed?(figures: { readonly appends: number; readonly changes: number; readonly tookMs: number }): void
  /** For people: what happened and what is done about it. */
  note?(level: 'info' | 'warn' | 'error', message: string, fields?: Readonly<Record<string, unknown>>): void
}
