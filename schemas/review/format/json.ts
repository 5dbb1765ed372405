import type { Report } from '../report.ts'

/** The report as JSON; `report.schema.json` beside the review describes it. */
export const jsonOf = (report: Report): string => `${JSON.stringify(report, undefined, 2)}\n`
