// Words that several formats share.
import type { Affected, End, Example, Finding, FindingDirection, Level } from '../finding.ts'
import type { Report } from '../report.ts'

const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

/** `1 error, 2 warnings, 3 notes`. */
export const countText = ({ counts }: Report): string => {
  const parts = [plural(counts.error, 'error'), plural(counts.warn, 'warning'), plural(counts.info, 'note')]
  return [...parts, ...(counts.approved > 0 ? [`${counts.approved} approved`] : [])].join(', ')
}

export const headText = (report: Report): string =>
  `mode ${report.mode} · base ${report.against} · ${plural(report.files, 'file')}`

/** Where to look: in the new file, or in the old one for what is gone. */
export const endOf = (finding: Finding): End | undefined =>
  finding.new === undefined || (finding.new.file === undefined && finding.old?.file !== undefined)
    ? finding.old
    : finding.new

export const whereText = (finding: Finding): string => {
  const end = endOf(finding)
  if (end === undefined) return finding.subject
  return end.file === undefined ? `line ${end.line}, column ${end.col}` : `${end.file}:${end.line}:${end.col}`
}

export const affectedText = ({ service, role, when, scope, path }: Affected): string => {
  const way = path === undefined ? '' : `, by ${path.join(' -> ')}`
  return `${service} (${role}, ${scope === 'all' ? 'every record' : 'some records'}, ${when}${way})`
}

export const exampleText = ({ bytes, direction, oldValue, newValue, error }: Example): string => {
  const [written, read] = direction === 'backward' ? [oldValue, newValue] : [newValue, oldValue]
  const [writer, reader] = direction === 'backward' ? ['old', 'new'] : ['new', 'old']
  const outcome =
    error === undefined ? `the ${reader} schema reads ${read}` : `the ${reader} schema refuses it: ${error}`
  return `the ${writer} schema writes ${written} as ${bytes === '' ? 'no bytes' : `0x${bytes}`}, ${outcome}`
}

const whenByDirection: Readonly<Record<FindingDirection, string>> = {
  backward: 'as soon as a reader deploys the new schema',
  forward: 'as soon as a writer deploys the new schema',
  both: 'as soon as either side deploys the new schema',
  none: 'with this change',
}

/** When a finding is felt: by whom is known, or by its direction. */
export const whenText = ({ affected, direction }: Finding): string => affected[0]?.when ?? whenByDirection[direction]

/** Whether a finding counts: it is no note, and nobody has approved it. */
export const counts = (finding: Finding): boolean => finding.level !== 'info' && finding.approvedBy === undefined

export const levelWords: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'note' }
