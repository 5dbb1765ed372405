import type * as desk from '../../schemas/desk/generated/desk.ts'
import { errors } from '../../schemas/desk/topics.ts'
import { type ErrorReport, type Format, type Source, topic } from '../../topology/index.ts'

/** A topology by the name that people know its service by: `mail-aufbereitung` is Mail Aufbereitung. */
export const serviceOf = (topology: string): string =>
  topology
    .split('-')
    .map(word => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const deskReport = (report: ErrorReport): desk.ErrorReportInput => ({
  service: serviceOf(report.topology),
  topic: report.topic,
  source: { topic: report.topic, partition: report.partition, offset: BigInt(report.offset), key: report.key },
  deadLetterTopic: report.deadLetters,
  exception: report.exception,
  message: report.message,
  stack: report.stack,
  content: report.content,
  ticketId: report.key !== null && uuidPattern.test(report.key) ? report.key : null,
  timestamp: report.timestamp,
})

/** The desk's own form of a report, written by the library's. */
const reported = (format: Format<desk.ErrorReport, desk.ErrorReportInput>): Format<desk.ErrorReport, ErrorReport> => ({
  name: format.name,
  family: format.family,
  async open(place, registry) {
    const codec = await format.open(place, registry)
    const prepare = codec.prepare?.bind(codec)
    return {
      decode: bytes => codec.decode(bytes),
      encode: report => codec.encode(deskReport(report)),
      ...(prepare && { prepare }),
    }
  },
})

const reports = topic(errors.name, { key: errors.key, value: reported(errors.value) })

/** What a service does with what it cannot handle: a dead letter, and one report for Absturz in the same commit. */
export const burying = (deadLetters: Source<unknown, unknown>) => ({ deadLetters, errors: reports })
