import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { type Defect, defects } from './defects.ts'
import { readLedger, writeLedger } from './ledger.ts'
import { losePower, recorded } from './power/loss.ts'
import { type CrashReport, crash } from './rounds.ts'
import { compiled, remove } from './victim.ts'

// `npm run crash -- embedded --rounds N`: kills the embedded engine N times, plants defects, loses its power, and adds
// what it found to results.md.

const parts = ['kills', 'defects', 'power'] as const
const [engine, ...args] = process.argv.slice(2)
const after = (flag: string): string | undefined => {
  const at = args.indexOf(flag)
  return at < 0 ? undefined : args[at + 1]
}
if (engine === 'kafka') process.exit(await (await import('./kafka/run.ts')).runOnKafka(args))
const rounds = Number(after('--rounds') ?? 100)
const seed = Number(after('--seed') ?? Date.now() % 1_000_000)
const only = after('--only')
const knowsOnly = only === undefined || parts.some(part => part === only)
if (engine !== 'embedded' || !Number.isSafeInteger(rounds) || rounds < 1 || !knowsOnly) {
  console.error('Usage: npm run crash -- embedded [--rounds N] [--seed N] [--only kills|defects|power]')
  console.error(
    '       npm run crash -- kafka [--rounds N] [--seed N] [--faults NAME,...] [--protocol consumer|classic] [--slack N] [--only defects]',
  )
  process.exit(2)
}

const progress = (done: number, voids: number) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${rounds} rounds, ${voids} void `)
}

/** Rounds after which is written down what has been found: a run that is cut short loses no more than these. */
const roundsAtOnce = 30

const added = (one: CrashReport, other: CrashReport): CrashReport => ({
  rounds: one.rounds + other.rounds,
  voids: one.voids + other.voids,
  kills: Object.fromEntries(
    [...Object.keys(one.kills), ...Object.keys(other.kills)].map(kill => [
      kill,
      (one.kills[kill] ?? 0) + (other.kills[kill] ?? 0),
    ]),
  ),
  breaches: [...one.breaches, ...other.breaches],
  restartMs: Math.max(one.restartMs, other.restartMs),
  acknowledged: one.acknowledged + other.acknowledged,
  records: one.records + other.records,
  late: one.late + other.late,
  folders: one.folders + other.folders,
  gone: one.gone + other.gone,
  tookMs: one.tookMs + other.tookMs,
})

/** How many of what must not be was found. */
const killed = async (): Promise<number> => {
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).stdout.trim() || 'unknown'
  const machine = `${cpus().length} cores, Node ${process.versions.node}`
  const about = { date: new Date().toISOString().slice(0, 16), commit, seed, machine }
  const { runs } = readLedger()
  let report: CrashReport | undefined
  while ((report?.rounds ?? 0) < rounds) {
    const done = report?.rounds ?? 0
    const next = await crash({ rounds: Math.min(roundsAtOnce, rounds - done), seed: seed + done, progress })
    report = report === undefined ? next : added(report, next)
    writeLedger({ ...readLedger(), runs: [...runs, { ...report, ...about }] })
    console.log(`${report.rounds} rounds, ${report.voids} void, ${report.breaches.length} breaches`)
    for (const { invariant, at, what } of next.breaches.slice(0, 20)) console.log(`${invariant}, ${at}: ${what}`)
  }
  return report?.breaches.length ?? 0
}

const planted = async (): Promise<number> => {
  let missed = 0
  for (const [defect, invariants] of Object.entries(defects)) {
    const found = await crash({ rounds: 60, seed, defect: defect as Defect, untilBreach: true })
    const by = [...new Set(found.breaches.map(({ invariant }) => invariant))]
    const isCaught = by.some(invariant => (invariants as readonly string[]).includes(invariant))
    if (!isCaught) missed++
    const how = isCaught ? `yes, by ${by.join(', ')} after ${found.rounds} rounds` : '**no**'
    const ledger = readLedger()
    writeLedger({ ...ledger, defects: { ...ledger.defects, [defect]: how } })
    console.log(`${defect}: caught ${how}`)
  }
  return missed
}

const unpowered = async (): Promise<number> => {
  const build = compiled()
  const events = recorded(build)
  if (events === undefined) {
    writeLedger({
      ...readLedger(),
      power: ['Power loss: not examined, for system calls cannot be watched here (strace).'],
    })
    return 1
  }
  const loss = await losePower(events, { build, subsets: 200, seed })
  const broken = await losePower(events.slice(0, 60), { build, subsets: 20, seed, neverFlushes: true })
  remove(build)
  const caught = broken.breaches.length > 0
  const power = [
    `Power loss: ${loss.calls} system calls with ${loss.syncs} flushes were recorded; ${loss.images} images of the disk (from the moment on at which the folder had been made: every prefix with all and with nothing of what was not flushed, and 200 random subsets of its sectors) were opened, checked and written to: ${loss.breaches.length} breaches.`,
    `An engine that never flushes is ${caught ? `caught, in ${broken.breaches.length} of ${broken.images} images` : '**not caught**'}.`,
    ...loss.breaches.slice(0, 10),
  ]
  writeLedger({ ...readLedger(), power })
  console.log(power.join('\n'))
  return loss.breaches.length + (caught ? 0 : 1)
}

const works = { kills: killed, defects: planted, power: unpowered }
let wrong = 0
for (const part of parts) if (only === undefined || only === part) wrong += await works[part]()
process.exit(wrong > 0 ? 1 : 0)
