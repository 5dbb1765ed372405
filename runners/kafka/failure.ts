/** What kind of trouble it is, for whoever chooses an exit code or tries again. */
export type KafkaTrouble =
  | 'client missing'
  | 'unreachable'
  /** By the brokers, and they would do it again. */
  | 'refused'
  | 'settings wrong'
  | 'data lost'
  | 'name taken'
  /** What is to be changed is in use. */
  | 'at work'

/** Trouble with Kafka, in words that say what, where and what to do. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError'
  readonly trouble: KafkaTrouble

  constructor(trouble: KafkaTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.trouble = trouble
  }
}
