import { expect, test } from 'vitest'
import type { ConformanceCase } from './case-format.ts'
import { deviationCases, handCases } from './cases/index.ts'
import { countOperators, countShapes } from './coverage.ts'
import { randomCase } from './random/random-case.ts'
import { readVectors } from './vectors.ts'

const specOf = ({ out, fails, ...spec }: ConformanceCase) => spec

test('the vectors belong to the cases as they are written', () => {
  expect(readVectors('hand').map(specOf)).toEqual(handCases)
  expect(readVectors('deviations').map(specOf)).toEqual(deviationCases)
})

test('the vectors of a seed belong to the case that the seed makes', () => {
  for (const vector of readVectors('random')) expect(specOf(vector)).toEqual(randomCase(vector.seed!))
})

test('every step has its outputs', () => {
  for (const file of ['hand', 'random'] as const) {
    for (const { name, steps, out } of readVectors(file)) expect(out, name).toHaveLength(steps.length)
  }
})

test('random cases cover every operator thirty times', () => {
  const random = readVectors('random')
  const operators = countOperators(random)
  expect([...operators].filter(([, cases]) => cases < 30)).toEqual([])
  // Random cases repartition by themselves; the explicit operator is covered by hand.
  const byHand = [...countOperators(handCases).keys()].filter(name => name !== 'repartition')
  expect(byHand.filter(name => !operators.has(name))).toEqual([])
  expect(random.length).toBeGreaterThanOrEqual(600)
  expect(countShapes(random)).toBeGreaterThanOrEqual(60)
  expect(countShapes(handCases)).toBeGreaterThanOrEqual(45)
})
