import type { Edit, End, Finding, Level } from '../finding.ts'
import type { Report } from '../report.ts'
import { type RuleCode, rules } from '../rules/index.ts'
import { endOf } from './words.ts'

const sarifLevels: Readonly<Record<Level, string>> = { error: 'error', warn: 'warning', info: 'note' }

/** The report as SARIF 2.1.0, for code scanning. */
export const sarifOf = (report: Report): string => {
  const used = [...new Set(report.findings.map(({ code }) => code))].sort()
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'franz schemas review', rules: used.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map(finding => resultOf(finding, used)),
      },
    ],
  }
  return `${JSON.stringify(log, undefined, 2)}\n`
}

const ruleOf = (code: RuleCode) => {
  const { title, what, why, fix, level, axis } = rules[code]
  return {
    id: code,
    name: code,
    shortDescription: { text: title },
    fullDescription: { text: what },
    help: { text: `${why} To fix: ${fix}.` },
    defaultConfiguration: { level: sarifLevels[level] },
    properties: { tags: axis },
  }
}

const resultOf = (finding: Finding, used: readonly RuleCode[]) => {
  const end = endOf(finding)
  const edits = finding.fix?.edits.filter(({ file }) => file !== undefined) ?? []
  return {
    ruleId: finding.code,
    ruleIndex: used.indexOf(finding.code),
    level: sarifLevels[finding.level],
    message: { text: `${finding.subject}: ${finding.message}` },
    locations: end?.file === undefined ? [] : [{ physicalLocation: physical(end, end.file) }],
    partialFingerprints: { 'franzSchemasReview/v1': finding.fingerprint },
    ...(edits.length > 0 && { fixes: [fixOf(finding.fix?.message ?? '', edits)] }),
    ...(finding.approvedBy && { suppressions: [{ kind: 'external', justification: finding.approvedBy.reason }] }),
  }
}

const artifact = (file: string) => ({ uri: file.split('/').map(encodeURIComponent).join('/') })

const physical = ({ line, col }: End, file: string) => ({
  artifactLocation: artifact(file),
  region: { startLine: line, startColumn: col },
})

const fixOf = (message: string, edits: readonly Edit[]) => ({
  description: { text: message },
  artifactChanges: [...new Set(edits.map(({ file }) => file!))].map(file => ({
    artifactLocation: artifact(file),
    replacements: edits
      .filter(edit => edit.file === file)
      .map(edit => ({
        deletedRegion: { startLine: edit.line, startColumn: edit.col, endLine: edit.endLine, endColumn: edit.endCol },
        insertedContent: { text: edit.newText },
      })),
  })),
})
