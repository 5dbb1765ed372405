import { TopologyError } from '../errors.ts'
import type { Origin } from '../operators/operator.ts'
import type { ErrorReport } from '../ports/error-report.ts'
import type { Headers, LogRecord } from '../ports/log.ts'
import { binaryOf, bytesOf, fromUtf8, utf8 } from '../text.ts'
import type { CodecPair } from './codecs.ts'

/** A stack trace in a header is cut here: logs refuse records with headers too large. */
const stackBytesMax = 4096

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

const cut = (stack: string): Uint8Array => {
  const bytes = utf8(stack)
  if (bytes.length <= stackBytesMax) return bytes
  let end = stackBytesMax
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

export const reportOf = (topology: string, origin: Origin, error: TopologyError): ErrorReport => ({
  topology,
  operator: error.at,
  code: error.code,
  message: error.message,
  topic: origin.topic,
  partition: origin.partition,
  offset: origin.record.offset,
  timestamp: time(origin.record.timestamp),
})

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
