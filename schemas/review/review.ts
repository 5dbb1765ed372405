import type { CompatibilityMode } from '../avro/compat.ts'
import type { SchemaError } from '../avro/error.ts'
import { incompatibilities } from '../avro/resolve.ts'
import type { Schema, Spot } from '../avro/schema.ts'
import { schemaText } from '../avro/write.ts'
import { affectedBy, levelOf } from './affected.ts'
import { approve } from './approvals.ts'
import { type ChangeEnd, changeOf } from './compare/change.ts'
import { type Deployment, emptyDeployment, topicOf } from './deployment.ts'
import { exampleOf } from './example.ts'
import { type Approval, type End, type Finding, findingFingerprint, type Level, levels } from './finding.ts'
import { changesOf, type DatedChange, type Version } from './history.ts'
import { countsOf, type Report, reportVersion, type SubjectReport } from './report.ts'
import { rolloutOf, together } from './rollout.ts'
import { type RuleCode, rules } from './rules/index.ts'
import { keyChanges, storeChanges, unlikeKeys } from './state.ts'
import { useChanges } from './uses.ts'

/** A subject with its schema as it is to be, and the versions before it, oldest first. */
export interface SubjectToReview {
  readonly subject: string
  readonly file: string | undefined
  /** Undefined where the base has a schema and the new state has none. */
  readonly schema: Schema | undefined
  readonly versions: readonly Version[]
}

/**
 * What is reviewed, against what, by which rules.
 * @example const input: ReviewInput = { against: 'main', subjects: [], mode: 'FULL' }
 */
export interface ReviewInput {
  readonly subjects: readonly SubjectToReview[]
  /** Words for the base: `origin/main`. */
  readonly against: string
  readonly mode?: CompatibilityMode
  /** Other modes for some subjects. */
  readonly modes?: Readonly<Record<string, CompatibilityMode>>
  /** Other levels, by `AV301` or, for one subject, by `orders-value:AV301`. */
  readonly levels?: Readonly<Record<string, Level>>
  readonly deployment?: Deployment
  readonly approvals?: readonly Approval[]
  /** A day such as 2026-11-21, against which approvals expire. */
  readonly today?: string
  /** Files that are no valid schemas. */
  readonly invalid?: readonly SchemaError[]
  /** Changes that were seen while the files were read, with the subject each is about. */
  readonly more?: readonly { readonly subject: string; readonly change: DatedChange }[]
  readonly files?: number
  readonly notes?: readonly string[]
}

/**
 * Reviews new schemas against the versions before them: what breaks, for whom, when, and in which order to deploy.
 * @example review({ against: 'main', subjects: [{ subject: 'orders-value', file, schema, versions: [{ label: 'main', schema: old }] }] })
 */
export const review = (input: ReviewInput): Report => {
  const deployment = input.deployment ?? emptyDeployment
  const mode = input.mode ?? 'BACKWARD'
  const modeOf = (subject: string) => input.modes?.[subject] ?? mode
  const drafts = input.subjects.map(each => ({ each, changes: changesIn(each, modeOf(each.subject), deployment) }))
  const findings = [
    ...(input.invalid ?? []).map(invalidFinding),
    ...drafts.flatMap(({ each, changes }) => changes.map(change => findingOf(change, each, deployment))),
    ...keysUnlike(input.subjects, deployment),
    ...(input.more ?? []).map(({ subject, change }) => findingOf(change, bareSubject(subject), deployment)),
  ].map(finding => ({ ...finding, level: levelFor(finding, input.levels) }))
  const approved = approve(findings, input.approvals ?? [], input.today ?? '9999-12-31')
  const sorted = approved.findings.toSorted(
    (a, b) => levels.indexOf(a.level) - levels.indexOf(b.level) || compareText(a.subject, b.subject),
  )
  return {
    schemaVersion: reportVersion,
    against: input.against,
    mode,
    files: input.files ?? input.subjects.length,
    subjects: drafts.map(({ each }) => subjectReport(each, modeOf(each.subject), sorted, deployment)),
    findings: sorted,
    counts: countsOf(sorted),
    notes: [...(input.notes ?? []), ...approved.notes],
  }
}

const compareText = (left: string, right: string): number => (left === right ? 0 : left < right ? -1 : 1)

const bareSubject = (subject: string): SubjectToReview => ({
  subject,
  file: undefined,
  schema: undefined,
  versions: [],
})

const levelFor = (finding: Finding, chosen: ReviewInput['levels']): Level =>
  chosen?.[`${finding.subject}:${finding.code}`] ?? chosen?.[finding.code] ?? finding.level

const changesIn = (each: SubjectToReview, mode: CompatibilityMode, deployment: Deployment): readonly DatedChange[] => {
  const { schema, versions, subject } = each
  const latest = versions.at(-1)
  if (schema === undefined) return latest === undefined ? [] : [goneSchema(latest, versions.length - 1)]
  if (latest === undefined) return [newSubject(schema)]
  const { topic, part } = topicOf(subject, deployment)
  const changes = changesOf(versions, schema, mode, { long: deployment.long ?? 'bigint' })
  return [
    ...changes,
    ...(changes.length === 0 ? wordsOnly(latest, schema, versions.length - 1) : []),
    ...useChanges(changes, topic, deployment),
    ...(part === 'key' ? keyChanges(versions, schema) : storeChanges(versions, schema, topic, deployment)),
  ]
}

/** AV004: nothing differs but words. */
const wordsOnly = ({ schema: old }: Version, next: Schema, version: number): readonly DatedChange[] => {
  if (schemaText(old) === schemaText(next)) return []
  const ends = { old: { spot: old, value: 'words' }, new: { spot: next, value: 'other words' } }
  const message = 'only docs, or attributes that Avro gives no meaning to, differ'
  const change = { ...ends, path: '', shows: { old, new: next }, direction: 'none', message } as const
  return [{ ...changeOf('AV004', change), version }]
}

const whole = (schema: Schema): ChangeEnd => ({ spot: schema, value: 'present' })

const newSubject = (schema: Schema): DatedChange => {
  const place = { old: undefined, new: whole(schema), path: '', shows: { old: schema, new: schema } }
  const message = 'there is no earlier version: nothing to compare with'
  return { ...changeOf('AV006', { ...place, direction: 'none', message }), version: 0 }
}

const goneSchema = ({ schema, label }: Version, version: number): DatedChange => {
  const place = { old: whole(schema), new: undefined, path: '', shows: { old: schema, new: schema } }
  const message = `${label} has this schema, and it is gone`
  return { ...changeOf('AV007', { ...place, direction: 'none', message }), version }
}

const endOf = (end: ChangeEnd | undefined): End | undefined =>
  end && {
    file: end.spot.position.file,
    line: end.spot.position.line,
    col: end.spot.position.column,
    value: end.value,
  }

/** Where a finding points: into the new document, or into the old one for what is only there. */
const pointerOf = ({ code, old, new: next }: DatedChange): string => {
  const isOnlyOld = (code === 'AV102' || code === 'AV002' || code === 'AV502') && next?.value === 'none'
  const spot: Spot | undefined = isOnlyOld ? old?.spot : (next ?? old)?.spot
  return spot?.pointer ?? ''
}

const findingOf = (change: DatedChange, each: SubjectToReview, deployment: Deployment): Finding => {
  const { topic, part } = topicOf(each.subject, deployment)
  const { code, axis, direction, message, path } = change
  const level = levelOf(change, topic, deployment)
  const pointer = pointerOf(change)
  const [old, next] = [endOf(change.old), endOf(change.new)]
  const about = { code, subject: each.subject, pointer, direction, old: old?.value ?? '', new: next?.value ?? '' }
  const schema = each.schema ?? change.shows.new
  return {
    code,
    level,
    axis,
    direction,
    subject: each.subject,
    topic,
    pointer,
    path,
    version: each.versions.length > 1 ? change.version + 1 : undefined,
    old,
    new: next,
    message,
    why: change.why ?? rules[code].why,
    affected: affectedBy(change, { topic, part, schema }, deployment),
    order: level === 'info' ? [] : rolloutOf(direction, topic, deployment),
    fix: change.fix?.() ?? (level === 'info' ? undefined : { message: rules[code].fix, edits: [] }),
    example: level === 'info' ? undefined : exampleOf(change),
    fingerprint: findingFingerprint(about),
    approvedBy: undefined,
  }
}

const keysUnlike = (subjects: readonly SubjectToReview[], deployment: Deployment): readonly Finding[] => {
  const keys = subjects.flatMap(each => {
    const { topic, part } = topicOf(each.subject, deployment)
    return part === 'key' && each.schema !== undefined ? [[topic, each] as const] : []
  })
  const byTopic = new Map(keys)
  const schemas = new Map(keys.map(([topic, each]) => [topic, each.schema!]))
  return unlikeKeys(schemas, deployment).map(({ topic, change }) => findingOf(change, byTopic.get(topic)!, deployment))
}

const invalidCodes: Partial<Record<SchemaError['mistake'], RuleCode>> = {
  json: 'AV600',
  shape: 'AV600',
  reference: 'AV601',
}

const invalidFinding = (error: SchemaError): Finding => {
  const isSecondType = error.mistake === 'duplicate' && error.detail.includes('already defined')
  const code = isSecondType ? 'AV601' : (invalidCodes[error.mistake] ?? 'AV603')
  const { position, pointer } = error
  const subject = position.file ?? 'the schema'
  const end = { file: position.file, line: position.line, col: position.column, value: error.detail }
  return {
    code,
    level: 'error',
    axis: rules[code].axis,
    direction: 'none',
    subject,
    topic: undefined,
    pointer,
    path: '',
    version: undefined,
    old: undefined,
    new: end,
    message: error.detail,
    why: rules[code].why,
    affected: [],
    order: [],
    fix: { message: error.fix, edits: [] },
    example: undefined,
    fingerprint: findingFingerprint({ code, subject, pointer, direction: 'none', old: '', new: error.detail }),
    approvedBy: undefined,
  }
}

const subjectReport = (
  each: SubjectToReview,
  mode: CompatibilityMode,
  findings: readonly Finding[],
  deployment: Deployment,
): SubjectReport => {
  const { topic } = topicOf(each.subject, deployment)
  const latest = each.versions.at(-1)?.schema
  const reads = (reader?: Schema, writer?: Schema) =>
    reader === undefined || writer === undefined || incompatibilities(reader, writer).length === 0
  const counting = findings.filter(({ subject, level, axis }) => {
    return subject === each.subject && level !== 'info' && axis.some(one => one !== 'SOURCE')
  })
  const direction = together(counting.map(finding => finding.direction))
  return {
    subject: each.subject,
    topic,
    file: each.file,
    mode,
    versions: each.versions.length,
    compatible: { backward: reads(each.schema, latest), forward: reads(latest, each.schema) },
    direction,
    order: rolloutOf(direction, topic, deployment),
  }
}
