import { beforeAll, expect, test } from 'vitest'
import type { CaseStep, ConformanceCase } from './case-format.ts'
import { countOperators, countShapes, coverageTable, operatorsOf } from './coverage.ts'
import { type Difference, difference, run } from './run-case.ts'
import { readVectors, vectorFiles } from './vectors.ts'

// Every case is run once, and is a matter of the rarest operator in it, so that what fails is named once and closely.

const cases = vectorFiles.flatMap(file => readVectors(file))
const counts = countOperators(cases)
const operators = [...counts.keys()].sort()
const rarest = (each: ConformanceCase): string =>
  [...operatorsOf(each)].reduce((least, name) => (counts.get(name)! < counts.get(least)! ? name : least))
const matters = operators
  .map(operator => ({ operator, cases: cases.filter(each => rarest(each) === operator) }))
  .filter(matter => matter.cases.length > 0)
const seedsPerOperatorMin = 30
const randomCasesMin = 500
const shapesMin = 40
/** Cases that an operator's failure shows in full. */
const shownMax = 3

/** What is wrong with each case that does not agree, in words. */
const wrong = new Map<ConformanceCase, string>()

const outputsText = (outputs: Difference['expected']): string =>
  outputs.map(([topic, key, value, ts]) => `\n      ${topic}: ${key} = ${value} @ ${ts}`).join('') || ' nothing'

const stepText = (step: CaseStep): string =>
  'advance' in step ? `advance ${step.advance}` : `${step.in}: ${step.key} = ${step.value} @ ${step.ts}`

const differenceText = ({ name, steps }: ConformanceCase, { step, expected, found }: Difference): string =>
  [
    `"${name}", step ${step} (${stepText(steps[step - 1]!)})`,
    `    expected:${outputsText(expected)}`,
    `    found:${outputsText(found)}`,
  ].join('\n')

/** The first difference, or the error that stopped the case. */
async function wrongIn(each: ConformanceCase): Promise<string | undefined> {
  try {
    const differs = difference(each, await run(each))
    return differs && differenceText(each, differs)
  } catch (error) {
    return `"${each.name}" stopped: ${error instanceof Error ? error.message : error}`
  }
}

const runningTimeMaxMs = 300_000

beforeAll(async () => {
  for (const each of cases) {
    const words = await wrongIn(each)
    if (words !== undefined) wrong.set(each, words)
  }
}, runningTimeMaxMs)

for (const { operator, cases } of matters) {
  test(`${operator}: ${cases.length} cases emit what Kafka Streams emits`, () => {
    const disagree = cases.filter(each => wrong.has(each))
    const shown = disagree.slice(0, shownMax).map(each => wrong.get(each))
    const names = disagree.slice(shownMax).map(each => each.name)
    expect(disagree.length, `\n${shown.join('\n')}\n${names.join(', ')}\n`).toBe(0)
  })
}

test('random cases cover every operator thirty times, in topologies of many shapes', () => {
  const hand = readVectors('hand')
  const random = readVectors('random')
  process.stdout.write(`\n${coverageTable(hand, random)}\n`)
  // Random cases repartition by themselves; the explicit operator, which our library does not have, is covered by hand.
  const byChance = countOperators(random)
  expect(operators.filter(name => (byChance.get(name) ?? 0) < seedsPerOperatorMin)).toEqual(['repartition'])
  expect(random.length).toBeGreaterThanOrEqual(randomCasesMin)
  expect(countShapes(random)).toBeGreaterThanOrEqual(shapesMin)
})
