/**
 * Asks the real Kafka Streams about seeds that are in no vector, and compares our engine with its answers:
 * `npx tsx test/conformance/fresh.ts FIRST_SEED [LAST_SEED]`. Exit code 1 where they differ.
 */
import { drive } from '../../topology/testing.ts'
import { build as ours } from './build.ts'
import type { CaseSpec } from './case-format.ts'
import { build, capture } from './java-program.ts'
import { randomCase } from './random/random-case.ts'
import { difference, run } from './run-case.ts'
import { changedByStoring } from './stored.ts'

const [first = 1, last = first] = process.argv.slice(2).map(Number)

/** A random case may ask for what both refuse, as a grace longer than the history. */
const isTaken = async (spec: CaseSpec): Promise<boolean> => {
  try {
    await drive(ours(spec.topology), { partitions: 1 })
    return true
  } catch (error) {
    console.log(`${spec.name} is refused: ${(error as Error).message}`)
    return false
  }
}

await build()
const specs: CaseSpec[] = []
for (let seed = first; seed <= last; seed++) {
  const spec = randomCase(seed)
  if (await isTaken(spec)) specs.push(spec)
}
const captured = await capture(specs, { inMemory: true })
const changed = await changedByStoring(captured, { inMemory: true })
// Where it met one of its known quirks, our output is different on purpose: those cases are among the deviations.
const standards = captured.filter(({ seed, quirks, fails }) => !changed.has(seed) && quirks.length === 0 && !fails)
let differing = 0
for (const each of standards) {
  const found = difference(each, await run(each))
  if (found === undefined) continue
  differing++
  console.error(`${each.name} differs: ${JSON.stringify(found)}`)
}
console.log(`${standards.length} of ${last - first + 1} cases compared, ${differing} differ`)
if (differing > 0 || standards.length === 0) process.exitCode = 1
