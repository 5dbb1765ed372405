import { type CompatibilityFinding, checkCompatibility } from '../../avro/compat.ts'
import type { IncompatibilityKind } from '../../avro/resolve.ts'
import type { Book, Level, Version } from './book.ts'
import { type Reading, readVersion } from './intake.ts'

const shownCharsMax = 10 * 1024

/** The names that clients know from Confluent's messages. */
const errorTypes: Readonly<Record<IncompatibilityKind, string>> = {
  name: 'NAME_MISMATCH',
  'fixed-size': 'FIXED_SIZE_MISMATCH',
  'enum-symbols': 'MISSING_ENUM_SYMBOLS',
  'missing-default': 'READER_FIELD_MISSING_DEFAULT_VALUE',
  type: 'TYPE_MISMATCH',
  'missing-branch': 'MISSING_UNION_BRANCH',
  'ambiguous-alias': 'READER_FIELD_AMBIGUOUS_ALIAS',
}

/**
 * Why a schema may not follow these versions (oldest first), in messages of Confluent's form; none when it may.
 * A transitive level stops at the newest version that does not fit.
 */
export const incompatibilityMessages = (
  book: Book,
  reading: Reading,
  previous: readonly Version[],
  level: Level,
): readonly string[] => {
  const versions = previous.map(version => ({ version, schema: readVersion(book, version) }))
  const { findings } = checkCompatibility({ old: versions.map(each => each.schema), new: reading.schema, mode: level })
  const first = findings[0]
  if (first === undefined) return []
  const { version } = versions[first.version]!
  return [
    ...findings.filter(each => each.version === first.version).map(message),
    `{oldSchemaVersion: ${version.version}}`,
    `{oldSchema: '${version.schema.length > shownCharsMax ? `${version.schema.slice(0, shownCharsMax)}...` : version.schema}'}`,
    `{validateFields: 'false', compatibility: '${level}'}`,
  ]
}

const message = (finding: CompatibilityFinding): string => {
  const [reader, writer] = finding.direction === 'backward' ? ['new', 'old'] : ['old', 'new']
  const roles = `the ${reader} schema cannot read what the ${writer} schema wrote, at path '${finding.path || '/'}'`
  return `{errorType:'${errorTypes[finding.kind]}', description:'${roles}', additionalInfo:'${finding.message}'}`
}
