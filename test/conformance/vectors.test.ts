import { expect, test } from 'vitest'
import type { ConformanceCase } from './case-format.ts'
import { deviationCases, handCases } from './cases/index.ts'
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
