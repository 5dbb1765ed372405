import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formats, formatted } from '../../../schemas/review/format/index.ts'
import type { Report } from '../../../schemas/review/report.ts'
import { cases } from './cases.ts'
import { faults } from './json-schema.ts'
import { field, order, parsed, reviewed, shop } from './orders.ts'

const plain = { colour: false, failOn: 'error' } as const
const id = field('id', 'string')
const total = (scale: number) => field('total', { type: 'bytes', logicalType: 'decimal', precision: 10, scale })
const broken = reviewed(
  [order([id, total(2)]), order([id, total(3), field('by', 'string'), field('x', 'int', { default: 0 })])],
  {
    deployment: shop,
  },
)
const quiet = reviewed([order([id]), order([id])])

/** A report in which nothing is as nice as a format hopes. */
const nasty = (): Report => {
  const [finding, ...others] = broken.findings
  const words = 'a | b `c` <script> ]]> & "d" %25, e: f\u0000\n::error::g </details> @all'
  return { ...broken, findings: [{ ...finding!, message: words, why: words, subject: words, path: words }, ...others] }
}

test.each(formats)('%s says something of every report', format => {
  for (const report of [broken, quiet, nasty()]) expect(formatted(report, format, plain).endsWith('\n')).toBe(true)
})

describe('text', () => {
  test('has colours only when asked', () => {
    const control = '\u001b['
    expect(formatted(broken, 'text', plain)).not.toContain(control)
    expect(formatted(broken, 'text', { ...plain, colour: true })).toContain(control)
  })
  test('tells the finding, who is hit, the proof, the fix, the order, and what is safe', () => {
    const text = formatted(broken, 'text', plain)
    for (const words of [
      'Schema review: 3 errors, 0 warnings, 1 note   mode BACKWARD · base main · 1 file',
      'error AV101 orders-value  orders.avsc:',
      'hits     billing (reader, every record, as soon as it reads old records with the new schema)',
      'example  the old schema writes "123.45" as 0x043039, the new schema reads "12.345"',
      'fix      give "by" the default ""',
      'Safe order for orders-value:',
      'AV001 orders-value: "x" was added, and it has a default',
    ]) {
      expect(text).toContain(words)
    }
  })
  test('says that nothing breaks, and how far approvals are', () => {
    expect(formatted(quiet, 'text', plain)).toContain('Nothing breaks.')
  })
})

describe('json', () => {
  const schema = JSON.parse(readFileSync('schemas/review/report.schema.json', 'utf8'))
  test('is what the published schema says, for every case', () => {
    for (const each of cases) {
      const versions = [{ label: 'main', schema: parsed(each.old) }]
      const subjects = [{ subject: 'orders-value', file: 'orders.avsc', schema: parsed(each.new), versions }]
      const report = reviewed([order([id])], { subjects, deployment: shop, mode: 'FULL' })
      expect(faults(schema, JSON.parse(formatted(report, 'json', plain)))).toEqual([])
    }
  })
  test('the published schema would notice', () => {
    const report = JSON.parse(formatted(broken, 'json', plain))
    expect(faults(schema, { ...report, schemaVersion: 2 })).toEqual(['report.schemaVersion is not 1'])
    expect(faults(schema, { ...report, more: 1 })).toEqual(['report.more is not described'])
    report.findings[0].fingerprint = 'x'
    report.findings[0].new.line = 0
    expect(faults(schema, report)).toHaveLength(2)
  })
})

describe('markdown', () => {
  test('is a table, an order and details, with a mark by which the comment is found again', () => {
    const text = formatted(broken, 'markdown', plain)
    expect(text.startsWith('<!-- franz schemas review -->\n')).toBe(true)
    expect(text).toContain('| error AV101 |')
    expect(text).toContain('**Safe order for orders-value**\n1. expand')
    expect(text).toContain('insert ` , "default": "" `')
  })
  test('keeps foreign words from being markup', () => {
    const text = formatted(nasty(), 'markdown', plain)
    const row = text.split('\n').find(line => line.startsWith('| error'))!
    expect(row.replaceAll('\\|', '').split('|')).toHaveLength(7)
    expect(text).not.toContain('<script>')
    expect(text).not.toMatch(/^::error/m)
    expect(text.match(/<\/details>/g)).toHaveLength(text.match(/<details>/g)!.length)
  })
  test('fits into a comment', () => {
    const many = { ...broken, findings: Array.from({ length: 2_000 }, () => broken.findings[0]!) }
    const text = formatted(many, 'markdown', plain)
    expect(text.length).toBeLessThanOrEqual(65_536)
    expect(text).toContain('did not fit into a comment')
  })
})

describe('github', () => {
  test('writes one command a finding, the worst first, with its place', () => {
    const [first] = formatted(broken, 'github', plain).split('\n')
    expect(first).toMatch(/^::error file=orders\.avsc,line=\d+,col=\d+,title=AV\d+ orders-value::/)
  })
  test('shows ten of a level and counts the rest', () => {
    const many = { ...broken, findings: Array.from({ length: 25 }, () => broken.findings[0]!) }
    const lines = formatted(many, 'github', plain).trimEnd().split('\n')
    expect(lines.filter(line => line.startsWith('::error'))).toHaveLength(10)
    expect(lines.at(-1)).toBe('15 more findings are in the summary of this step')
  })
  test('foreign words start no command', () => {
    const lines = formatted(nasty(), 'github', plain).split('\n')
    expect(lines.filter(line => line.startsWith('::'))).toHaveLength(broken.findings.length)
    expect(lines[0]).toContain('%2525')
  })
})

describe('sarif', () => {
  test('is version 2.1.0 with rules, places, fingerprints and fixes', () => {
    const log = JSON.parse(formatted(broken, 'sarif', plain))
    const [run] = log.runs
    expect(log.version).toBe('2.1.0')
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
      expect(['error', 'warning', 'note']).toContain(result.level)
      expect(result.partialFingerprints['franzSchemasReview/v1']).toMatch(/^[0-9a-f]{12}$/)
      const { region, artifactLocation } = result.locations[0].physicalLocation
      expect([artifactLocation.uri, region.startLine > 0]).toEqual(['orders.avsc', true])
    }
    const fixed = run.results.find((result: { fixes?: unknown }) => result.fixes !== undefined)
    const { deletedRegion, insertedContent } = fixed.fixes[0].artifactChanges[0].replacements[0]
    expect(insertedContent.text).toBe(', "default": ""')
    expect(deletedRegion.startColumn).toBe(deletedRegion.endColumn)
  })
  test('an approved finding is suppressed, with the reason', () => {
    const [finding] = broken.findings
    const approvedBy = {
      fingerprint: finding!.fingerprint,
      reason: 'empty topic',
      author: 'kim',
      expires: '2030-01-01',
    }
    const log = JSON.parse(formatted({ ...broken, findings: [{ ...finding!, approvedBy }] }, 'sarif', plain))
    expect(log.runs[0].results[0].suppressions).toEqual([{ kind: 'external', justification: 'empty topic' }])
  })
})

describe('junit', () => {
  /** Whether tags are closed in the order they were opened, and nothing else looks like one. */
  const isWellFormed = (xml: string): boolean => {
    const open: string[] = []
    const body = xml.replace(/^<\?xml[^>]*\?>/, '')
    for (const [, close, name, attributes, self] of body.matchAll(/<(\/?)([a-z]+)((?:\s[a-z]+="[^"<]*")*)\s*(\/?)>/g)) {
      if (close) {
        if (open.pop() !== name) return false
      } else if (!self) open.push(name!)
      if (/&(?!amp;|lt;|gt;|quot;|#10;)/.test(attributes ?? '')) return false
    }
    const rest = body.replace(/<\/?[a-z]+(?:\s[a-z]+="[^"<]*")*\s*\/?>/g, '')
    return open.length === 0 && !rest.includes('<') && !rest.includes('\u0000')
  }

  test('fails what fails, and passes the rest', () => {
    const xml = formatted(broken, 'junit', plain)
    expect(isWellFormed(xml)).toBe(true)
    expect(xml).toContain(`<testsuites name="schema review" tests="${broken.findings.length}" failures="3">`)
    expect(formatted(broken, 'junit', { ...plain, failOn: 'info' })).toContain(`failures="${broken.findings.length}"`)
    expect(formatted(quiet, 'junit', plain)).toContain('<testcase classname="orders-value" name="nothing changed"/>')
  })
  test('foreign words are no markup', () => {
    expect(isWellFormed(formatted(nasty(), 'junit', plain))).toBe(true)
  })
})
