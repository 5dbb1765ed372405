// The door to the Kafka runner: the Log port on a cluster. The native client is loaded when a log is opened, and not before.
export { KafkaError, type KafkaTrouble } from './failure.ts'
export { KafkaLog, type KafkaLogOptions } from './log.ts'
export { kafkaOperations } from './operations.ts'
export { type KafkaOptions, parseSettings, transactionTimeoutFor, transactionTimeoutOf } from './settings.ts'
