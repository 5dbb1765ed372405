import type { Figure } from './figure.ts'
import { measured, rounded } from './results.ts'

// `npm run bench [-- NAME...]`: runs the benchmarks, prints a table and keeps it in results.md; `--json` ends with one line of JSON.

const suites: Readonly<Record<string, () => Promise<{ figures(): Promise<Figure[]> }>>> = {
  topology: () => import('./topology.ts'),
  start: () => import('./start.ts'),
  embedded: () => import('./embedded.ts'),
  desk: () => import('./desk.ts'),
  kafka: () => import('./kafka.ts'),
  codec: () => import('./codec.ts'),
  dashboard: () => import('./dashboard.ts'),
  'schemas-review': () => import('./schemas-review.ts'),
}

const args = process.argv.slice(2)
const wanted = args.filter(arg => !arg.startsWith('--'))
const unknown = wanted.filter(name => !(name in suites))
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}". There are: ${Object.keys(suites).join(', ')}.`)
  process.exit(2)
}

const found: (Figure & { suite: string })[] = []
for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  const { figures } = await suites[name]!()
  for (const figure of await measured(name, figures)) {
    found.push({ suite: name, ...figure })
    const { value, unit, goal, met } = figure
    const verdict = met === undefined ? '' : met ? `  goal ${goal}: met` : `  goal ${goal}: MISSED`
    console.log(`${name.padEnd(16)} ${figure.name.padEnd(56)} ${rounded(value).padStart(12)} ${unit}${verdict}`)
  }
}

if (args.includes('--json'))
  console.log(
    JSON.stringify({ figures: found.map(({ name, value, unit, goal, met }) => ({ name, value, unit, goal, met })) }),
  )
process.exit(found.some(({ met }) => met === false) ? 1 : 0)
