/** Prints the specs of random cases, a line each: `npx tsx test/conformance/generate.ts FIRST_SEED [LAST_SEED]`. */
import { randomCase } from './random/random-case.ts'

const [first, last] = process.argv.slice(2).map(Number)
for (let seed = first ?? 1; seed <= (last ?? first ?? 1); seed += 1) {
  process.stdout.write(`${JSON.stringify(randomCase(seed))}\n`)
}
