/** What kind of trouble it is, for whoever chooses an exit code or tries again. */
export type KafkaTrouble = 'client missing' | 'unreachable' | 'refused' | 'settings wrong' | 'data lost' | 'name taken'

/** Trouble with Kafka, in words that say what, where and what to do. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  readonly trouble: KafkaTrouble

  constructor(trouble: KafkaTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.trouble = trouble
  }
}
