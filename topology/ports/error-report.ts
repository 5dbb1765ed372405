/**
 * What one record of the topology's `reports` topic says: for people, beside the dead letter itself.
 * @example const errors = topic('errors', { key: text, value: json<ErrorReport>('ErrorReport') })
 */
export interface ErrorReport {
  readonly topology: string
  readonly operator: string
  readonly code: string
  readonly message: string
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  /** Where the dead letter is. */
  readonly deadLetters: string
  /** What kind of error it was, and where in the code, where code threw one. */
  readonly exception: string
  readonly stack: string
  /** The record's key and the beginning of its value, where they are text. */
  readonly key: string | null
  readonly content: string | null
}
