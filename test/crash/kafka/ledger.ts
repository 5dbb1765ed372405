import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { type FaultName, faults } from './faults.ts'
import type { Torment } from './torment.ts'

// What has been examined on Kafka so far: every run adds to results.json here.

/** One run: who can repeat it needs its commit and its seed. */
export interface Run extends Torment {
  readonly date: string
  readonly commit: string
  readonly seed: number
  readonly protocol: string
  /** How many times the limits of time were allowed. */
  readonly slack: number
  readonly tookMs: number
  /** What its breaches came from, and what was done: written by whoever found out. */
  readonly cause?: string
  /** What was seen beside, written by hand. */
  readonly remark?: string
}

const json = new URL('results.json', import.meta.url)
const defectsJson = new URL('defects.json', import.meta.url)

const known = (): readonly Run[] => (existsSync(json) ? (JSON.parse(readFileSync(json, 'utf8')) as Run[]) : [])

export const addRun = (run: Run): void => writeFileSync(json, `${JSON.stringify([...known(), run], undefined, 1)}\n`)

/** By defect: how it was caught the last time. */
const knownDefects = (): Readonly<Record<string, string>> =>
  existsSync(defectsJson) ? (JSON.parse(readFileSync(defectsJson, 'utf8')) as Record<string, string>) : {}

export const addDefect = (defect: string, how: string): void =>
  writeFileSync(defectsJson, `${JSON.stringify({ ...knownDefects(), [defect]: how }, undefined, 2)}\n`)

const sum = (runs: readonly Run[], of: (run: Run) => number): number => runs.reduce((all, run) => all + of(run), 0)

/** For results.md. */
export const kafkaLines = (): readonly string[] => {
  const runs = known()
  if (runs.length === 0) return []
  const names = (Object.keys(faults) as FaultName[]).filter(name => runs.some(run => run.counts[name]))
  const longest = (name: FaultName): number => Math.max(...runs.map(run => run.goesOnMs[name] ?? 0))
  const times = (name: FaultName): number => sum(runs, run => run.counts[name] ?? 0)
  return [
    '# Faults on Kafka',
    '',
    `Written by \`npm run crash -- kafka [--rounds N] [--faults NAME,...] [--only defects]\`, each run adds to it; the last one on ${cpus().length} cores, Node ${process.versions.node}.`,
    'Three runners on a real broker are tormented while records keep coming; then all is healed, and an oracle without a line of the library replays the input.',
    'Slack is how many times the limits of time were allowed, where the machine had other work, too.',
    '',
    `- ${sum(runs, run => names.reduce((all, name) => all + (run.counts[name] ?? 0), 0))} faults; ${sum(runs, run => run.killed)} processes were ended by SIGKILL, ${times('zombie') + 2 * times('two zombies')} were frozen until others had their partitions; ${sum(runs, run => run.voids)} faults missed and were repeated; ${sum(runs, run => run.vainStarts ?? 0)} starts found no broker, said so and were repeated`,
    `- ${sum(runs, run => run.acknowledged)} records acknowledged, ${sum(runs, run => run.taken)} taken by the tasks, ${sum(runs, run => run.late)} too late for their window, ${sum(runs, run => run.buried ?? 0)} that could not be handled and became dead letters`,
    `- the most that a runner held: ${Math.ceil(Math.max(...runs.map(run => run.memoryMb ?? 0)))} MB of memory (RssAnon) and ${Math.max(...runs.map(run => run.files ?? 0))} open files`,
    `- breaches of the invariants: ${sum(runs, run => run.breaches.length)}`,
    ...runs.flatMap(({ breaches, cause, seed }) =>
      breaches.map(({ invariant, what, at }) => {
        const came = cause === undefined ? '' : `. Cause: ${cause}`
        return `  - ${invariant}, seed ${seed}, ${at}: ${what.split('\n')[0]!.slice(0, 160)}${came}`
      }),
    ),
    ...runs.flatMap(({ remark, seed }) => (remark === undefined ? [] : [`- seed ${seed}: ${remark}`])),
    '',
    '| fault | times | every partition went on within |',
    '|---|---|---|',
    ...names.map(name => `| ${name} | ${times(name)} | ${Math.ceil(longest(name))} ms |`),
    '',
    '| planted defect | caught |',
    '|---|---|',
    ...Object.entries(knownDefects()).map(([defect, how]) => `| ${defect} | ${how} |`),
    '',
    '| run | commit | seed | protocol | slack | breaches | seconds |',
    '|---|---|---|---|---|---|---|',
    ...runs.map(
      ({ date, commit, seed, protocol, slack, breaches, tookMs }) =>
        `| ${date} | ${commit} | ${seed} | ${protocol} | ${slack} | ${breaches.length} | ${Math.round(tookMs / 1_000)} |`,
    ),
  ]
}
