import { type Finding, type Level, levels } from '../finding.ts'
import type { Report } from '../report.ts'
import { countText, endOf } from './words.ts'

/** GitHub shows so many annotations of each level and step; what comes later is lost. */
const limits = { annotationsMax: 10 } as const

const commands: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'notice' }

const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

/** The findings as workflow commands, the worst first; what GitHub would not show is counted in the last line. */
export const githubOf = (report: Report): string => {
  const open = report.findings.filter(({ approvedBy }) => approvedBy === undefined)
  const shown = levels.flatMap(level => open.filter(each => each.level === level).slice(0, limits.annotationsMax))
  const hidden = open.length - shown.length
  const rest = hidden === 0 ? [] : [`${hidden} more findings are in the summary of this step`]
  return `${[...shown.map(annotation), `Schema review: ${countText(report)}`, ...rest].join('\n')}\n`
}

const annotation = (finding: Finding): string => {
  const end = endOf(finding)
  const place = end?.file === undefined ? [] : [`file=${property(end.file)}`, `line=${end.line}`, `col=${end.col}`]
  const title = `title=${property(`${finding.code} ${finding.subject}`)}`
  const fix = finding.fix === undefined ? '' : `\nFix: ${finding.fix.message}`
  return `::${commands[finding.level]} ${[...place, title].join(',')}::${data(`${finding.message}${fix}`)}`
}
