import type { Level } from '../finding.ts'
import type { Report } from '../report.ts'
import { githubOf } from './github.ts'
import { jsonOf } from './json.ts'
import { junitOf } from './junit.ts'
import { markdownOf } from './markdown.ts'
import { sarifOf } from './sarif.ts'
import { textOf } from './text.ts'

export const formats = ['text', 'markdown', 'json', 'github', 'sarif', 'junit'] as const
export type Format = (typeof formats)[number]

/** A report in one of the formats. */
export const formatted = (
  report: Report,
  format: Format,
  options: { readonly colour: boolean; readonly failOn: Level },
): string => {
  switch (format) {
    case 'text':
      return textOf(report, options)
    case 'markdown':
      return markdownOf(report)
    case 'json':
      return jsonOf(report)
    case 'github':
      return githubOf(report)
    case 'sarif':
      return sarifOf(report)
    case 'junit':
      return junitOf(report, options.failOn)
  }
}
