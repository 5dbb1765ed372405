import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { type Defect, defects } from './defects.ts'
import { losePower, recorded } from './power/loss.ts'
import { type CrashReport, crash } from './rounds.ts'
import { compiled, remove } from './victim.ts'

// `npm run crash -- embedded --rounds N`: kills the embedded engine N times, prints a report and writes it to results.md.

const [engine, ...args] = process.argv.slice(2)
const after = (flag: string): string | undefined => {
  const at = args.indexOf(flag)
  return at < 0 ? undefined : args[at + 1]
}
const rounds = Number(after('--rounds') ?? 100)
const seed = Number(after('--seed') ?? Date.now() % 1_000_000)
if (engine !== 'embedded' || !Number.isSafeInteger(rounds) || rounds < 1) {
  console.error('Usage: npm run crash -- embedded [--rounds N] [--seed N]')
  process.exit(2)
}

const progress = (done: number, voids: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${rounds} rounds, ${voids} void `)
}

const shown = (report: CrashReport): string[] => [
  `- ${report.rounds} rounds counted, ${report.voids} were void (nothing was left to do, or the kill missed) and were repeated`,
  `- ${report.records} records taken and ${report.acknowledged} appends acknowledged, ${report.late} records too late for their window`,
  `- ${report.folders} folders were healed, read to their end and compared with a run without crashes`,
  `- first commit after a restart: within ${Math.ceil(report.restartMs)} ms`,
  `- breaches of the invariants: ${report.breaches.length}${report.breaches.length > 0 ? '' : ` (with 95 % confidence fewer than one in ${Math.floor(report.rounds / 3)} kills)`}`,
  ...report.breaches.slice(0, 20).map(({ invariant, what, at }) => `  - ${invariant}, ${at}: ${what}`),
]

const report = await crash({ rounds, seed, progress })
console.log(['', ...shown(report)].join('\n'))

const caught: string[] = []
let missed = 0
for (const [defect, invariants] of Object.entries(defects)) {
  const found = await crash({ rounds: 60, seed, defect: defect as Defect, untilBreach: true })
  const by = [...new Set(found.breaches.map(({ invariant }) => invariant))]
  const isCaught = by.some(invariant => (invariants as readonly string[]).includes(invariant))
  if (!isCaught) missed++
  caught.push(`| ${defect} | ${isCaught ? `yes, by ${by.join(', ')} after ${found.rounds} rounds` : '**no**'} |`)
  console.log(caught.at(-1))
}

const build = compiled()
const events = recorded(build)
const loss = events && (await losePower(events, { build, subsets: 200, seed }))
const broken = events && (await losePower(events.slice(0, 60), { build, subsets: 20, seed, neverFlushes: true }))
remove(build)
const power =
  loss === undefined || broken === undefined
    ? ['Power loss: not examined, for system calls cannot be watched here (strace).']
    : [
        `Power loss: ${loss.calls} system calls with ${loss.syncs} flushes were recorded; ${loss.images} images of the disk (every prefix with all and with nothing of what was not flushed, and 200 random subsets of its sectors) were opened, checked and written to: ${loss.breaches.length} breaches.`,
        `An engine that never flushes is ${broken.breaches.length > 0 ? `caught, in ${broken.breaches.length} of ${broken.images} images` : '**not caught**'}.`,
        ...loss.breaches.slice(0, 10),
      ]
console.log(power.join('\n'))
if (loss && loss.breaches.length > 0) missed++

const kills = Object.entries(report.kills)
  .sort()
  .map(([kill, times]) => `| ${kill} | ${times} |`)
writeFileSync(
  new URL('results.md', import.meta.url),
  [
    '# Crashes of the embedded engine',
    '',
    `Written by \`npm run crash -- embedded --rounds ${rounds} --seed ${seed}\` on ${cpus().length} cores, Node ${process.versions.node}, in ${Math.round(report.tookMs / 1_000)} s.`,
    'Runners and producers are real processes, ended by SIGKILL; after each kill an oracle without a line of the library replays the input.',
    '',
    ...shown(report),
    '',
    '| killed | rounds |',
    '|---|---|',
    ...kills,
    '',
    '| planted defect | caught |',
    '|---|---|',
    ...caught,
    '',
    ...power,
    '',
  ].join('\n'),
)
process.exit(report.breaches.length > 0 || missed > 0 ? 1 : 0)
