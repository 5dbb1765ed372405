// Fields that are used by name outside the types: columns of sinks, prompts, filters, views.
import { changeOf } from './compare/change.ts'
import { named } from './compare/describe.ts'
import type { Deployment } from './deployment.ts'
import type { Affected } from './finding.ts'
import type { DatedChange } from './history.ts'
import type { RuleCode } from './rules/index.ts'

export interface Use {
  readonly service: string
  readonly role: Affected['role']
}

export const isSinkUse = ({ role }: Use): boolean => role === 'sink'

/** Who uses a field of a topic, or something inside it, by its name. */
export const usesOf = (path: string, topic: string, deployment: Deployment): readonly Use[] => {
  const touches = (field: string) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`)
  return deployment.pipelines.flatMap(pipeline => [
    ...(pipeline.sinks ?? []).flatMap(sink =>
      (sink.topic === topic ? (sink.columns ?? []) : [])
        .filter(({ field }) => touches(field))
        .map(({ column }) => ({ service: `${sink.name}.${column}`, role: 'sink' as const })),
    ),
    ...(pipeline.uses ?? [])
      .filter(use => use.topic === topic && touches(use.field))
      .map(use => ({ service: use.name, role: use.in })),
  ])
}

/** Changes after which a column no longer fits: the field is gone, may be null, or has another type or meaning. */
const sinkCodes: readonly RuleCode[] = [
  'AV002',
  'AV102',
  'AV103',
  'AV104',
  'AV105',
  'AV107',
  'AV301',
  'AV302',
  'AV306',
  'AV307',
]
const textCodes: readonly RuleCode[] = [...sinkCodes, 'AV106', 'AV108', 'AV109', 'AV303']

/** AV503 and AV504: one finding for each kind of use of each field that changed. */
export const useChanges = (
  changes: readonly DatedChange[],
  topic: string,
  deployment: Deployment,
): readonly DatedChange[] =>
  changes.flatMap(change => {
    // What was renamed or removed is known under its old name.
    const path = change.code === 'AV103' || change.code === 'AV104' ? (change.old?.value ?? change.path) : change.path
    const uses = usesOf(path, topic, deployment)
    const make = (code: RuleCode, some: readonly Use[], codes: readonly RuleCode[]): readonly DatedChange[] => {
      if (some.length === 0 || !codes.includes(change.code)) return []
      const { old, new: next, shows, version } = change
      const message = `${named(path)} is used by ${some.map(({ service }) => service).join(', ')}: ${change.message}`
      return [{ ...changeOf(code, { old, new: next, shows, path, direction: 'none', message }), version }]
    }
    return [
      ...make('AV503', uses.filter(isSinkUse), sinkCodes),
      ...make(
        'AV504',
        uses.filter(use => !isSinkUse(use)),
        textCodes,
      ),
    ]
  })
