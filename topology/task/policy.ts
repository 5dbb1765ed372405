import { TopologyError } from '../errors.ts'
import type { Origin } from '../operators/operator.ts'
import type { ErrorReport } from '../ports/error-report.ts'
import type { Headers, LogRecord } from '../ports/log.ts'
import { binaryOf, bytesOf, fromUtf8, utf8 } from '../text.ts'
import type { CodecPair } from './codecs.ts'

/** A stack trace in a header is cut here: logs refuse records with headers too large. */
const stackBytesMax = 4096

/** So much of a record is shown in a report. */
const contentBytesMax = 2048

const prefix = '__streams.errors.'

/** The offset of what is no record: a timer was at work. */
const noOffset = -1

/** What a timer's dead letter carries: the key of its state and the time, under the changelog that holds them. */
export const timerOrigin = (
  operator: string,
  changelog: string,
  partition: number,
  key: string | null,
  timeMs: number,
): Origin => ({
  topic: changelog,
  partition,
  record: { key: key === null ? null : bytesOf(key), value: null, timestamp: timeMs, headers: [], offset: noOffset },
  timer: operator,
})

/** The record as it came, with Kafka Streams' own headers on what went wrong. A second failure replaces the first one's headers. */
export const deadLetter = (origin: Origin, error: Error): LogRecord => {
  const { record, topic, partition, timer } = origin
  const { cause } = error
  const headers: Headers = [
    ...record.headers.filter(([name]) => !name.startsWith(prefix)),
    [`${prefix}exception`, utf8(error.name)],
    [`${prefix}message`, utf8(error.message)],
    [`${prefix}stacktrace`, cut(cause instanceof Error ? (cause.stack ?? '') : (error.stack ?? ''))],
    ...(timer === undefined
      ? ([
          [`${prefix}topic`, utf8(topic)],
          [`${prefix}partition`, utf8(String(partition))],
          [`${prefix}offset`, utf8(String(record.offset))],
        ] as const)
      : // There is no record to go back to, so nothing that says where one was.
        ([[`${prefix}timer`, utf8(timer)]] as const)),
  ]
  return { key: record.key, value: record.value, timestamp: time(record.timestamp), headers }
}

/** A wrong time is no reason for the log to refuse the dead letter, too. */
const time = (timestamp: number): number => (timestamp >= 0 ? timestamp : 0)

const cut = (stack: string): Uint8Array => cutBytes(utf8(stack), stackBytesMax)

/** Never in the middle of a letter. */
const cutBytes = (bytes: Uint8Array, bytesMax: number): Uint8Array => {
  if (bytes.length <= bytesMax) return bytes
  let end = bytesMax
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

export const reportOf = (
  topology: string,
  { topic, partition, record }: Origin,
  error: TopologyError,
  deadLetters: string,
): ErrorReport => {
  const { cause } = error
  const thrown = cause instanceof Error ? cause : error
  return {
    ...{ topology, operator: error.at, code: error.code, message: error.message },
    ...{ topic, partition, offset: record.offset, timestamp: time(record.timestamp), deadLetters },
    exception: thrown.name,
    stack: fromUtf8(cut(thrown.stack ?? '')),
    key: beginning(record.key),
    content: beginning(record.value),
  }
}

/** Bytes that are no text are left to the dead letter. */
const beginning = (bytes: Uint8Array | null): string | null => {
  if (bytes === null) return null
  try {
    return fromUtf8(cutBytes(bytes, contentBytesMax))
  } catch {
    return null
  }
}

export const reportRecord = (report: ErrorReport, { key, value }: CodecPair): LogRecord => ({
  key: key.encode(report.topic),
  value: value.encode(report),
  timestamp: report.timestamp,
  headers: [],
})

/** Says which record it was, for an error that will stop the task. */
export const placed = (error: TopologyError, topology: string, origin: Origin | undefined): TopologyError => {
  if (origin === undefined) return error
  const { topic, partition, record, timer } = origin
  const offset = timer === undefined ? `offset ${record.offset}` : `timer of the key ${shown(record.key)}`
  const where = `${topology}, ${error.at} (${topic}-${partition}, ${offset})`
  return new TopologyError(error.code, where, error.detail, error.cause)
}

/** Shows a key of any bytes in an error message. */
export const shown = (key: Uint8Array | null): string => {
  if (key === null) return 'null'
  try {
    return JSON.stringify(fromUtf8(key.subarray(0, 80)))
  } catch {
    return JSON.stringify(binaryOf(bytesOf(binaryOf(key.subarray(0, 40)))))
  }
}
