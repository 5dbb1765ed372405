import type { Edit, Finding } from '../finding.ts'
import type { Report } from '../report.ts'
import { isSafe } from '../rules/index.ts'
import { affectedText, countText, exampleText, headText, levelWords, whenText, whereText } from './words.ts'

const limits = { charactersMax: 65_536 } as const

/** By this line a bot finds its own comment again, to edit it in place instead of adding another. */
const marker = '<!-- franz schemas review -->'

/** Text as it is, whatever signs it holds. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|#~]/g, '\\$&')
    .replaceAll('@', '@\u200b')
    .replace(/\r?\n/g, ' ')

const code = (text: string): string => {
  const fence = '`'.repeat(Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)) + 1)
  return `${fence} ${text.replace(/\r?\n/g, ' ').replaceAll('|', '\\|')} ${fence}`
}

/** The review as a comment of a pull request. */
export const markdownOf = (report: Report): string => {
  const told = report.findings.filter(finding => !isSafe(finding.code) && finding.level !== 'info')
  const quiet = report.findings.filter(finding => isSafe(finding.code) || finding.level === 'info')
  const head = [marker, `### Schema review: ${countText(report)}`, headText(report), ...report.notes.map(escaped)]
  const table = told.length === 0 ? ['Nothing breaks.'] : [tableOf(told)]
  return fitted([...head, ...table, ...ordersOf(report), ...told.map(details), ...quietOf(quiet)])
}

const fitted = (blocks: readonly string[]): string => {
  const kept: string[] = []
  let length = 0
  for (const [at, block] of blocks.entries()) {
    const left = blocks.length - at
    const cut = `${left} more blocks did not fit into a comment; \`franz schemas review\` prints all.\n`
    if (length + block.length + 2 + cut.length > limits.charactersMax) {
      kept.push(cut)
      break
    }
    kept.push(block)
    length += block.length + 2
  }
  return `${kept.join('\n\n').trimEnd()}\n`
}

const tableOf = (findings: readonly Finding[]): string => {
  const rows = findings.map(each => {
    const who = each.affected.map(({ service }) => service)
    const state = each.approvedBy === undefined ? levelWords[each.level] : 'approved'
    const cells = [
      `${state} ${each.code}`,
      `${escaped(each.subject)}: ${escaped(each.message)} (${escaped(whereText(each))})`,
      escaped([...new Set(who)].join(', ') || 'unknown readers'),
      escaped(whenText(each)),
      escaped(each.fix?.message ?? ''),
    ]
    return `| ${cells.join(' | ')} |`
  })
  return ['| | change | who breaks | when | fix |', '|---|---|---|---|---|', ...rows].join('\n')
}

const ordersOf = (report: Report): readonly string[] =>
  report.subjects
    .filter(({ order }) => order.length > 0)
    .map(({ subject, order }) => {
      const steps = order.map((step, at) => `${at + 1}. ${escaped(step)}`)
      return [`**Safe order for ${escaped(subject)}**`, ...steps].join('\n')
    })

const details = (finding: Finding): string => {
  const { code: ruleCode, why, affected, example, fix, fingerprint, approvedBy, old, new: next } = finding
  const lines = [
    `<details><summary>${ruleCode} ${escapedHtml(finding.subject)} ${escapedHtml(finding.path)}</summary>`,
    '',
    escaped(why),
    '',
    `- old: ${code(old?.value ?? 'none')}, new: ${code(next?.value ?? 'none')}`,
    ...affected.map(each => `- ${escaped(affectedText(each))}`),
    ...(example ? [`- proof: ${code(exampleText(example))}`] : []),
    `- ${finding.axis.join(', ')}, ${finding.direction}, fingerprint ${code(fingerprint)}`,
    ...(approvedBy
      ? [`- approved by ${escaped(approvedBy.author)} until ${approvedBy.expires}: ${escaped(approvedBy.reason)}`]
      : []),
    ...(fix?.edits ?? []).map(editText),
    '',
    '</details>',
  ]
  return lines.join('\n')
}

const escapedHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\r?\n/g, ' ')

const editText = ({ file, line, col, newText }: Edit): string =>
  `- edit ${escaped(file ?? 'the schema')}, line ${line}, column ${col}: insert ${code(newText)}`

const quietOf = (quiet: readonly Finding[]): readonly string[] => {
  if (quiet.length === 0) return []
  const lines = quiet.map(each => `- ${each.code} ${escaped(each.subject)}: ${escaped(each.message)}`)
  return [`<details><summary>Safe changes and notes: ${quiet.length}</summary>`, lines.join('\n'), '</details>']
}
