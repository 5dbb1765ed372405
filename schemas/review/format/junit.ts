import { type Finding, isAtLeast, type Level } from '../finding.ts'
import type { Report } from '../report.ts'
import { affectedText, whereText } from './words.ts'

/** Characters that XML 1.0 cannot hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

const xml = (text: string): string =>
  text
    .replace(forbidden, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')

/** The report as JUnit: a suite for each subject, a case for each finding; a subject without any has one that passes. */
export const junitOf = (report: Report, failOn: Level): string => {
  const fails = (finding: Finding) => finding.approvedBy === undefined && isAtLeast(finding.level, failOn)
  const names = [
    ...new Set([...report.subjects.map(({ subject }) => subject), ...report.findings.map(each => each.subject)]),
  ]
  const suites = names.map(name =>
    suiteOf(
      name,
      report.findings.filter(({ subject }) => subject === name),
      fails,
    ),
  )
  const failures = report.findings.filter(fails).length
  const total = suites.reduce((sum, { cases }) => sum + cases, 0)
  const head = `<testsuites name="schema review" tests="${total}" failures="${failures}">`
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, ...suites.map(({ text }) => text), '</testsuites>', ''].join(
    '\n',
  )
}

const suiteOf = (name: string, findings: readonly Finding[], fails: (finding: Finding) => boolean) => {
  const cases =
    findings.length === 0
      ? [`    <testcase classname="${xml(name)}" name="nothing changed"/>`]
      : findings.map(finding => caseOf(name, finding, fails(finding)))
  const failures = findings.filter(fails).length
  const head = `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failures}">`
  return { cases: cases.length, text: [head, ...cases, '  </testsuite>'].join('\n') }
}

const caseOf = (name: string, finding: Finding, isFailure: boolean): string => {
  const title = `${finding.code} ${finding.path || finding.pointer || 'the schema'}`
  const open = `    <testcase classname="${xml(name)}" name="${xml(title)}"`
  if (!isFailure) return `${open}/>`
  const body = [
    whereText(finding),
    finding.why,
    ...finding.affected.map(affectedText),
    `Fix: ${finding.fix?.message ?? ''}`,
  ]
  const failure = `<failure type="${finding.code}" message="${xml(finding.message)}">${xml(body.join('\n'))}</failure>`
  return `${open}>\n      ${failure}\n    </testcase>`
}
