/** What each refusal or failure means to the one who reads it: what to do, and whether trying again can help. */
const codes = {
  NAME_TAKEN: { fix: 'give one of the two another name', retry: false },
  NAME_WRONG: { fix: 'use lower-case letters, digits and single dashes, 64 characters at most', retry: false },
  TOPIC_NAME_WRONG: { fix: 'use letters, digits, dots, underscores and dashes, 249 characters at most', retry: false },
  NOT_DRAWN_HERE: { fix: 'use handles of one topology only, inside its own drawing', retry: false },
  NO_CODEC: { fix: 'give the step before it `as: format`', retry: false },
  KEY_LOST: { fix: 'put a rekey before it', retry: false },
  PARTITIONS_DIFFER: { fix: 'give the topics one partition count, or put a rekey before the join', retry: false },
  PARTITIONS_CHANGED: { fix: 'go back to the count that the log has, or reset the topology', retry: false },
  KEYS_DIFFER: { fix: 'write their keys in one format, or put a rekey before it', retry: false },
  GLOBAL_MISUSED: {
    fix: 'look into a global table with `lookup`, and read the topic as a stream or table to work on',
    retry: false,
  },
  EMPTY: {
    fix: 'begin with `draft.stream(topic)`, `draft.table(name, topic)` or `draft.source(name, topic)`',
    retry: false,
  },
  TOPIC_TWICE: { fix: 'read the topic once and use its handle twice', retry: false },
  FORMATS_DIFFER: { fix: 'declare the topic once and share it', retry: false },
  DEAD_END: { fix: 'end it with `to`, `sink`, `deadLetter`, `discard` or a table, or delete it', retry: false },
  ARM_LOST: {
    fix: 'give each arm a consumer, or end it with `discard()` where its records are not wanted',
    retry: false,
  },
  DEAD_LETTER_LOOP: {
    fix: 'read dead letters in a topology of their own, or give the source another `onError`',
    retry: false,
  },
  FULL: { fix: 'raise the limit, or hold less at a time', retry: false },
  OPTION_WRONG: { fix: 'correct the option', retry: false },
  TOPIC_MISSING: { fix: 'create the topic, or correct its name', retry: false },
  BYTES_WRONG: { fix: 'correct the producer, or declare an error policy for the source', retry: false },
  STEP_FAILED: { fix: 'correct the step, or declare an error policy for the topology', retry: false },
  STEP_ASYNC: { fix: 'steps are synchronous: use `enrich` for a call that takes time', retry: false },
  VALUE_WRONG: { fix: 'correct the step before it, or declare an error policy for the topology', retry: false },
  TIME_WRONG: {
    fix: 'correct the producer or the timestamp function, or declare an error policy for the source',
    retry: false,
  },
  KEY_MISSING: { fix: 'filter such records out before it, or declare an error policy for the topology', retry: false },
  KEY_LONG: { fix: 'use a shorter key, or declare an error policy for the topology', retry: false },
  REFUSED: { fix: 'correct the record and redrive it', retry: false },
  CALL_FAILED: { fix: 'see the cause; `otherwise` gives a fallback and `deadLetter` keeps the record', retry: true },
  LOCK_WRONG: { fix: 'correct the line, or write the file again with `franz lock`', retry: false },
  LOCK_NEWER: {
    fix: 'use the version of the library that wrote it, or write it again with `franz lock`',
    retry: false,
  },
  UNBOUND: { fix: 'give the runner an implementation for it', retry: false },
  FENCED: { fix: 'stop the other process, or give this one another name', retry: false },
  ENDLESS: { fix: 'let a record that comes back to a topic that is read end somewhere', retry: false },
  BROKEN: { fix: 'report it: the library contradicts itself here', retry: false },
} as const

export type ErrorCode = keyof typeof codes

/**
 * Every refusal and failure of the library: a stable code, where it happened, what is wrong and what to do.
 * @example const mayPass = (error: unknown) => error instanceof TopologyError && error.retry
 */
export class TopologyError extends Error {
  override readonly name = 'TopologyError'
  readonly code: ErrorCode
  /** The topology, operator, topic or record that it is about. */
  readonly at: string

  /** What is wrong, without the code and the fix. */
  readonly detail: string

  constructor(code: ErrorCode, at: string, detail: string, cause?: unknown) {
    super(`${code} at ${at}: ${detail}. To fix: ${codes[code].fix}.`, cause === undefined ? undefined : { cause })
    this.code = code
    this.at = at
    this.detail = detail
  }

  /** Whether the same thing may succeed later without anybody changing anything. */
  get retry(): boolean {
    return codes[this.code].retry
  }
}

/** A belief of ours that must hold, in production too: a broken one stops the task rather than corrupting its state. */
export function invariant(holds: boolean, belief: string): asserts holds {
  if (!holds) throw new TopologyError('BROKEN', 'the library', `it is not true that ${belief}`)
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
