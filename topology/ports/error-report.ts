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
}
