import type { Topology } from '../../topology/index.ts'

/** What a command may touch besides files: its words, and its environment. */
export interface CommandIo {
  out(text: string): void
  err(text: string): void
  readonly env: Readonly<Record<string, string | undefined>>
  /** What is piped in; nothing unless given. */
  readonly input?: AsyncIterable<Uint8Array>
  /** The folder that names are relative to; the current one unless given. */
  readonly folder?: string
  /** Whether `out` goes to a terminal that shows colours. */
  readonly colour?: boolean
  /** Loads the topologies of a pipeline file; throws a CommandFailure where it cannot. */
  topologies?(file: string): Promise<readonly Topology[]>
  /** What time it is; asked only where an approval may have run out. */
  now?(): Date
}

/** What a command ends with. */
export const exitCodes = { done: 0, failed: 1, usage: 2, badInput: 3, unreachable: 4, bug: 70 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A command gives up with a sentence for the user and the code to end with. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly code: ExitCode

  constructor(code: ExitCode, message: string) {
    super(message)
    this.code = code
  }
}
