import type { Finding, Level } from '../finding.ts'
import type { Report } from '../report.ts'
import { isSafe } from '../rules/index.ts'
import { affectedText, countText, exampleText, headText, levelWords, whereText } from './words.ts'

const colours = { error: '31', warn: '33', info: '36', bold: '1', faint: '2' } as const
type Paint = (colour: keyof typeof colours, text: string) => string

const plain: Paint = (_colour, text) => text
const coloured: Paint = (colour, text) => `\u001b[${colours[colour]}m${text}\u001b[0m`

/** The review for a terminal. */
export const textOf = (report: Report, options: { readonly colour?: boolean } = {}): string => {
  const paint = options.colour ? coloured : plain
  const told = report.findings.filter(({ code }) => !isSafe(code))
  const safe = report.findings.filter(({ code }) => isSafe(code))
  const blocks = [
    `${paint('bold', `Schema review: ${countText(report)}`)}   ${paint('faint', headText(report))}`,
    ...told.map(finding => findingBlock(finding, paint)),
    ...orderBlocks(report),
    ...(safe.length === 0 ? [] : [safeBlock(safe, paint)]),
    ...report.notes.map(note => `Note: ${note}`),
    ...(told.length === 0 ? ['Nothing breaks.'] : []),
  ]
  return `${blocks.join('\n\n')}\n`
}

const levelText = (level: Level, paint: Paint): string => paint(level, levelWords[level])

const findingBlock = (finding: Finding, paint: Paint): string => {
  const { code, level, subject, message, why, affected, fix, example, fingerprint, approvedBy } = finding
  const lines = [
    `${levelText(level, paint)} ${paint('bold', code)} ${subject}  ${whereText(finding)}`,
    `  ${message}`,
    `  ${paint('faint', 'why')}      ${why}`,
    ...affected.map(each => `  ${paint('faint', 'hits')}     ${affectedText(each)}`),
    ...(example ? [`  ${paint('faint', 'example')}  ${exampleText(example)}`] : []),
    ...(fix ? [`  ${paint('faint', 'fix')}      ${fix.message}`] : []),
    `  ${paint('faint', `${finding.axis.join(' ')} · ${finding.direction} · ${fingerprint}`)}`,
    ...(approvedBy ? [`  approved by ${approvedBy.author} until ${approvedBy.expires}: ${approvedBy.reason}`] : []),
  ]
  return lines.join('\n')
}

const orderBlocks = (report: Report): readonly string[] =>
  report.subjects
    .filter(({ order }) => order.length > 0)
    .map(({ subject, order }) =>
      [`Safe order for ${subject}:`, ...order.map((step, at) => `  ${at + 1}. ${step}`)].join('\n'),
    )

const safeBlock = (safe: readonly Finding[], paint: Paint): string =>
  ['Safe:', ...safe.map(each => `  ${paint('faint', each.code)} ${each.subject}: ${each.message}`)].join('\n')
