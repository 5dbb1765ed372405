/** One attempt to get an answer. */
export interface Attempt {
  /** Tells the attempts of one worker apart. */
  readonly id: number
  /** The call's name, as the topology has it. */
  readonly call: string
  readonly question: unknown
  /** 1 for the first. */
  readonly number: number
  /** The same for every attempt at one question, after a crash too: who acts on it can act once. */
  readonly idempotencyKey: string
}

/** How an attempt ended: with an answer, or with an error. */
export type Ended =
  | { readonly id: number; readonly answer: unknown; readonly error?: undefined }
  | { readonly id: number; readonly error: unknown }

/**
 * Starts and cancels attempts: how an answer is got. Deadlines, retries, the order of answers and what is done without
 * one are the library's. A runner gives one to each worker.
 */
export interface Calls {
  /** What the answers of an implementation depend on beside the question, as a model and its prompt; undefined: none is bound to this name. */
  versionOf(call: string): string | undefined
  /** Starts an attempt. It never throws, and the attempt does not end before this returns. */
  start(attempt: Attempt): void
  /** Nobody waits for its end any more: `ended` does not tell it. */
  cancel(id: number): void
  /** What has ended since the last time. */
  ended(): readonly Ended[]
  /** Resolves as soon as `ended` has something to tell. */
  arrival(): Promise<void>
}
