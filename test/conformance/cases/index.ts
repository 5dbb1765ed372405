/** All cases written by hand. */
import type { CaseSpec } from '../case-format.ts'
import { aggregateCases, cogroupCases } from './aggregates.ts'
import { processCases, statelessCases } from './stateless.ts'
import { withinCases } from './stream-joins.ts'
import { globalCases, streamTableCases } from './stream-table-joins.ts'
import { foreignKeyCases, tableTableCases } from './table-joins.ts'
import { tableCases, tableGroupCases } from './tables.ts'
import { windowCases } from './windows.ts'

export { deviationCases } from './deviations.ts'

export const handCases: CaseSpec[] = [
  ...statelessCases,
  ...processCases,
  ...tableCases,
  ...tableGroupCases,
  ...aggregateCases,
  ...cogroupCases,
  ...windowCases,
  ...withinCases,
  ...streamTableCases,
  ...globalCases,
  ...tableTableCases,
  ...foreignKeyCases,
]
