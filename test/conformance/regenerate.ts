/**
 * Asks the real Kafka Streams again and compares with the vectors that are checked in.
 *
 *   npx tsx test/conformance/regenerate.ts            exit code 1 and the first difference, if there is one
 *   npx tsx test/conformance/regenerate.ts --write    replaces the vectors
 *   ... --rocksdb                                     on Kafka's default stores: the same results, many times slower
 */

import type { CaseSpec, ConformanceCase } from './case-format.ts'
import { deviationCases, handCases } from './cases/index.ts'
import { countOperators, countShapes, coverageTable, operatorsOf } from './coverage.ts'
import { build, type Captured, capture } from './java-program.ts'
import { randomCase } from './random/random-case.ts'
import { changedByStoring } from './stored.ts'
import { readVectors, type VectorFile, vectorFiles, writeVectors } from './vectors.ts'

const seedsMax = 3000
const randomCasesMin = 700
const casesPerOperatorMin = 30
const shapesMin = 60
/** Fewer outputs than this say too little about an operator to be worth a place. */
const outputsMin = 4
/** A longer case is rarely worth its place either. */
const charactersMax = 9000

const withoutQuirks = ({ quirks, ...rest }: Captured): ConformanceCase => rest
const sizeOf = (each: Captured) => JSON.stringify(each).length
const outputsOf = (each: Captured) => each.out.reduce((sum, emitted) => sum + emitted.length, 0)

/** By hand only what Kafka Streams gets right; the rest belongs to the deviations. */
function checkedHand(captured: readonly Captured[]): ConformanceCase[] {
  const names = new Set<string>()
  for (const each of captured) {
    const trouble = each.fails ?? each.quirks.join(', ')
    if (trouble !== '') throw new Error(`"${each.name}" is no standard: ${trouble}`)
    if (names.has(each.name)) throw new Error(`two cases are called "${each.name}"`)
    names.add(each.name)
  }
  return captured.map(withoutQuirks)
}

function checkedDeviations(captured: readonly Captured[]): ConformanceCase[] {
  for (const { name, ours, out, reason, steps } of captured) {
    if (!reason || ours?.length !== steps.length)
      throw new Error(`"${name}" needs a reason and our output of each step`)
    if (JSON.stringify(ours) === JSON.stringify(out)) throw new Error(`"${name}" is no deviation: Kafka says the same`)
  }
  return captured.map(withoutQuirks)
}

/** The first seeds that met no quirk, and further ones for operators that are still rare. */
function chosenRandom(captured: readonly Captured[], skipped: ReadonlySet<number | undefined>): ConformanceCase[] {
  const chosen: Captured[] = []
  const counts = new Map<string, number>()
  for (const each of captured) {
    if (skipped.has(each.seed)) continue
    if (each.fails) throw new Error(`seed ${each.seed} crashed Kafka Streams: ${each.fails}`)
    if (each.quirks.length > 0 || outputsOf(each) < outputsMin || sizeOf(each) > charactersMax) continue
    const operators = [...operatorsOf(each)]
    const needed = operators.some(name => (counts.get(name) ?? 0) < casesPerOperatorMin)
    if (chosen.length >= randomCasesMin && !needed) continue
    chosen.push(each)
    for (const name of operators) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return chosen.map(withoutQuirks)
}

function requireCoverage(random: readonly CaseSpec[]): void {
  const rare = [...countOperators(random)].filter(([, cases]) => cases < casesPerOperatorMin)
  const shapes = countShapes(random)
  if (rare.length > 0) throw new Error(`too few random cases: ${rare.map(entry => entry.join(' ')).join(', ')}`)
  if (shapes < shapesMin) throw new Error(`only ${shapes} distinct topologies among the random cases`)
}

function firstDifference(file: VectorFile, now: readonly ConformanceCase[]): string | undefined {
  const before = readVectors(file)
  for (const [index, each] of now.entries()) {
    const recorded = before[index]
    if (JSON.stringify(recorded) === JSON.stringify(each)) continue
    if (!recorded) return `${file}: "${each.name}" is new`
    if (JSON.stringify({ ...recorded, out: 0 }) !== JSON.stringify({ ...each, out: 0 })) {
      return `${file}: case ${index + 1} was "${recorded.name}" and is "${each.name}", or its text has changed`
    }
    const step = each.out.findIndex((emitted, at) => JSON.stringify(emitted) !== JSON.stringify(recorded.out[at]))
    const [old, fresh] = [recorded.out[step], each.out[step]].map(emitted => JSON.stringify(emitted))
    return `${file}: "${each.name}", step ${step + 1} ${JSON.stringify(each.steps[step])}: was ${old}, is ${fresh}`
  }
  return before.length > now.length ? `${file}: "${before[now.length]!.name}" is gone` : undefined
}

const flags = process.argv.slice(2)
const inMemory = !flags.includes('--rocksdb')
await build()
const seeds = Array.from({ length: seedsMax }, (_, index) => randomCase(index + 1))
const random = await capture(seeds, { inMemory })
const cases: Record<VectorFile, ConformanceCase[]> = {
  hand: checkedHand(await capture(handCases, { inMemory })),
  deviations: checkedDeviations(await capture(deviationCases, { inMemory })),
  random: chosenRandom(random, await changedByStoring(random, { inMemory })),
}
process.stdout.write(coverageTable(cases.hand, cases.random))
requireCoverage(cases.random)
if (flags.includes('--write')) {
  for (const file of vectorFiles) writeVectors(file, cases[file])
} else {
  const difference = vectorFiles.map(file => firstDifference(file, cases[file])).find(found => found !== undefined)
  if (difference !== undefined) {
    process.stderr.write(`${difference}\n`)
    process.exitCode = 1
  }
}
