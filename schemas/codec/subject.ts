import type { Place } from '../../topology/index.ts'
import { isNamed, type Schema } from '../avro/schema.ts'

/**
 * By which name a schema stands in the registry; the names are Confluent's own.
 * @example const subject: SubjectNaming = 'TopicRecordName'
 */
export type SubjectNaming = 'TopicName' | 'RecordName' | 'TopicRecordName'

/** The subject of a topic's schema, such as `tickets-value`. */
export const subjectOf = (naming: SubjectNaming, place: Place, schema: Schema): string => {
  if (naming === 'TopicName') return `${place.topic}-${place.part}`
  if (!isNamed(schema))
    throw new TypeError(
      `the ${place.part} of ${place.topic} is a ${schema.type} without a name, and ${naming} needs one. To fix: use TopicName`,
    )
  return naming === 'RecordName' ? schema.fullName : `${place.topic}-${schema.fullName}`
}
